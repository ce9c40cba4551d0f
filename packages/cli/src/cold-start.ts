import type { Clock, ReportLookup, RunRecord } from "@vigil/core";
import { type ColdStartProof, type ConfirmedRun, proveColdStart } from "@vigil/probe";

/** A run's record with what its function's log proves; see `proveColdStart`. */
export type Prove = (
  run: ConfirmedRun,
  asked: Omit<ColdStartProof, "clock" | "reportLines">,
) => Promise<RunRecord>;

/** Reads logs with this machine's AWS credentials; loads what that takes when a run first needs it. */
export function coldStartProver(clock: Clock): Prove {
  let lookup: Promise<ReportLookup> | null = null;
  const reportLines: ReportLookup = async (question) => {
    lookup ??= import("@vigil/aws/report-lines").then(({ createReportLines }) =>
      createReportLines({ clock }),
    );
    return (await lookup)(question);
  };
  return (run, asked) => proveColdStart(run, { ...asked, clock, reportLines });
}
