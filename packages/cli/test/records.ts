import type { Failure, RunRecord } from "@vigil/core";
import { recordedFailure, recordedStep, runRecord } from "@vigil/testkit/records";

export const UP: RunRecord = runRecord({
  kind: "manual",
  vantage: "local",
  startedAt: "2026-11-22T08:00:00.012Z",
  depth: "sentinel",
  toolsHash: `sha256:${"a".repeat(64)}`,
  durationMs: 226,
  steps: [
    recordedStep("connect", { startMs: 0, durationMs: 2.4 }),
    recordedStep("authorize", { outcome: "skipped", skipped: "no-credentials" }),
    recordedStep("negotiate", { startMs: 3, durationMs: 180.2, firstByteMs: 171 }),
    recordedStep("listTools", { startMs: 183, durationMs: 31, firstByteMs: 30 }),
    recordedStep("callTool", {
      label: "query_table",
      startMs: 214,
      durationMs: 12,
      firstByteMs: 11,
    }),
    recordedStep("stream", { outcome: "skipped", skipped: "not-requested" }),
    recordedStep("close", { startMs: 226, durationMs: 2, firstByteMs: 2 }),
  ],
  attempts: [{ startedAt: "2026-11-22T08:00:00.012Z", durationMs: 226, status: "up", modes: [] }],
});

export const TOOLS_EMPTY: Failure = recordedFailure("tools-empty", {
  summary: "tools/list returned no tools; at least 1 is expected",
  remedy: "Registration failed silently: look for an error while the tools were loaded.",
  evidence: {
    httpStatus: 200,
    contentType: "application/json",
    headers: { "x-amzn-requestid": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef" },
    body: '{"jsonrpc":"2.0","id":2,\n\t"result":{"tools":[]}}',
    bytes: 46,
    rpcMethod: "tools/list",
    detail: "expected at least 1 tool, found 0",
  },
});

export const DOWN: RunRecord = {
  ...UP,
  status: "down",
  confirmed: true,
  depth: "tools",
  toolCount: 0,
  durationMs: 214,
  steps: UP.steps.map((step) => {
    if (step.step === "listTools") {
      return { ...step, outcome: "failed" as const };
    }
    return step.step === "callTool"
      ? { ...step, outcome: "not-reached" as const, durationMs: null, firstByteMs: null }
      : step;
  }),
  failures: [TOOLS_EMPTY],
  attempts: [0, 2, 8].map((seconds) => ({
    startedAt: `2026-11-22T08:00:0${seconds}.012Z`,
    durationMs: 214,
    status: "down" as const,
    modes: ["tools-empty" as const],
  })),
};

export const DEGRADED: RunRecord = {
  ...UP,
  status: "degraded",
  durationMs: 3_412,
  failures: [
    recordedFailure("slow", {
      step: "negotiate",
      summary: "the run took 3,412 ms; the budget is 3,000 ms",
      remedy: "The step times show where the time goes.",
      evidence: { detail: "3412 ms > 3000 ms" },
    }),
  ],
  attempts: [
    { startedAt: UP.startedAt, durationMs: 3_412, status: "degraded", modes: ["slow"] },
    { startedAt: UP.startedAt, durationMs: 200, status: "up", modes: [] },
  ],
  notes: ["No sentinel is configured, so no tool was called."],
};

export const UNKNOWN: RunRecord = {
  ...UP,
  status: "unknown",
  depth: "none",
  era: null,
  protocolVersion: null,
  server: null,
  toolCount: null,
  toolsHash: null,
  durationMs: 35,
  steps: [
    { step: "connect", outcome: "ok", startMs: 0, durationMs: 2, firstByteMs: null },
    { step: "negotiate", outcome: "failed", startMs: 2, durationMs: 33, firstByteMs: 33 },
    {
      step: "listTools",
      outcome: "not-reached",
      startMs: null,
      durationMs: null,
      firstByteMs: null,
    },
  ],
  failures: [
    recordedFailure("auth-required", {
      step: "negotiate",
      era: null,
      summary: "the server answered 401 and no credentials are configured",
      remedy: "Give the target credentials.",
      evidence: { httpStatus: 401, headers: { "www-authenticate": "Bearer" }, bytes: 0 },
    }),
  ],
  attempts: [
    { startedAt: UP.startedAt, durationMs: 35, status: "unknown", modes: ["auth-required"] },
  ],
};
