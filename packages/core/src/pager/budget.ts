import { burnRate, countAttempts, type HourRollup } from "../history/index.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Both windows of a pair must burn: the long one says that it matters, the short one that it goes on.
 * The rates are those of the SRE workbook, "Alerting on SLOs" (2 % of a month's budget in an hour, 5 %
 * in six). It warns that few runs make a rate of their own, hence the least number of failed ones.
 */
export const BURNS = [
  { pace: "fast", longMs: HOUR_MS, shortMs: 5 * MINUTE_MS, rate: 14.4, leastBad: 3 },
  { pace: "slow", longMs: 6 * HOUR_MS, shortMs: 30 * MINUTE_MS, rate: 6, leastBad: 5 },
] as const;
export type BurnPace = (typeof BURNS)[number]["pace"];
/** Hours whose rollups are asked for. */
export const BURN_LOOKBACK_MS = 6 * HOUR_MS;
/** People are not warned of the same burn more often than this. */
export const BUDGET_REPEAT_MS = 24 * HOUR_MS;

/** A budget that is being spent too fast. */
export interface Burn {
  readonly pace: BurnPace;
  /** Times the pace at which it would just last; over the long window. */
  readonly rate: number;
  /** Of the long window's first attempts. */
  readonly bad: number;
  readonly judged: number;
}

export interface BudgetWarning {
  readonly pace: BurnPace;
  readonly warnedAt: string;
}

export interface BudgetPage {
  readonly kind: "budget";
  readonly burn: Burn;
  readonly at: string;
}

/** The fastest burn of first attempts, those in a deployment's gap window left out; null for none. */
export function burnOf(
  rollups: readonly HourRollup[],
  objective: number,
  nowMs: number,
): Burn | null {
  for (const { pace, longMs, shortMs, rate, leastBad } of BURNS) {
    const counts = (lengthMs: number) =>
      countAttempts(rollups, { from: nowMs - lengthMs, to: nowMs }).gapExcluded;
    const long = counts(longMs);
    const longRate = burnRate(long, objective) ?? 0;
    const shortRate = burnRate(counts(shortMs), objective) ?? 0;
    if (long.bad < leastBad || longRate < rate || shortRate < rate) continue;
    return { pace, rate: longRate, bad: long.bad, judged: long.bad + long.good };
  }
  return null;
}

/** What people are told of a burn: once, again after a day, at once when slow has become fast. */
export function advanceBudget(
  before: BudgetWarning | null,
  burn: Burn | null,
  now: string,
): { readonly warning: BudgetWarning | null; readonly page: BudgetPage | null } {
  const sinceMs = before === null ? Number.POSITIVE_INFINITY : elapsed(before.warnedAt, now);
  if (burn === null) {
    return { warning: sinceMs >= BUDGET_REPEAT_MS ? null : before, page: null };
  }
  const isFaster = before?.pace === "slow" && burn.pace === "fast";
  if (sinceMs < BUDGET_REPEAT_MS && !isFaster) return { warning: before, page: null };
  return { warning: { pace: burn.pace, warnedAt: now }, page: { kind: "budget", burn, at: now } };
}

function elapsed(then: string, now: string): number {
  return Date.parse(now) - Date.parse(then);
}
