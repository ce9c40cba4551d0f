import { advance, type GapWindow, isFollowed, startGap, type Target } from "@vigil/core";
import type { DeploymentObserver } from "./deployments.ts";
import type { History } from "./history.ts";
import { type LingeringDeps, lingeringGap } from "./lingering-gap.ts";

export interface GapLookDeps extends LingeringDeps {
  readonly history: LingeringDeps["history"] & Pick<History, "gapStates">;
  readonly observerOf: (region: string) => Pick<DeploymentObserver, "look">;
}

/**
 * The gap window of a target's function as it is now: one that is known to be open, or one that a
 * look finds before the correlator does, or one that has just closed. What the look finds is not kept:
 * that is the correlator's.
 */
export async function lookForGap(
  target: Target,
  { history, observerOf, clock }: GapLookDeps,
): Promise<GapWindow | null> {
  if (!isFollowed(target)) return null;
  const stored = (await history.gapStates()).find((one) => one.target === target.name);
  const state = stored?.state ?? startGap();
  if (state.open !== null) return state.open.window;
  const look = await observerOf(target.region).look(target.lambda, {
    full: true,
    known: state.serving,
  });
  const found = advance(state, look.observation).state.open?.window;
  return found ?? lingeringGap(target, { history, clock });
}
