import { lazyReportLines } from "@vigil/aws/lazy-report-lines";
import type { Clock, RunRecord } from "@vigil/core";
import { type ColdStartProof, type ConfirmedRun, proveColdStart } from "@vigil/probe";

/** A run's record with what its function's log proves; see `proveColdStart`. */
export type Prove = (
  run: ConfirmedRun,
  asked: Omit<ColdStartProof, "clock" | "reportLines">,
) => Promise<RunRecord>;

/** By this machine's AWS credentials. */
export function coldStartProver(clock: Clock): Prove {
  const reportLines = lazyReportLines(clock);
  return (run, asked) => proveColdStart(run, { ...asked, clock, reportLines });
}
