import type { History } from "@vigil/aws";
import { reasonOf } from "@vigil/aws";
import type { Keeper } from "./keeper.ts";

export interface BurstGuardOptions {
  readonly history: Pick<History, "claimBurst">;
  readonly vantage: string;
  /** This delivery of the request, and no other. */
  readonly holder: string;
  readonly everyMs: number;
  readonly keeper: Pick<Keeper, "failed">;
}

/** Whether this delivery is to probe the target in this round. */
export type BurstGuard = (target: string) => Promise<boolean>;

/** A claim outlasts a round that is late. */
const ROUNDS_HELD = 2;

/**
 * Lets one of several bursts of a target probe it, whether a request was delivered twice or two
 * overlap. The claim is renewed each round, so that another goes on two rounds after the one that
 * holds it has ended, or has died. It costs a write unit per target and round.
 *
 * Without history a burst goes on unguarded to its end: a deployment that nobody looked at cannot be
 * looked at later, while a doubled probe does little harm. There are then at most as many runs of a
 * target at once as there are deliveries, and none after the `untilMs` of its request.
 */
export function createBurstGuard(options: BurstGuardOptions): BurstGuard {
  const { history, vantage, holder, everyMs, keeper } = options;
  const forMs = ROUNDS_HELD * everyMs;
  let isGuarded = true;
  return async (target) => {
    if (!isGuarded) return true;
    try {
      return (await history.claimBurst({ target, vantage, holder, forMs })) === "claimed";
    } catch (error) {
      // Each further try might take as long as a round.
      if (isGuarded) keeper.failed("burst-unguarded", { reason: reasonOf(error) });
      isGuarded = false;
      return true;
    }
  };
}
