import { allowanceOf, type Clock, effectiveStatus, type GapWindow, type Target } from "@vigil/core";
import type { History } from "./history.ts";
import { first } from "./listing.ts";

export interface LingeringDeps {
  readonly history: Pick<History, "gaps" | "runs">;
  readonly clock: Pick<Clock, "now">;
}

/**
 * A window that has just closed, for as long as no run that began afterwards has failed: what was seen
 * in it says nothing of how things are now, and a target that comes back is down by its state until its
 * second clean run. Given as if it were still open, from its end on, so that it holds no longer than
 * any other.
 */
export async function lingeringGap(
  target: Pick<Target, "name" | "lambda">,
  { history, clock }: LingeringDeps,
): Promise<GapWindow | null> {
  const gap = await first(history.gaps(target.name, { limit: 1 }));
  if (gap === null || gap.end === null || gap.ended === "gone") return null;
  const since = gap.end.notAfter;
  if (clock.now() - Date.parse(since) > allowanceOf(target)) return null;
  for await (const run of history.runs(target.name, { since })) {
    if (effectiveStatus(run) === "down") return null;
  }
  const { target: _, evidence: __, ...window } = gap;
  return { ...window, openedAt: since, end: null, ended: null };
}
