import type { Clock } from "@vigil/core";

/** How often the watch looks: shorter absences are not worth a word. */
const TICK_MS = 20;

export interface LoopWatch {
  /** How long bytes that are read now may have lain unread, because this process did other things. */
  readonly lateMs: () => number;
  readonly stop: () => void;
}

/** Watches the event loop by a timer that comes late whenever the loop does. */
export function watchLoop(clock: Clock): LoopWatch {
  let tickedAt = clock.monotonic();
  let away = { untilMs: tickedAt, ms: 0 };
  let cancel = clock.after(TICK_MS, tick);
  function tick(): void {
    const now = clock.monotonic();
    away = { untilMs: now, ms: now - tickedAt - TICK_MS };
    tickedAt = now;
    cancel = clock.after(TICK_MS, tick);
  }
  return {
    lateMs() {
      const now = clock.monotonic();
      // Timers run before sockets are read: the tick that came late may have been just now.
      const justAway = now - away.untilMs < TICK_MS ? away.ms : 0;
      return Math.max(0, justAway, now - tickedAt - TICK_MS);
    },
    stop: () => cancel(),
  };
}
