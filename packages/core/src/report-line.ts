/** What Lambda's platform logs of one invocation when it has ended. */
export interface ReportLine {
  readonly requestId: string;
  readonly durationMs: number;
  /** Set-up of the environment; null when it was not this invocation that opened it. */
  readonly initDurationMs: number | null;
  /** The same with SnapStart. */
  readonly restoreDurationMs: number | null;
  /** False when the invocation timed out or failed, or the line does not say. */
  readonly succeeded: boolean;
}

/** Lambda's request ids are UUIDs. */
export const REQUEST_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The longest that is known has about 500 characters; a function's own lines may have a million. */
const MAX_CHARS = 8_192;
const TEXT_START = "REPORT RequestId: ";
const JSON_START = "{";

/**
 * Reads a log event's message in either of Lambda's log formats; null for every other line. A
 * function can print such a line itself, so of two that contradict each other neither is to be
 * believed.
 */
export function parseReportLine(message: string): ReportLine | null {
  if (message.length > MAX_CHARS) return null;
  if (message.startsWith(TEXT_START)) return readText(message);
  return message.startsWith(JSON_START) ? readJson(message) : null;
}

const MILLISECONDS = /^(\d{1,9}(?:\.\d{1,9})?) ms$/;

/** `REPORT RequestId: …\tDuration: 2.81 ms\tBilled Duration: 3 ms\t…`, then X-Ray's line, if any. */
function readText(message: string): ReportLine | null {
  const fields = new Map<string, string>();
  for (const field of message.slice("REPORT ".length).split(/[\t\r\n]+|\s{2,}/)) {
    const [name = "", ...rest] = field.split(": ");
    const value = rest.join(": ").trim();
    if (fields.has(name) && fields.get(name) !== value) return null;
    fields.set(name, value);
  }
  const milliseconds = (name: string) => {
    const digits = MILLISECONDS.exec(fields.get(name) ?? "")?.[1];
    return digits === undefined ? null : Number(digits);
  };
  return asReport({
    requestId: fields.get("RequestId"),
    durationMs: milliseconds("Duration"),
    initDurationMs: milliseconds("Init Duration"),
    restoreDurationMs: milliseconds("Restore Duration"),
    succeeded: !fields.has("Status"),
  });
}

/** `{"time":…,"type":"platform.report","record":{"requestId":…,"metrics":{…},"status":"success"}}` */
function readJson(message: string): ReportLine | null {
  const event = parsed(message);
  if (member(event, "type") !== "platform.report") return null;
  const record = member(event, "record");
  const metrics = member(record, "metrics");
  const milliseconds = (name: string) => {
    const value = member(metrics, name);
    return typeof value === "number" && value >= 0 && Number.isFinite(value) ? value : null;
  };
  return asReport({
    requestId: member(record, "requestId"),
    durationMs: milliseconds("durationMs"),
    initDurationMs: milliseconds("initDurationMs"),
    restoreDurationMs: milliseconds("restoreDurationMs"),
    succeeded: member(record, "status") === "success",
  });
}

type Loose = { readonly [Key in keyof ReportLine]: unknown } & Pick<
  ReportLine,
  "initDurationMs" | "restoreDurationMs" | "succeeded"
>;

function asReport({ requestId, durationMs, ...rest }: Loose): ReportLine | null {
  if (typeof requestId !== "string" || !REQUEST_ID.test(requestId)) return null;
  return typeof durationMs === "number" ? { requestId, durationMs, ...rest } : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
