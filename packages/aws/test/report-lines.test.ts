import type { Clock, ReportAnswer, ReportLine, ReportQuestion } from "@vigil/core";
import {
  type Answer,
  awsError,
  cloudWatchLogs,
  json,
  type LogEvent,
  questionOf,
  type RunningServer,
  startServer,
  text,
} from "@vigil/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createReportLines } from "../src/report-lines.ts";

const CLOCK: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};
const AT = Date.UTC(2026, 10, 22, 8);
const [COLD, WARM, OTHER] = [
  "79b4f56e-95b1-4643-9700-2807f4e68189",
  "12a4f56e-95b1-4643-9700-2807f4e68189",
  "fff4f56e-95b1-4643-9700-2807f4e68189",
] as const;
const LOG_GROUP = "/aws/lambda/McpServer";
const PATIENT_MS = 20_000;
const QUESTION: ReportQuestion = {
  region: "us-east-1",
  logGroup: LOG_GROUP,
  requestIds: [COLD, WARM],
  fromMs: AT - 60_000,
  toMs: AT + 60_000,
  timeoutMs: PATIENT_MS,
};
const AWS = {
  AWS_ACCESS_KEY_ID: "AKIAEXAMPLE4711XYZ",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/nonexistent/config",
  AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
};

function line(message: string, over: Partial<LogEvent> = {}): LogEvent {
  return { logGroup: LOG_GROUP, timestamp: AT, message, ...over };
}

const EVENTS: readonly LogEvent[] = [
  line(`START RequestId: ${COLD} Version: 7\n`),
  line(`2026-11-22T08:00:00.000Z\t${COLD}\tINFO\tREPORT RequestId: ${COLD}\tDuration: 9 ms`),
  line(`END RequestId: ${COLD}\n`),
  line(`REPORT RequestId: ${COLD}\tDuration: 39.46 ms\tInit Duration: 163.21 ms\t\n`),
  line(
    JSON.stringify({
      type: "platform.report",
      record: { requestId: WARM, status: "success", metrics: { durationMs: 2.81 } },
    }),
  ),
  line(`REPORT RequestId: ${OTHER}\tDuration: 1 ms\tInit Duration: 1 ms`),
  line(`REPORT RequestId: ${WARM}\tDuration: 1 ms\tInit Duration: 1 ms`, { timestamp: 0 }),
  line(`REPORT RequestId: ${WARM}\tDuration: 1 ms\tInit Duration: 1 ms`, { logGroup: "/other" }),
];

const REPORTS: readonly ReportLine[] = [
  {
    requestId: COLD,
    durationMs: 39.46,
    initDurationMs: 163.21,
    restoreDurationMs: null,
    succeeded: true,
  },
  {
    requestId: WARM,
    durationMs: 2.81,
    initDurationMs: null,
    restoreDurationMs: null,
    succeeded: true,
  },
];

interface Served {
  readonly events?: readonly LogEvent[];
  readonly instead?: (n: number) => Answer | null;
  readonly pageSize?: number;
}

let server: RunningServer | null = null;
beforeEach(() => {
  for (const [name, value] of Object.entries(AWS)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = null;
});

async function lookUp(served: Served, question: Partial<ReportQuestion> = {}) {
  const { events = EVENTS, ...rest } = served;
  server = await startServer(cloudWatchLogs({ events: () => events, ...rest }));
  vi.stubEnv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", new URL(server.url).origin);
  return createReportLines({ clock: CLOCK })({ ...QUESTION, ...question });
}

const refused = (status: number, type: string) => () => awsError(status, type, "hunter2 no");

describe("createReportLines", () => {
  it("reads the REPORT lines of the requests, in both log formats, and nothing else", async () => {
    expect(await lookUp({})).toEqual({ ok: true, reports: REPORTS });
  });

  it("asks for the ids within the time, signed for the region", async () => {
    await lookUp({}, { region: "eu-north-1" });
    const [asked] = server?.requests ?? [];
    expect(asked && questionOf(asked)).toEqual({
      logGroupName: LOG_GROUP,
      startTime: AT - 60_000,
      endTime: AT + 60_000,
      filterPattern: `?"${COLD}" ?"${WARM}"`,
    });
    expect(asked?.headers["authorization"]).toContain("/eu-north-1/logs/aws4_request");
  });

  it("asks for one id by itself", async () => {
    const found = await lookUp({}, { requestIds: [COLD] });
    expect(found).toEqual({ ok: true, reports: REPORTS.slice(0, 1) });
    expect(JSON.parse(server?.requests[0]?.body ?? "").filterPattern).toBe(`"${COLD}"`);
  });

  it("reads page after page, empty ones too, and ends at the fifth", async () => {
    expect(await lookUp({ pageSize: 1 })).toEqual({ ok: true, reports: REPORTS });
    expect(server?.requests).toHaveLength(5);
    await server?.close();
    const endless = () => json({ events: [], nextToken: "more" });
    expect(await lookUp({ instead: endless })).toEqual({ ok: true, reports: [] });
    expect(server?.requests).toHaveLength(5);
  });

  it("finds what has come by the time that it is asked", async () => {
    const late = EVENTS.map((event) => ({ ...event, fromRequest: 2 }));
    expect(await lookUp({ events: late })).toEqual({ ok: true, reports: [] });
    expect(await createReportLines({ clock: CLOCK })(QUESTION)).toEqual({
      ok: true,
      reports: REPORTS,
    });
  });

  it.each<[string, (n: number) => Answer, ReportAnswer]>([
    [
      "AccessDenied",
      refused(400, "AccessDeniedException"),
      { ok: false, problem: "access-denied" },
    ],
    [
      "no such log group",
      refused(400, "ResourceNotFoundException"),
      { ok: false, problem: "no-log-group" },
    ],
    ["throttling", refused(400, "ThrottlingException"), { ok: false, problem: "throttled" }],
    [
      "throttling in front of it",
      () => text("", { status: 429 }),
      { ok: false, problem: "throttled" },
    ],
    [
      "credentials that have expired",
      refused(400, "ExpiredTokenException"),
      { ok: false, problem: "credentials-refused" },
    ],
    [
      "an unknown key",
      refused(400, "UnrecognizedClientException"),
      { ok: false, problem: "credentials-refused" },
    ],
    ["a fault of AWS's", refused(500, "InternalFailure"), { ok: false, problem: "failed" }],
    ["a name that every object has", refused(400, "constructor"), { ok: false, problem: "failed" }],
    ["a page of HTML", () => text("<html>", { status: 502 }), { ok: false, problem: "failed" }],
    ["an answer that is no JSON", () => json("{"), { ok: false, problem: "failed" }],
    [
      "events that are none",
      () => json({ events: [{}, { message: 7 }] }),
      { ok: true, reports: [] },
    ],
    ["a connection that is cut", () => ({ kind: "reset" }), { ok: false, problem: "unreachable" }],
  ])("takes %s as data, and asks once", async (_name, instead, answer) => {
    expect(await lookUp({ instead })).toEqual(answer);
    expect(server?.requests).toHaveLength(1);
  });

  it("ends in time when nothing answers", async () => {
    const startedMs = performance.now();
    const found = await lookUp({ instead: () => ({ kind: "hang" }) }, { timeoutMs: 100 });
    expect(found).toEqual({ ok: false, problem: "timed-out" });
    expect(performance.now() - startedMs).toBeLessThan(PATIENT_MS / 2);
  });

  it("ends in time when pages come slowly", async () => {
    const slow = () => ({ ...json({ events: [], nextToken: "1" }), delayMs: 60 }) as Answer;
    const found = await lookUp({ instead: slow }, { timeoutMs: 100 });
    expect(found).toEqual({ ok: false, problem: "timed-out" });
  });

  it("says when nobody answers at all", async () => {
    server = await startServer(() => ({ kind: "close" }));
    const { origin } = new URL(server.url);
    await server.close();
    vi.stubEnv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", origin);
    const found = await createReportLines({ clock: CLOCK })(QUESTION);
    expect(found).toEqual({ ok: false, problem: "unreachable" });
  });

  it("says when the machine has no credentials, and asks nothing", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "");
    expect(await lookUp({})).toEqual({ ok: false, problem: "no-credentials" });
    expect(server?.requests).toEqual([]);
  });
});
