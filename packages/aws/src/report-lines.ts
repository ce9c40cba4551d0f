import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  type Clock,
  parseReportLine,
  type ReportAnswer,
  type ReportLine,
  type ReportLookup,
  type ReportProblem,
  type ReportQuestion,
} from "@vigil/core";
import { withoutVersionWarning } from "./version-warning.ts";

export interface ReportLinesOptions {
  readonly clock: Clock;
}

/** A function that names its requests in each line it logs fills many. */
const MAX_PAGES = 5;

/**
 * Reads REPORT lines with FilterLogEvents, which costs nothing per call, by the machine's own AWS
 * credentials. It asks once: whether to ask again is the caller's to decide.
 */
export function createReportLines({ clock }: ReportLinesOptions): ReportLookup {
  const clients = new Map<string, CloudWatchLogsClient>();
  const clientOf = (region: string) => {
    const client = clients.get(region) ?? createClient(region);
    clients.set(region, client);
    return client;
  };
  return (question) =>
    new Promise((resolve) => {
      const abort = new AbortController();
      // The search for credentials cannot be aborted, only left alone.
      const cancel = clock.after(question.timeoutMs, () => {
        abort.abort();
        resolve({ ok: false, problem: "timed-out" });
      });
      void answer(question, { clientOf, signal: abort.signal }).then((found) => {
        cancel();
        resolve(found);
      });
    });
}

function createClient(region: string): CloudWatchLogsClient {
  return withoutVersionWarning(() => new CloudWatchLogsClient({ region, maxAttempts: 1 }));
}

interface Asking {
  readonly clientOf: (region: string) => CloudWatchLogsClient;
  readonly signal: AbortSignal;
}

async function answer(question: ReportQuestion, asking: Asking): Promise<ReportAnswer> {
  try {
    return { ok: true, reports: await readPages(question, asking) };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}

async function readPages(
  { region, logGroup, requestIds, fromMs, toMs }: ReportQuestion,
  { clientOf, signal }: Asking,
): Promise<readonly ReportLine[]> {
  const reports: ReportLine[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const command = new FilterLogEventsCommand({
      logGroupName: logGroup,
      startTime: fromMs,
      endTime: toMs,
      filterPattern: patternOf(requestIds),
      nextToken,
    });
    const { events = [], ...rest } = await clientOf(region).send(command, { abortSignal: signal });
    for (const { message } of events) {
      const report = typeof message === "string" ? parseReportLine(message) : null;
      if (report !== null && requestIds.includes(report.requestId)) reports.push(report);
    }
    nextToken = rest.nextToken;
    if (nextToken === undefined) break;
  }
  return reports;
}

/** Any of the ids, wherever in the line: both log formats match it. */
function patternOf(requestIds: readonly string[]): string {
  const terms = requestIds.map((id) => `"${id}"`);
  return terms.length === 1 ? terms.join() : terms.map((term) => `?${term}`).join(" ");
}

/** Errors by the names that AWS and its SDK give them. */
const PROBLEMS: Readonly<Record<string, ReportProblem>> = {
  AccessDeniedException: "access-denied",
  ResourceNotFoundException: "no-log-group",
  ThrottlingException: "throttled",
  LimitExceededException: "throttled",
  CredentialsProviderError: "no-credentials",
  TokenProviderError: "no-credentials",
  UnrecognizedClientException: "credentials-refused",
  InvalidSignatureException: "credentials-refused",
  ExpiredTokenException: "credentials-refused",
  MissingAuthenticationTokenException: "credentials-refused",
  IncompleteSignatureException: "credentials-refused",
  AbortError: "timed-out",
  // Its own time-outs are off: so it calls a connection that is cut.
  TimeoutError: "unreachable",
};

function problemOf(error: unknown): ReportProblem {
  if (!(error instanceof Error)) return "failed";
  if (Object.hasOwn(PROBLEMS, error.name)) return PROBLEMS[error.name] ?? "failed";
  const status = statusOf(error);
  if (status === 429) return "throttled";
  return status === null && "code" in error ? "unreachable" : "failed";
}

/** Null when nothing has answered. */
function statusOf(error: Error): number | null {
  const metadata: unknown = "$metadata" in error ? error.$metadata : null;
  if (typeof metadata !== "object" || metadata === null) return null;
  const status: unknown = "httpStatusCode" in metadata ? metadata.httpStatusCode : null;
  return typeof status === "number" ? status : null;
}
