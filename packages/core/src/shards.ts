import type { Target } from "./config/index.ts";
import { longestRunMs } from "./run-time.ts";

/** How long one invocation of the probe may take: it must be over before the next minute's. */
export const SHARD_BUDGET_MS = 55_000;
/** Kept back from it to record, publish and tell. */
export const SHARD_RESERVE_MS = 10_000;
/** What is left for the runs. */
const SHARD_RUN_MS = SHARD_BUDGET_MS - SHARD_RESERVE_MS;
/** Runs under way at once in one invocation; fewer than the gate would let in, for memory's sake. */
export const SHARD_RUNS_AT_ONCE = 100;

/**
 * Targets by shard: as few shards as still see every target through when every one of them times
 * out. Order is the config's, so that a shard number means the same for schedule and function.
 */
export function shardTargets(targets: readonly Target[]): readonly (readonly Target[])[] {
  const shards: Target[][] = [];
  let lanes: number[] = [];
  for (const target of targets) {
    // A run that may take longer than there is time is cut by its deadline.
    const needs = Math.min(longestRunMs(target, []), SHARD_RUN_MS);
    let lane = lanes.indexOf(Math.min(...lanes));
    if (lane === -1 || (lanes[lane] ?? 0) + needs > SHARD_RUN_MS) {
      shards.push([]);
      lanes = Array.from({ length: SHARD_RUNS_AT_ONCE }, () => 0);
      lane = 0;
    }
    lanes[lane] = (lanes[lane] ?? 0) + needs;
    shards.at(-1)?.push(target);
  }
  return shards;
}
