export const SESSION_TTL_MS = 30 * 60_000;
/** A warm environment may live for hours, and clients seldom say good-bye. */
export const MAX_SESSIONS = 500;

interface Closable {
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly ttlMs?: number;
  readonly max?: number;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
}

/**
 * Sessions in the memory of one process: bounded in number, forgotten when unused. What is evicted
 * is closed, so that its transport holds no stream.
 */
export class SessionRegistry<T extends Closable> {
  readonly #sessions = new Map<string, { readonly session: T; lastUsed: number }>();
  readonly #options: Required<SessionOptions>;

  constructor({ ttlMs = SESSION_TTL_MS, max = MAX_SESSIONS, now }: SessionOptions) {
    this.#options = { ttlMs, max, now };
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** The session, marked as used; undefined when it is unknown or has run out. */
  get(id: string): T | undefined {
    this.#evictStale();
    const entry = this.#sessions.get(id);
    if (entry === undefined) return undefined;
    entry.lastUsed = this.#options.now();
    // The map keeps the order of use: the first is the one unused for longest.
    this.#sessions.delete(id);
    this.#sessions.set(id, entry);
    return entry.session;
  }

  set(id: string, session: T): void {
    this.#evictStale();
    this.#sessions.set(id, { session, lastUsed: this.#options.now() });
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= this.#options.max) break;
      this.#evict(oldest);
    }
  }

  delete(id: string): void {
    this.#sessions.delete(id);
  }

  closeAll(): void {
    for (const id of this.#sessions.keys()) this.#evict(id);
  }

  #evictStale(): void {
    const cutoff = this.#options.now() - this.#options.ttlMs;
    for (const [id, { lastUsed }] of this.#sessions) {
      if (lastUsed > cutoff) break;
      this.#evict(id);
    }
  }

  #evict(id: string): void {
    const entry = this.#sessions.get(id);
    this.#sessions.delete(id);
    entry?.session.close().catch(() => {});
  }
}
