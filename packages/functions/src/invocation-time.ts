import { SHARD_BUDGET_MS, SHARD_RESERVE_MS } from "@vigil/core";

/** Events that are older than this are dropped: the next minute's is due. */
export const STALE_AFTER_MS = 60_000;

/** No clock is wrong by more; the run of a minute that has not come would outrank all before it. */
export const MAX_AHEAD_MINUTES = 5;

export function isAhead(scheduledAt: string, nowMs: number): boolean {
  return Date.parse(scheduledAt) - nowMs > MAX_AHEAD_MINUTES * 60_000;
}

export function isStale(scheduledAt: string, nowMs: number): boolean {
  return nowMs - Date.parse(scheduledAt) > STALE_AFTER_MS;
}

/** Milliseconds that the runs may take, so that there is time left to report them. */
export function runBudgetMs(remainingMs: number): number {
  return Math.max(0, Math.min(remainingMs, SHARD_BUDGET_MS) - SHARD_RESERVE_MS);
}
