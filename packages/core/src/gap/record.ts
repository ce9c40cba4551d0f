import type { RunRecord } from "../verdict.ts";
import { effectiveStatus } from "../verdict-order.ts";
import type { GapWindow } from "./types.ts";

/** What clients met in a window, as far as it was measured. */
export interface GapEvidence {
  readonly runs: number;
  readonly failures: number;
  /** The longest run, first attempts only; null without runs. */
  readonly slowestMs: number | null;
  /** Runs on which a cold start was proven, by a server's word or a log line. */
  readonly coldStarts: number;
  /** Invocations beyond the allocation, by AWS's count; null where nobody could ask. */
  readonly spillover: number | null;
}

/** A window as history keeps it, from its opening on. */
export interface GapRecord extends GapWindow {
  readonly target: string;
  /** Null while the window is open, and when the runs could not be read. */
  readonly evidence: GapEvidence | null;
}

/** Whether a run began between the bounds of the window, taken at their widest. */
export function isInside({ start, openedAt, end }: GapWindow, startedAt: string): boolean {
  const at = Date.parse(startedAt);
  const from = Date.parse(start.notBefore ?? openedAt);
  return at >= from && (end === null || at <= Date.parse(end.notAfter));
}

export function gapEvidence(runs: readonly RunRecord[], spillover: number | null): GapEvidence {
  const durations = runs.map(({ durationMs }) => durationMs);
  return {
    runs: runs.length,
    failures: runs.filter((run) => effectiveStatus(run) === "down").length,
    slowestMs: durations.length === 0 ? null : Math.max(...durations),
    coldStarts: runs.filter(({ coldStart }) => coldStart === true).length,
    spillover,
  };
}
