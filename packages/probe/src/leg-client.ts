/**
 * One era's client as the driver needs it. Promises settle when the official SDK is done; what
 * came of a request is read from the recorder, never from these promises' errors.
 */
export interface LegClient {
  /** `initialize` and `notifications/initialized`, or `server/discover`. */
  negotiate(): Promise<unknown>;
  listTools(cursor: string | null): Promise<unknown>;
  callTool(name: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Calls a tool and asks for its progress, which makes servers that can stream do so. */
  streamTool(name: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** What a client opens its own stream with: GET, in the session if there is one. */
  get(url: URL, signal: AbortSignal): Promise<Response>;
  /** Ends the session at the server; null when there is none to end. */
  endSession(): Promise<unknown> | null;
  close(): Promise<unknown>;
}

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

export interface LegClientOptions {
  readonly url: URL;
  readonly fetch: Fetch;
  /** As `fetch`, and lets through the GET that the SDKs must not send. */
  readonly send: Fetch;
  readonly version: string;
}

/** The SDKs' own time-outs are put out of reach: the probe's deadline rules, and it alone. */
export const SDK_TIMEOUT_MS = 2_147_483_647;

/** An early stream end is resumed soon and twice at most, within the step's time. */
export const RECONNECTION = {
  initialReconnectionDelay: 250,
  maxReconnectionDelay: 1_000,
  reconnectionDelayGrowFactor: 2,
  maxRetries: 2,
};

/** Progress is read off the wire; asking for it is what matters. */
export const ASK_FOR_PROGRESS = { onprogress: () => {} };

export const CLIENT_NAME = "vigil";

/** The form of a validation that both SDKs share; the second half never happens here. */
type Validation<T> =
  | { valid: true; data: T; errorMessage: undefined }
  | { valid: false; data: undefined; errorMessage: string };

/** Output schemas are between a tool's author and its callers; the sentinel's expectation is ours. */
export const NO_SCHEMA_VALIDATION = {
  getValidator<T>(_schema: object): (input: unknown) => Validation<T> {
    return (input) => ({ valid: true, data: input as T, errorMessage: undefined });
  },
};
