import type { Status } from "./failure-modes.ts";

/**
 * Worst first. Unknown comes before degraded: what could not be looked at may be worse than the
 * flaw that was seen.
 */
export const WORST_FIRST = [
  "down",
  "unknown",
  "degraded",
  "up",
] as const satisfies readonly Status[];

export function worstOf(statuses: readonly Status[]): Status {
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? "up";
}

/** What a run says of its target: a failure that a repeat did not show is a flaw, not an outage. */
export function effectiveStatus(run: { status: Status; confirmed: boolean }): Status {
  return run.status === "down" && !run.confirmed ? "degraded" : run.status;
}
