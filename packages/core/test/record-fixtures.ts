import { type JudgedAttempt, type RecordInput, toRunRecord } from "../src/record.ts";
import type { Leg, ProbeRun, StepRecord } from "../src/run.ts";
import type { Failure, FailureEvidence, RunRecord, Verdict } from "../src/verdict.ts";

export const STEP: StepRecord = {
  step: "connect",
  era: null,
  label: null,
  outcome: "ok",
  startMs: 0,
  firstByteMs: null,
  durationMs: 2.449_9,
  exchanges: [],
  connect: null,
  fault: null,
  skipped: null,
};

const AUTHORIZE: StepRecord = {
  ...STEP,
  step: "authorize",
  outcome: "skipped",
  startMs: null,
  durationMs: null,
  skipped: "no-credentials",
};

export const LEG: Leg = {
  era: "legacy",
  protocolVersion: "2025-11-25",
  server: { name: "orders", version: "1.4.0" },
  steps: [
    {
      ...STEP,
      step: "negotiate",
      era: "legacy",
      startMs: 2.45,
      firstByteMs: 171.26,
      durationMs: 180,
    },
    {
      ...STEP,
      step: "listTools",
      era: "legacy",
      outcome: "failed",
      startMs: 182.45,
      firstByteMs: 30.04,
      durationMs: 31.06,
    },
    {
      ...STEP,
      step: "callTool",
      era: "legacy",
      label: "echo",
      outcome: "not-reached",
      startMs: null,
      durationMs: null,
    },
  ],
  tools: [],
  sessionLeft: false,
};

export const RUN: ProbeRun = {
  runId: "4f1d",
  target: "orders",
  vantage: "eu-west-1",
  url: "https://orders.example.com/mcp",
  startedAt: "2026-11-22T08:00:00.120Z",
  totalMs: 215.55,
  timeoutMs: 10_000,
  authenticated: false,
  credentialExpiry: null,
  resourceMetadata: null,
  detectionMs: 0,
  connect: STEP,
  authorize: AUTHORIZE,
  legs: [LEG],
};

export const EVIDENCE: FailureEvidence = {
  httpStatus: 200,
  contentType: "text/event-stream",
  headers: { server: "demo" },
  body: "data: {}",
  bytes: 8,
  rpcMethod: "tools/list",
  rpcError: null,
  sseEventsMs: [200.449, 201],
  networkCode: null,
  detail: "found 0, expected at least 1",
};

export function failure(mode: Failure["mode"], evidence: Partial<FailureEvidence> = {}): Failure {
  return {
    mode,
    step: "listTools",
    era: "legacy",
    summary: "tools/list returned no tools",
    remedy: "Register the tools.",
    evidence: { ...EVIDENCE, ...evidence },
  };
}

export const VERDICT: Verdict = {
  status: "down",
  depth: "tools",
  failures: [failure("tools-empty")],
  era: "legacy",
  protocolVersion: "2025-11-25",
  server: { name: "orders", version: "1.4.0" },
  toolCount: 0,
  toolsHash: `sha256:${"0".repeat(64)}`,
  drift: null,
  coldStart: null,
  coldSampleMs: null,
  durationMs: 213.512,
  notes: ["no sentinel is configured, so no tool was called"],
};

export const FIRST: JudgedAttempt = { run: RUN, verdict: VERDICT };

export function record(
  attempts: RecordInput["attempts"],
  changes: Partial<RecordInput> = {},
): RunRecord {
  return toRunRecord({
    attempts,
    kind: "scheduled",
    scheduledAt: "2026-11-22T08:00:00.000Z",
    confirmed: true,
    gap: null,
    ...changes,
  });
}

export function withEvidence(evidence: Partial<FailureEvidence>): FailureEvidence | undefined {
  const verdict = { ...VERDICT, failures: [failure("rpc-error", evidence)] };
  return record([{ run: RUN, verdict }]).failures[0]?.evidence;
}
