import type { FailureCode, Status } from "../failure-modes.ts";
import type { RunRecord } from "../verdict.ts";

/** Time-outs that a repeat did not show: the run is degraded, but its first attempt got no answer. */
const PASSED_TIMEOUTS: readonly FailureCode[] = ["transient-timeout", "cold-start-timeout"];

/**
 * What a client with one try had of the target: what SLI and error budget count. Up and degraded
 * are good, down is bad, unknown is neither. A repeat that went well makes no failed try good.
 */
export function firstAttemptStatus({ status, failures }: RunRecord): Status {
  const timedOut = failures.some(({ mode }) => PASSED_TIMEOUTS.includes(mode));
  return timedOut && status === "degraded" ? "down" : status;
}
