import type { ReportLine } from "./report-line.ts";

/** Asks a log group for the REPORT lines of some requests. */
export interface ReportQuestion {
  readonly region: string;
  readonly logGroup: string;
  /** UUIDs, at most {@link MAX_REPORT_IDS}. */
  readonly requestIds: readonly string[];
  /** Epoch milliseconds between which the lines were written. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The answer is wanted within this. */
  readonly timeoutMs: number;
}

/** As many as a filter pattern of CloudWatch Logs (1,024 characters) holds. */
export const MAX_REPORT_IDS = 20;

/** Why the lines could not be read, whether asking again may help, and what is told of it. */
export const REPORT_PROBLEMS = {
  "no-credentials": { again: false, text: "this machine has no AWS credentials" },
  "credentials-refused": {
    again: false,
    text: "AWS refuses this machine's credentials; they may have expired",
  },
  "access-denied": {
    again: false,
    text: "this machine's AWS credentials do not allow logs:FilterLogEvents on it",
  },
  "no-log-group": {
    again: false,
    text: "there is no such log group; name the function's in lambda.logGroup",
  },
  throttled: { again: true, text: "CloudWatch Logs throttles the reading" },
  unreachable: { again: true, text: "CloudWatch Logs cannot be reached" },
  "timed-out": { again: true, text: "CloudWatch Logs did not answer in time" },
  failed: { again: true, text: "CloudWatch Logs answers with an error" },
} as const satisfies Record<string, { readonly again: boolean; readonly text: string }>;
export type ReportProblem = keyof typeof REPORT_PROBLEMS;

export type ReportAnswer =
  /** What has been written so far: lines arrive seconds after their request. */
  | { readonly ok: true; readonly reports: readonly ReportLine[] }
  | { readonly ok: false; readonly problem: ReportProblem };

/** Never rejects: what keeps the lines from being read is an answer. */
export type ReportLookup = (question: ReportQuestion) => Promise<ReportAnswer>;
