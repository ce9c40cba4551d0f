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

/** `clock.monotonic()` by which each part of the reporting is over, so that the next has its turn. */
export interface ReportTimes {
  /** History and pager; then what is not recorded is spilled. */
  readonly writtenBy: number;
  /** Metrics; then what is not sent is spilled. */
  readonly sentBy: number;
}

/** Of the reserve. One silent try of a client's is 3 s; the last 2 s are the spill queue's. */
const WRITE_MS = 4_000;
const SEND_MS = SHARD_RESERVE_MS - 2_000;

export function reportTimes(runDeadline: number): ReportTimes {
  return { writtenBy: runDeadline + WRITE_MS, sentBy: runDeadline + SEND_MS };
}
