import type { HourRollup, Offsets } from "./rollup.ts";

/** First attempts; unknown ones count for neither side. */
export interface AttemptCounts {
  readonly good: number;
  readonly bad: number;
  readonly unknown: number;
}

export interface WindowCounts {
  readonly raw: AttemptCounts;
  /** Without the runs that fell into a deployment's gap window. */
  readonly gapExcluded: AttemptCounts;
}

/** Epoch milliseconds. */
export interface TimeWindow {
  /** Inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Counts the runs that were scheduled within the window, exactly, also where it cuts an hour. */
export function countAttempts(rollups: readonly HourRollup[], window: TimeWindow): WindowCounts {
  const raw = { good: 0, bad: 0, unknown: 0 };
  const inGap = { good: 0, bad: 0, unknown: 0 };
  for (const rollup of rollups) {
    const hour = hourWithin(rollup, window);
    add(raw, hour, hour.seen);
    add(inGap, hour, hour.inGap);
  }
  return {
    raw,
    gapExcluded: {
      good: raw.good - inGap.good,
      bad: raw.bad - inGap.bad,
      unknown: raw.unknown - inGap.unknown,
    },
  };
}

interface Hour {
  readonly seen: Offsets;
  readonly down: ReadonlySet<number>;
  readonly unknown: ReadonlySet<number>;
  readonly inGap: Offsets;
}

function hourWithin({ hour, seen, notUp, inGap }: HourRollup, { from, to }: TimeWindow): Hour {
  const start = Date.parse(hour);
  const isWithin = (offset: number) => start + offset >= from && start + offset < to;
  return {
    seen: seen.filter(isWithin),
    down: new Set(notUp.down),
    unknown: new Set(notUp.unknown),
    inGap: inGap.filter(isWithin),
  };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function add(counts: Mutable<AttemptCounts>, { down, unknown }: Hour, offsets: Offsets): void {
  for (const offset of offsets) {
    if (down.has(offset)) counts.bad += 1;
    else if (unknown.has(offset)) counts.unknown += 1;
    else counts.good += 1;
  }
}

/** Good attempts out of those that could be judged, from 0 to 1; null when there are none. */
export function sliOf({ good, bad }: AttemptCounts): number | null {
  return good + bad === 0 ? null : good / (good + bad);
}

/**
 * How fast the error budget is spent: 1 spends just all of it over the objective's whole window.
 * Null when nothing could be judged.
 */
export function burnRate({ good, bad }: AttemptCounts, objective: number): number | null {
  return good + bad === 0 ? null : thousandths(bad / (good + bad) / allowedShare(objective));
}

/** Of the runs that were judged: how many may be bad, are, and still may be. Left may be negative. */
export interface ErrorBudget {
  readonly allowedRuns: number;
  readonly spentRuns: number;
  readonly leftRuns: number;
  /** Null when nothing could be judged. */
  readonly leftPercent: number | null;
  readonly allowedMinutes: number;
  readonly spentMinutes: number;
  readonly leftMinutes: number;
}

export interface BudgetQuestion {
  readonly counts: AttemptCounts;
  /** Percent of good runs to be kept, over 0 and under 100. */
  readonly objective: number;
  /** Time that one run stands for: what turns runs into minutes. */
  readonly runMs: number;
}

export function errorBudget({ counts, objective, runMs }: BudgetQuestion): ErrorBudget {
  const { good, bad } = counts;
  const allowed = (good + bad) * allowedShare(objective);
  const minutes = (runs: number) => thousandths((runs * runMs) / 60_000);
  return {
    allowedRuns: thousandths(allowed),
    spentRuns: bad,
    leftRuns: thousandths(allowed - bad),
    leftPercent: allowed === 0 ? null : thousandths(((allowed - bad) / allowed) * 100),
    allowedMinutes: minutes(allowed),
    spentMinutes: minutes(bad),
    leftMinutes: minutes(allowed - bad),
  };
}

function allowedShare(objective: number): number {
  return (100 - objective) / 100;
}

/** Also takes off what 100 - 99.9 leaves beyond 0.1. */
function thousandths(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
