import {
  type AttemptCounts,
  countAttempts,
  type HourRollup,
  type LatencySummary,
  periodsOf,
  summarise,
  type TimeWindow,
} from "@vigil/core";

/** A day of UTC, all vantages together. */
export interface DayRow {
  /** Epoch milliseconds of its start. */
  readonly from: number;
  readonly runs: number;
  readonly counts: AttemptCounts;
  /** Without runs inside a deployment's gap window. */
  readonly gapExcluded: AttemptCounts;
  readonly degraded: number;
  /** Runs by failure mode, most frequent first. */
  readonly modes: Readonly<Record<string, number>>;
  readonly latency: LatencySummary;
}

/** Days that have a run. One that is over never changes again, so who keeps it need not ask twice. */
export function dayRows(rollups: readonly HourRollup[], window: TimeWindow): readonly DayRow[] {
  return periodsOf(rollups, "day", window).flatMap(({ from, to, rollups: hours }) => {
    const { runs, effective, modes, latency } = summarise(hours);
    if (runs === 0) return [];
    const { raw: counts, gapExcluded } = countAttempts(hours, { from, to });
    return [{ from, runs, counts, gapExcluded, degraded: effective.degraded, modes, latency }];
  });
}
