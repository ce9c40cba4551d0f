import { type Failure, NO_EVIDENCE, type RunRecord } from "@vigil/core";

export const UP: RunRecord = {
  schema: 1,
  runId: "run-1",
  kind: "manual",
  target: "orders",
  vantage: "local",
  scheduledAt: "2026-11-22T08:00:00.000Z",
  startedAt: "2026-11-22T08:00:00.012Z",
  status: "up",
  confirmed: false,
  depth: "sentinel",
  era: "legacy",
  protocolVersion: "2025-11-25",
  server: { name: "orders", version: "1.4.0" },
  toolCount: 3,
  toolsHash: `sha256:${"a".repeat(64)}`,
  drift: null,
  coldStart: null,
  coldSampleMs: null,
  durationMs: 226,
  sessionLeft: false,
  steps: [
    { step: "connect", outcome: "ok", startMs: 0, durationMs: 2.4, firstByteMs: null },
    {
      step: "authorize",
      outcome: "skipped",
      startMs: null,
      durationMs: null,
      firstByteMs: null,
      skipped: "no-credentials",
    },
    {
      step: "negotiate",
      era: "legacy",
      outcome: "ok",
      startMs: 3,
      durationMs: 180.2,
      firstByteMs: 171,
    },
    {
      step: "listTools",
      era: "legacy",
      outcome: "ok",
      startMs: 183,
      durationMs: 31,
      firstByteMs: 30,
    },
    {
      step: "callTool",
      era: "legacy",
      label: "query_table",
      outcome: "ok",
      startMs: 214,
      durationMs: 12,
      firstByteMs: 11,
    },
    {
      step: "stream",
      era: "legacy",
      outcome: "skipped",
      startMs: null,
      durationMs: null,
      firstByteMs: null,
      skipped: "not-requested",
    },
    {
      step: "close",
      era: "legacy",
      outcome: "ok",
      startMs: 226,
      durationMs: 2,
      firstByteMs: 2,
    },
  ],
  failures: [],
  attempts: [{ startedAt: "2026-11-22T08:00:00.012Z", durationMs: 226, status: "up", modes: [] }],
  notes: [],
  gap: null,
};

export const TOOLS_EMPTY: Failure = {
  mode: "tools-empty",
  step: "listTools",
  era: "legacy",
  summary: "tools/list returned no tools; at least 1 is expected",
  remedy: "Registration failed silently: look for an error while the tools were loaded.",
  evidence: {
    ...NO_EVIDENCE,
    httpStatus: 200,
    contentType: "application/json",
    headers: { "x-amzn-requestid": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef" },
    body: '{"jsonrpc":"2.0","id":2,\n\t"result":{"tools":[]}}',
    bytes: 46,
    rpcMethod: "tools/list",
    detail: "expected at least 1 tool, found 0",
  },
};

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
    {
      mode: "slow",
      step: "negotiate",
      era: "legacy",
      summary: "the run took 3,412 ms; the budget is 3,000 ms",
      remedy: "The step times show where the time goes.",
      evidence: { ...NO_EVIDENCE, detail: "3412 ms > 3000 ms" },
    },
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
    {
      mode: "auth-required",
      step: "negotiate",
      era: null,
      summary: "the server answered 401 and no credentials are configured",
      remedy: "Give the target credentials.",
      evidence: {
        ...NO_EVIDENCE,
        httpStatus: 401,
        headers: { "www-authenticate": "Bearer" },
        bytes: 0,
      },
    },
  ],
  attempts: [
    { startedAt: UP.startedAt, durationMs: 35, status: "unknown", modes: ["auth-required"] },
  ],
};
