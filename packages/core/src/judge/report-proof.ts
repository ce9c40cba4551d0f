import type { FailureCode } from "../failure-modes.ts";
import { REQUEST_ID, type ReportLine } from "../report-line.ts";
import type { Exchange, ProbeRun } from "../run.ts";
import type { RunRecord } from "../verdict.ts";

/** A request that the function itself has answered. */
export interface FunctionRequest {
  readonly requestId: string;
  /** From sending it to the answer's first byte. */
  readonly waitedMs: number;
}

export interface FunctionRequests {
  readonly requests: readonly FunctionRequest[];
  /** Requests that were not answered, or by something that keeps the function's id to itself. */
  readonly nameless: number;
}

/** Of these it matters whether a cold start made them. */
const LATE: ReadonlySet<FailureCode> = new Set<FailureCode>([
  "timeout",
  "transient-timeout",
  "stream-stalled",
  "slow",
]);

/** A run whose failure may be a cold start's, and that has no proof for or against it. */
export function mayBeCold({ coldStart, failures }: RunRecord): boolean {
  return coldStart === null && failures.some(({ mode }) => LATE.has(mode));
}

/** The attempt's requests by the ids under which the function logs them. */
export function functionRequests({ legs }: ProbeRun): FunctionRequests {
  const exchanges = legs.flatMap(({ steps }) => steps).flatMap((step) => step.exchanges);
  const requests = exchanges.flatMap(named);
  return { requests, nameless: exchanges.length - requests.length };
}

/** API Gateway answers with its own request's id, and says so by these. */
const GATEWAY_HEADERS = ["apigw-requestid", "x-amz-apigw-id"];

function named({ response, startMs }: Exchange): readonly FunctionRequest[] {
  const headers = response?.headers ?? {};
  const requestId = headers["x-amzn-requestid"] ?? "";
  const isGateways = GATEWAY_HEADERS.some((name) => headers[name] !== undefined);
  if (response === null || isGateways || !REQUEST_ID.test(requestId)) return [];
  return [{ requestId, waitedMs: response.firstByteMs - startMs }];
}

export type ReportProof =
  | { readonly kind: "cold"; readonly requestId: string; readonly setUpMs: number }
  /** Every request of the attempt met an environment that was there already. */
  | { readonly kind: "warm" }
  /** Lines that may still come could decide it. */
  | { readonly kind: "missing" }
  /** All lines are there, and they do not tell. */
  | { readonly kind: "unclear" };

/** What REPORT lines prove of an attempt. */
export function readReports(
  { requests, nameless }: FunctionRequests,
  reports: readonly ReportLine[],
): ReportProof {
  const words = requests.map((request) =>
    wordOf(
      request,
      reports.filter(({ requestId }) => requestId === request.requestId),
    ),
  );
  const cold = words.find(({ kind }) => kind === "cold");
  if (cold !== undefined) return cold;
  if (words.some(({ kind }) => kind === "missing")) return { kind: "missing" };
  const sure = nameless === 0 && words.length > 0 && words.every(({ kind }) => kind === "warm");
  return sure ? { kind: "warm" } : { kind: "unclear" };
}

function wordOf(request: FunctionRequest, own: readonly ReportLine[]): ReportProof {
  const [first, ...others] = own.map((report) => readOne(request, report));
  if (first === undefined) return { kind: "missing" };
  return others.every(({ kind }) => kind === first.kind) ? first : { kind: "unclear" };
}

/** An init phase that takes longer is done again within the invocation, and then not reported. */
const MAX_INIT_MS = 10_000;

function readOne({ requestId, waitedMs }: FunctionRequest, report: ReportLine): ReportProof {
  const { initDurationMs, restoreDurationMs, durationMs, succeeded } = report;
  if (initDurationMs === null && restoreDurationMs === null) {
    return { kind: succeeded && durationMs < MAX_INIT_MS ? "warm" : "unclear" };
  }
  const setUpMs = (initDurationMs ?? 0) + (restoreDurationMs ?? 0);
  // With provisioned concurrency, and sometimes without, it was set up before the request came.
  return waitedMs < setUpMs ? { kind: "warm" } : { kind: "cold", requestId, setUpMs };
}
