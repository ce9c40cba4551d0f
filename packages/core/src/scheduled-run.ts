import type { Target } from "./config/index.ts";
import type { ToolLists } from "./drift/index.ts";
import { dueExtras } from "./due-extras.ts";
import type { ExtraStep } from "./extra-steps.ts";
import type { Era } from "./run.ts";
import { scheduledRunMs } from "./run-time.ts";
import type { TargetState } from "./state.ts";

/** When and with what knowledge a target is due. */
export interface Due {
  readonly previous: TargetState | null;
  /** The accepted tools; null while there are none. */
  readonly baseline: ToolLists | null;
  /** ISO 8601. */
  readonly scheduledAt: string;
  /** `clock.monotonic()` as the run starts. */
  readonly startMs: number;
  /** `clock.monotonic()` by which every run has ended; without it the run's own time is the limit. */
  readonly latestMs?: number;
}

/** How a scheduled run is carried out, wherever the schedule is kept. */
export interface ScheduledRun {
  readonly kind: "scheduled";
  readonly scheduledAt: string;
  readonly deadline: number;
  readonly eraHint: Era | null;
  readonly baseline: ToolLists | null;
  readonly knownDown: boolean;
  readonly extras: readonly ExtraStep[];
  readonly confirm: true;
}

export function scheduledRun(target: Target, due: Due): ScheduledRun {
  const { previous, baseline, scheduledAt, startMs, latestMs = Number.POSITIVE_INFINITY } = due;
  const extras = dueExtras(target, previous, scheduledAt);
  return {
    kind: "scheduled",
    scheduledAt,
    // A target that no time is left for is told as deadline-exhausted.
    deadline: Math.min(latestMs, startMs + scheduledRunMs(target, extras)),
    eraHint: previous?.era ?? null,
    baseline,
    knownDown: previous?.status === "down",
    extras,
    confirm: true,
  };
}
