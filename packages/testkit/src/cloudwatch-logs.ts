import { type Answer, json } from "./answer.ts";
import type { RecordedRequest } from "./request.ts";
import type { Script } from "./server.ts";

export interface LogEvent {
  readonly logGroup: string;
  readonly timestamp: number;
  readonly message: string;
  /** Lines arrive late: the first request, from 1, that finds it. */
  readonly fromRequest?: number;
}

export interface LogsOptions {
  readonly events: () => readonly LogEvent[];
  /** What is done about the n-th request, from 1, in place of an answer; null for an answer. */
  readonly instead?: (n: number) => Answer | null;
  readonly pageSize?: number;
}

/** What FilterLogEvents was asked. */
export interface LogsQuestion {
  readonly logGroupName: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly filterPattern: string;
  readonly nextToken?: string;
}

/** CloudWatch Logs as far as FilterLogEvents goes, by terms in quotes and AWS's JSON 1.1. */
export function cloudWatchLogs({ events, instead, pageSize = 100 }: LogsOptions): Script {
  let asked = 0;
  return (request) => {
    asked += 1;
    const other = instead?.(asked) ?? null;
    if (other !== null) return other;
    const question = questionOf(request);
    if (question === null) return awsError(400, "InvalidParameterException", "no FilterLogEvents");
    const all = events();
    if (!all.some(({ logGroup }) => logGroup === question.logGroupName)) {
      return awsError(400, "ResourceNotFoundException", "The specified log group does not exist.");
    }
    const seen = all.filter(({ fromRequest = 1 }) => fromRequest <= asked);
    return page(seen.filter(matcherOf(question)), question, pageSize);
  };
}

export function questionOf({ headers, body }: RecordedRequest): LogsQuestion | null {
  if (headers["x-amz-target"] !== "Logs_20140328.FilterLogEvents") return null;
  return JSON.parse(body) as LogsQuestion;
}

/** An error as AWS's JSON protocol has it. */
export function awsError(status: number, type: string, message: string): Answer {
  return json({ __type: type, message }, { status });
}

function matcherOf({ logGroupName, startTime, endTime, filterPattern }: LogsQuestion) {
  const terms = [...filterPattern.matchAll(/(\??)"([^"]*)"/g)];
  const any = terms.filter(([, mark]) => mark === "?").map(([, , term = ""]) => term);
  const every = terms.filter(([, mark]) => mark === "").map(([, , term = ""]) => term);
  return ({ logGroup, timestamp, message }: LogEvent) =>
    logGroup === logGroupName &&
    timestamp >= startTime &&
    timestamp <= endTime &&
    every.every((term) => message.includes(term)) &&
    (any.length === 0 || any.some((term) => message.includes(term)));
}

function page(found: readonly LogEvent[], { nextToken }: LogsQuestion, size: number): Answer {
  const from = Number(nextToken ?? 0);
  const events = found.slice(from, from + size).map(({ timestamp, message }, i) => ({
    eventId: String(from + i),
    logStreamName: "2026/11/22/[7]0123456789abcdef",
    ingestionTime: timestamp,
    timestamp,
    message,
  }));
  const more = from + size < found.length ? { nextToken: String(from + size) } : {};
  return json({ events, searchedLogStreams: [], ...more });
}
