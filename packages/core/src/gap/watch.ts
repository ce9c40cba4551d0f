import type { Target, WatchedFunction } from "../config/index.ts";
import type { Datapoint } from "../metrics/datapoints.ts";
import { METRICS } from "../metrics/registry.ts";

/** A target whose function's deployments can be followed. */
export interface FollowedTarget extends Target {
  readonly lambda: WatchedFunction;
  readonly region: string;
}

/** Calls a second of one region's control plane, which gives 15 to all who ask. */
export const CALLS_PER_SECOND = 5;
/** Longest time between two looks at weights and provisioned concurrency that nothing hints at. */
export const FULL_LOOK_MS = 5 * 60_000;
/**
 * How long an invocation of the correlator follows an open window: into the minute after the next, so
 * that a tick which comes late, as ticks may by a minute, finds somebody looking.
 */
export const CORRELATOR_STAY_MS = 115_000;
/** From look to look while a window is open. */
export const OPEN_LOOK_MS = 5_000;
/**
 * A quiet function takes a call a minute and two more every five minutes, 1.4 together: 100 take 140
 * of the 300 calls of a minute, which leaves 160 to open windows: 36 each, so four at once go at
 * full speed, and more of them are looked at less often.
 */
export const FUNCTIONS_PER_SHARD = 100;

/** Functions by shard, in the order of the config, so that a number means the same to schedule and function. */
export function followedShards(targets: readonly Target[]): readonly (readonly FollowedTarget[])[] {
  const followed = targets.filter(isFollowed);
  const count = Math.ceil(followed.length / FUNCTIONS_PER_SHARD);
  return Array.from({ length: count }, (_, shard) =>
    followed.slice(shard * FUNCTIONS_PER_SHARD, (shard + 1) * FUNCTIONS_PER_SHARD),
  );
}

export function isFollowed(target: Target): target is FollowedTarget {
  return target.lambda !== null && target.region !== null;
}

/** Milliseconds between two calls of a region: what shards take together stays within the budget. */
export function callSpacingMs(shards: number): number {
  return (1_000 / CALLS_PER_SECOND) * Math.max(1, shards);
}

/** That a window of the target is open in this minute, or that it is a failure of its own. */
export function gapDatapoint(
  metric: "DeployGap" | "GapFault",
  { target, at }: { readonly target: string; readonly at: string },
): Datapoint {
  const { unit } = METRICS[metric];
  return { metric, unit, value: 1, at, dimensions: { Target: target } };
}
