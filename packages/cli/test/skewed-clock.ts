import { createFakeClock, type FakeClock } from "@vigil/testkit";

export interface SkewedClock extends FakeClock {
  /** Time passes and no timer gets its turn: all of them come so much later. */
  block(ms: number): void;
  /** The wall clock is set anew; the monotonic one does not notice. */
  setWall(epochMs: number): void;
}

/** The fake clock, with what machines do to clocks. */
export function createSkewedClock(startMs: number): SkewedClock {
  const clock = createFakeClock(startMs);
  let blockedMs = 0;
  let wallSkewMs = 0;
  const now = () => clock.now() + blockedMs + wallSkewMs;
  return {
    now,
    monotonic: () => clock.monotonic() + blockedMs,
    after: clock.after,
    advance: clock.advance,
    run: clock.run,
    get pending() {
      return clock.pending;
    },
    pendingWithin: clock.pendingWithin,
    block(ms) {
      blockedMs += ms;
    },
    setWall(epochMs) {
      wallSkewMs += epochMs - now();
    },
  };
}
