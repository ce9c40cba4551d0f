import type { Clock } from "@vigil/core";

export interface TimeLimit<T> {
  readonly clock: Pick<Clock, "monotonic" | "after">;
  /** `clock.monotonic()` from when on the work is waited for no longer. */
  readonly until: number;
  /** What the work then comes to; it may reject. */
  readonly late: () => Promise<T>;
}

/**
 * What the work comes to, in time. Work that is late is not stopped: what it still writes is written
 * on conditions, and replay finds it there.
 */
export function inTime<T>(work: Promise<T>, { clock, until, late }: TimeLimit<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(until - clock.monotonic(), () => resolve(late()));
    work.then(resolve, reject).finally(cancel);
  });
}
