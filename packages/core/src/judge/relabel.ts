import { FAILURE_MODES } from "../failure-modes.ts";
import type { Failure, Verdict } from "../verdict.ts";
import { worstOf } from "../verdict-order.ts";

/**
 * Names a time-out that a repeat did not show: a cold start with proof, otherwise a transient one.
 * `repeatWasWell` is whether some repeat found the target usable.
 */
export function relabelTimeouts(first: Verdict, repeatWasWell: boolean): Verdict {
  if (!repeatWasWell || !first.failures.some(({ mode }) => mode === "timeout")) return first;
  const mode = first.coldStart === true ? "cold-start-timeout" : "transient-timeout";
  const failures = first.failures.map((failure): Failure => {
    if (failure.mode !== "timeout") return failure;
    return { ...failure, mode, remedy: FAILURE_MODES[mode].remedy };
  });
  return {
    ...first,
    failures,
    status: worstOf(failures.map((failure) => FAILURE_MODES[failure.mode].status)),
  };
}
