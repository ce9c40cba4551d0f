import type { Failure, RunRecord, TargetState } from "@vigil/core";
import { recordedFailure, recordedStep, runRecord } from "@vigil/testkit/records";

const MINUTE_MS = 60_000;
const FIRST_MINUTE = Date.parse("2026-11-22T08:00:00.000Z");

/** The scheduled time of the n-th run. */
export function minute(n: number): string {
  return new Date(FIRST_MINUTE + n * MINUTE_MS).toISOString();
}

/** A clock that stands still, a while after the first runs. */
export const CLOCK = { now: () => Date.parse("2026-12-01T00:00:00.000Z") };

/** As a real run against a server with a session and one sentinel looks. */
export function healthyRun(changes: Partial<RunRecord> = {}): RunRecord {
  const startedAt = "2026-11-22T08:00:00.412Z";
  return runRecord({
    runId: "0b6a4a36-6b1f-4a3c-9a43-5d5c2f6f7d11",
    target: "orders-production",
    startedAt,
    depth: "sentinel",
    server: { name: "orders-mcp-server", version: "1.1.2" },
    toolCount: 14,
    toolsHash: `sha256:${"9f86d081884c7d65".repeat(4)}`,
    coldStart: false,
    coldSampleMs: 812.4,
    durationMs: 412.1,
    steps: [
      recordedStep("connect", { startMs: 0, durationMs: 92.4 }),
      recordedStep("authorize", { startMs: 0, durationMs: 0 }),
      recordedStep("negotiate", { startMs: 92.6, durationMs: 180.4, firstByteMs: 171.1 }),
      recordedStep("listTools", { startMs: 273.0, durationMs: 61.5, firstByteMs: 60.2 }),
      recordedStep("callTool", {
        label: "query_table",
        startMs: 334.6,
        durationMs: 70.2,
        firstByteMs: 69.8,
      }),
      recordedStep("stream", { outcome: "skipped", skipped: "not-requested" }),
      recordedStep("close", { startMs: 404.9, durationMs: 8.1, firstByteMs: 7.9 }),
    ],
    attempts: [{ startedAt, durationMs: 412.1, status: "up", modes: [] }],
    ...changes,
  });
}

export function failure(changes: Partial<Failure["evidence"]> = {}): Failure {
  return recordedFailure("tools-empty", {
    summary: "tools/list returned no tools",
    evidence: {
      httpStatus: 200,
      contentType: "text/event-stream",
      headers: { "x-amzn-requestid": "7f0c", "mcp-session-id": "s-1" },
      body: 'event: message\ndata: {"jsonrpc":"2.0","id":2,"result":{"tools":[]}}\n\n',
      bytes: 71,
      rpcMethod: "tools/list",
      rpcError: { code: -32603, message: "Internal error", data: { retry: [1, null, "two"] } },
      sseEventsMs: [4.2, 9],
      networkCode: null,
      detail: "at least 1 tool expected, found 0",
      ...changes,
    },
  });
}

/** A failed run with two repeats, and every optional field in use. */
export function failedRun(changes: Partial<RunRecord> = {}): RunRecord {
  const startedAt = "2026-11-22T08:00:00.412Z";
  return healthyRun({
    kind: "burst",
    status: "down",
    confirmed: true,
    depth: "handshake",
    toolCount: 0,
    toolsHash: null,
    drift: null,
    coldStart: null,
    coldSampleMs: null,
    sessionLeft: true,
    failures: [failure()],
    attempts: [
      { startedAt, durationMs: 412, status: "down", modes: ["tools-empty"] },
      {
        startedAt: "2026-11-22T08:00:02.830Z",
        durationMs: 101.5,
        status: "down",
        modes: ["tools-empty", "slow"],
      },
    ],
    notes: ["no sentinel was called: the tool is missing"],
    gap: "2026-11-22T07:58:11.000Z",
    ...changes,
  });
}

export function state(changes: Partial<TargetState> = {}): TargetState {
  return {
    target: "orders",
    vantage: "eu-west-1",
    status: "up",
    since: minute(0),
    modes: [],
    known: { status: "up", since: minute(0), modes: [] },
    unknownRuns: 0,
    recent: ["up", "up"],
    lastRunAt: minute(1),
    lastGoodRunAt: minute(1),
    era: "legacy",
    extras: { concurrency: { at: minute(0), owed: 0 } },
    tools: { toolsHash: "sha256:00", toolCount: 3, since: minute(0) },
    ...changes,
  };
}
