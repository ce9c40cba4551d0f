/** Time as the project takes it: injected, so that tests own it. */
export interface Clock {
  /** Epoch milliseconds: for timestamps that people read. */
  now(): number;
  /** Milliseconds that only go forward: for durations and deadlines. */
  monotonic(): number;
  /** Calls `fn` after `ms`; the returned function cancels it. */
  after(ms: number, fn: () => void): () => void;
}
