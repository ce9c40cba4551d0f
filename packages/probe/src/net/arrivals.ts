import type { Clock } from "@vigil/core";

/**
 * When bytes came in, however many runs share the event loop. One poll of the sockets brings the
 * answers of many runs, which are then read one after the other: the last of them would seem as
 * late as the reading of all others took. They were all there when the first was read.
 */
export interface Arrivals {
  /** `clock.monotonic()` at the first arrival of this turn of the event loop. */
  stamp(): number;
}

const byClock = new WeakMap<Clock, Arrivals>();

/** The stamps of a clock, shared by all who read it. */
export function arrivalsOf(clock: Clock): Arrivals {
  const known = byClock.get(clock);
  if (known !== undefined) return known;
  const arrivals = createArrivals(clock);
  byClock.set(clock, arrivals);
  return arrivals;
}

/** `endOfTurn` calls back once the sockets of this turn are read. */
export function createArrivals(
  clock: Clock,
  endOfTurn: (fn: () => void) => void = setImmediate,
): Arrivals {
  let atMs: number | null = null;
  return {
    stamp() {
      if (atMs === null) {
        atMs = clock.monotonic();
        endOfTurn(() => {
          atMs = null;
        });
      }
      return atMs;
    },
  };
}
