import { type Coverage, coverageOf, coveredSpans } from "./coverage.ts";
import { HOUR_MS, type HourRollup } from "./rollup.ts";
import {
  type AttemptCounts,
  burnRate,
  countAttempts,
  type ErrorBudget,
  errorBudget,
  sliOf,
  type TimeWindow,
} from "./sli.ts";

/** What an objective is looked at over, shortest first. The last one's budget is the budget. */
export const SLO_WINDOWS = [
  { name: "1h", lengthMs: HOUR_MS },
  { name: "6h", lengthMs: 6 * HOUR_MS },
  { name: "24h", lengthMs: 24 * HOUR_MS },
  { name: "30d", lengthMs: 720 * HOUR_MS },
] as const;
export type SloWindowName = (typeof SLO_WINDOWS)[number]["name"];
export const BUDGET_WINDOW = SLO_WINDOWS[3];

/** What a set of first attempts says of the objective; see `sliOf` and `burnRate`. */
export interface Attainment extends AttemptCounts {
  readonly sli: number | null;
  readonly burnRate: number | null;
}

export interface SloWindowReport {
  readonly name: SloWindowName;
  readonly window: TimeWindow;
  readonly raw: Attainment;
  readonly gapExcluded: Attainment;
  readonly coverage: Coverage;
}

export interface SloReport {
  readonly objective: number;
  readonly windows: readonly SloWindowReport[];
  readonly budget: { readonly raw: ErrorBudget; readonly gapExcluded: ErrorBudget };
}

export interface SloQuestion {
  /** All hours that reach into the longest window. */
  readonly rollups: readonly HourRollup[];
  /** Percent of good runs to be kept. */
  readonly objective: number;
  /** Epoch milliseconds; every window ends here. */
  readonly now: number;
  readonly firstRunAt: number | null;
}

export function sloReport({ rollups, objective, now, firstRunAt }: SloQuestion): SloReport {
  const spans = coveredSpans(rollups);
  const windows = SLO_WINDOWS.map(({ name, lengthMs }) => {
    const window = { from: now - lengthMs, to: now };
    const { raw, gapExcluded } = countAttempts(rollups, window);
    return {
      name,
      window,
      raw: attainment(raw, objective),
      gapExcluded: attainment(gapExcluded, objective),
      coverage: coverageOf({ spans, window, firstRunAt }),
    };
  });
  const { raw, gapExcluded } = countAttempts(rollups, {
    from: now - BUDGET_WINDOW.lengthMs,
    to: now,
  });
  const budget = (counts: AttemptCounts) =>
    errorBudget({ counts, objective, runMs: meanRunMs(rollups) });
  return { objective, windows, budget: { raw: budget(raw), gapExcluded: budget(gapExcluded) } };
}

function attainment(counts: AttemptCounts, objective: number): Attainment {
  return { ...counts, sli: sliOf(counts), burnRate: burnRate(counts, objective) };
}

/** Time that a run stands for, on average: the interval may have been changed within the window. */
function meanRunMs(rollups: readonly HourRollup[]): number {
  const runs = rollups.reduce((sum, { seen }) => sum + seen.length, 0);
  const coveredMs = rollups.reduce((sum, rollup) => sum + rollup.coveredMs, 0);
  return runs === 0 ? 0 : coveredMs / runs;
}
