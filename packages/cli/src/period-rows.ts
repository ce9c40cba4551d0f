import {
  type AttemptCounts,
  type Coverage,
  countAttempts,
  coverageOf,
  coveredSpans,
  type HourRollup,
  type Period,
  periodsOf,
  type RollupSummary,
  sliOf,
  summarise,
  type TimeWindow,
  type WindowCounts,
} from "@vigil/core";

/** What a stretch of time held. */
export interface Stretch {
  readonly window: TimeWindow;
  readonly counts: WindowCounts;
  readonly summary: RollupSummary;
  readonly coverage: Coverage;
}

export interface StretchesInput {
  readonly rollups: readonly HourRollup[];
  readonly firstRunAt: number | null;
  readonly window: TimeWindow;
  readonly by: Period;
}

export interface Stretches {
  /** Oldest first. */
  readonly rows: readonly Stretch[];
  readonly whole: Stretch;
}

/** The window by hour or day, and as a whole; from the target's first run on. */
export function stretchesOf({ rollups, firstRunAt, window, by }: StretchesInput): Stretches {
  const spans = coveredSpans(rollups);
  const stretch = (within: TimeWindow, part: readonly HourRollup[]): Stretch => ({
    window: within,
    counts: countAttempts(part, within),
    summary: summarise(part),
    // The hour or day that goes on has not passed yet.
    coverage: coverageOf({
      spans,
      window: { ...within, to: Math.min(within.to, window.to) },
      firstRunAt,
    }),
  });
  const from = Math.max(window.from, firstRunAt ?? window.to);
  const rows = periodsOf(rollups, by, { from, to: window.to });
  return {
    rows: rows.map((period) => stretch(period, period.rollups)),
    whole: stretch({ from: rows[0]?.from ?? window.from, to: window.to }, rollups),
  };
}

/** A row as `--json` prints it. */
export function rowJson({ window, counts, summary, coverage }: Stretch, subject: object): object {
  const { latency, effective, modes } = summary;
  return {
    schema: 1,
    ...subject,
    from: new Date(window.from).toISOString(),
    to: new Date(window.to).toISOString(),
    runs: summary.runs,
    ...attemptsJson(counts.raw),
    gapExcluded: attemptsJson(counts.gapExcluded),
    ...latency,
    statuses: effective,
    modes,
    coverage: coverageJson(coverage),
  };
}

export function attemptsJson(counts: AttemptCounts): object {
  const sli = sliOf(counts);
  return { ...counts, sli: sli === null ? null : round(sli) };
}

export function coverageJson({ ratio, missingMinutes }: Coverage): object {
  return { ratio: ratio === null ? null : round(ratio), missingMinutes };
}

function round(share: number): number {
  return Math.round(share * 1e6) / 1e6;
}
