import type { Clock } from "@vigil/core";

export interface FakeClock extends Clock {
  /** Lets time pass; timers that come due run in order, each at its own time. */
  advance(ms: number): void;
  /** Like `advance`, and lets promises settle before time starts, after each timer and at the end. */
  run(ms: number): Promise<void>;
  /** Timers that have not run yet. */
  readonly pending: number;
  /** Those of them that come due within so many milliseconds: waits, as against time limits. */
  pendingWithin(ms: number): number;
}

interface Timer {
  readonly dueMs: number;
  readonly fn: () => void;
}

/** A clock that stands still until a test moves it. `startMs` is what `now()` says at first. */
export function createFakeClock(startMs = Date.UTC(2026, 10, 22, 8)): FakeClock {
  let elapsedMs = 0;
  const timers = new Set<Timer>();
  /** Takes the earliest timer that is due by `untilMs`; of several at one time, the oldest. */
  const takeDue = (untilMs: number): Timer | null => {
    let next: Timer | null = null;
    for (const timer of timers) {
      if (timer.dueMs <= untilMs && (next === null || timer.dueMs < next.dueMs)) next = timer;
    }
    if (next !== null) timers.delete(next);
    return next;
  };
  const fire = ({ dueMs, fn }: Timer) => {
    elapsedMs = Math.max(elapsedMs, dueMs);
    fn();
  };
  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    after(ms, fn) {
      const timer = { dueMs: elapsedMs + Math.max(0, ms), fn };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const untilMs = elapsedMs + ms;
      for (let due = takeDue(untilMs); due !== null; due = takeDue(untilMs)) fire(due);
      elapsedMs = untilMs;
    },
    async run(ms) {
      const untilMs = elapsedMs + ms;
      await settled();
      for (let due = takeDue(untilMs); due !== null; due = takeDue(untilMs)) {
        fire(due);
        await settled();
      }
      elapsedMs = untilMs;
    },
    get pending() {
      return timers.size;
    },
    pendingWithin(ms) {
      return [...timers].filter(({ dueMs }) => dueMs <= elapsedMs + ms).length;
    },
  };
}

export interface WaitedClock extends Clock {
  /** Moves on to so many milliseconds after the start, if that is yet to come. */
  set(elapsedMs: number): void;
}

/** Time passes when someone waits for it, and at no other time: for loops that wait and look. */
export function createWaitedClock(startMs = Date.UTC(2026, 10, 22, 8)): WaitedClock {
  let elapsedMs = 0;
  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    after(ms, fn) {
      const timer = setImmediate(() => {
        elapsedMs += ms;
        fn();
      });
      return () => clearImmediate(timer);
    },
    set(ms) {
      elapsedMs = Math.max(elapsedMs, ms);
    },
  };
}

/** Promise callbacks, and the promises that they make, have run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
