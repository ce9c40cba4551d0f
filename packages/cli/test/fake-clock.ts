import type { Clock } from "@vigil/core";

export interface FakeClock extends Clock {
  /** Moves time on, firing timers in order at their own times; lets promises settle in between. */
  advance(ms: number): Promise<void>;
  /** Time passes and no timer gets its turn: a blocked event loop. */
  block(ms: number): void;
  /** The wall clock is set anew; the monotonic one does not notice. */
  setWall(ms: number): void;
}

export function createFakeClock(startMs = 0): FakeClock {
  let mono = 0;
  let wallOffset = startMs;
  let timers: { readonly at: number; readonly fn: () => void }[] = [];

  async function settle(): Promise<void> {
    for (let i = 0; i < 20; i += 1) {
      await Promise.resolve();
    }
  }

  return {
    now: () => mono + wallOffset,
    monotonic: () => mono,
    after(ms, fn) {
      const timer = { at: mono + Math.max(0, ms), fn };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(ms) {
      const end = mono + ms;
      await settle();
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) {
          break;
        }
        timers = timers.filter((other) => other !== due);
        mono = Math.max(mono, due.at);
        due.fn();
        await settle();
      }
      mono = Math.max(mono, end);
    },
    block(ms) {
      mono += ms;
    },
    setWall(ms) {
      wallOffset = ms - mono;
    },
  };
}
