import { FAILURE_MODES, type RunKind, type RunRecord } from "@vigil/core";
import type { Environment } from "../src/environment.ts";
import { VANTAGE } from "./harness.ts";

export const ENVIRONMENT: Environment = {
  vantage: VANTAGE,
  home: VANTAGE,
  tableName: "vigil",
  spillQueueUrl: "",
  pagerFunction: "pager",
  configPath: "",
  version: "0.0.0",
};

const EVIDENCE = {
  httpStatus: 200,
  contentType: "application/json",
  headers: {},
  body: null,
  bytes: 40,
  rpcMethod: "tools/list",
  rpcError: null,
  sseEventsMs: null,
  networkCode: null,
  detail: null,
};

const FAILURE = {
  mode: "tools-empty",
  step: "listTools",
  era: "legacy",
  summary: "tools/list returned no tools",
  remedy: FAILURE_MODES["tools-empty"].remedy,
  evidence: EVIDENCE,
} as const;

interface RunOf {
  readonly target: string;
  readonly kind: RunKind;
  readonly scheduledAt: string;
  readonly status: "up" | "down";
}

/** A run as the probe would tell it. */
export function recordOf({ target, kind, scheduledAt, status }: RunOf): RunRecord {
  const isUp = status === "up";
  return {
    schema: 1,
    runId: `${target} ${scheduledAt}`,
    kind,
    target,
    vantage: VANTAGE,
    scheduledAt,
    startedAt: scheduledAt,
    status,
    confirmed: !isUp,
    depth: isUp ? "tools" : "handshake",
    era: "legacy",
    protocolVersion: "2025-11-25",
    server: { name: "orders", version: "1.4.0" },
    toolCount: isUp ? 3 : 0,
    toolsHash: `sha256:${"0".repeat(64)}`,
    drift: null,
    coldStart: null,
    coldSampleMs: null,
    durationMs: 120,
    sessionLeft: false,
    steps: [],
    failures: isUp ? [] : [FAILURE],
    attempts: [],
    notes: [],
    gap: null,
  };
}
