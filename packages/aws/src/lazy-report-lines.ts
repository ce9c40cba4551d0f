import type { Clock, ReportLookup } from "@vigil/core";

/**
 * Reads REPORT lines with the AWS credentials that the process finds; loads what that takes when a
 * run first needs it.
 */
export function lazyReportLines(clock: Clock): ReportLookup {
  let lookup: Promise<ReportLookup> | null = null;
  return async (question) => {
    lookup ??= import("./report-lines.ts").then(({ createReportLines }) =>
      createReportLines({ clock }),
    );
    return (await lookup)(question);
  };
}
