/** What the opening request settles for a session. */
export interface OpeningSession {
  readonly protocolVersion: string;
  readonly clientInfo: object;
  readonly capabilities: object;
}

/**
 * Sessions that every environment knows, in a store outside of all of them. Each call may reject,
 * with the store's own error.
 */
export interface SharedSessions {
  /** Opens a session and gives its id. */
  open(opening: OpeningSession): Promise<string>;
  /** Marks the session as used; false when it is unknown or has run out. */
  use(id: string): Promise<boolean>;
  /** Ends the session; false when there was none to end. */
  end(id: string): Promise<boolean>;
}
