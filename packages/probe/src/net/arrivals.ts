import { performance } from "node:perf_hooks";
import type { Clock } from "@vigil/core";
import { systemClock } from "../clock.ts";

/** When bytes came in, however many runs share the event loop. */
export interface Arrivals {
  /**
   * When that came in which is being read now, and which cannot have come before `sinceMs`. Both are
   * readings of `clock.monotonic()`.
   */
  stamp(sinceMs: number): number;
}

export interface ArrivalsOptions {
  readonly clock: Clock;
  /** For how long the event loop has waited for something to do, so far. */
  readonly idleMs: () => number;
  /** Calls back once the sockets of this turn of the event loop are read. */
  readonly endOfTurn?: (fn: () => void) => void;
}

const byClock = new WeakMap<Clock, Arrivals>();

/** The stamps of a clock, shared by all who read it. */
export function arrivalsOf(clock: Clock): Arrivals {
  const known = byClock.get(clock);
  if (known !== undefined) return known;
  // The loop waits in the machine's time: for any other clock, it has always waited.
  const idleMs =
    clock === systemClock ? () => performance.eventLoopUtilization().idle : () => Number.NaN;
  const arrivals = createArrivals({ clock, idleMs });
  byClock.set(clock, arrivals);
  return arrivals;
}

/** The time between which and which all that is read in one turn of the event loop came in. */
interface Turn {
  readonly fromMs: number;
  readonly readMs: number;
}

/**
 * One poll of the sockets brings the answers of many runs, which are read one after the other: all
 * were there when the first was read. And if the poll did not have to wait, they came while the loop
 * was at work on the poll before; nobody can tell when, so that the middle of that time is taken.
 */
export function createArrivals(options: ArrivalsOptions): Arrivals {
  const { clock, idleMs, endOfTurn = setImmediate } = options;
  let turn: Turn | null = null;
  let lastReadMs = 0;
  let lastIdleMs = Number.NaN;

  function begin(): Turn {
    const readMs = clock.monotonic();
    const waited = idleMs() !== lastIdleMs;
    const fromMs = waited ? readMs : lastReadMs;
    lastReadMs = readMs;
    endOfTurn(() => {
      turn = null;
      lastIdleMs = idleMs();
    });
    return { fromMs, readMs };
  }

  return {
    stamp(sinceMs) {
      turn ??= begin();
      const earliestMs = Math.max(turn.fromMs, sinceMs);
      return (earliestMs + Math.max(turn.readMs, earliestMs)) / 2;
    },
  };
}
