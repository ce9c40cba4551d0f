import type { RunKind, RunRecord, ToolLists } from "@vigil/core";
import type { ConfirmedRun } from "@vigil/probe";
import { recordedFailure, runRecord } from "@vigil/testkit/records";
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

const FAILURE = recordedFailure("tools-empty", {
  summary: "tools/list returned no tools",
  evidence: {
    httpStatus: 200,
    contentType: "application/json",
    bytes: 40,
    rpcMethod: "tools/list",
  },
});

interface RunOf {
  readonly target: string;
  readonly kind: RunKind;
  readonly scheduledAt: string;
  readonly status: "up" | "down";
  readonly vantage?: string;
}

/** A run as the probe would tell it. */
export function recordOf({
  target,
  kind,
  scheduledAt,
  status,
  vantage = VANTAGE,
}: RunOf): RunRecord {
  const isUp = status === "up";
  return runRecord({
    runId: `${target} ${scheduledAt}`,
    kind,
    target,
    vantage,
    scheduledAt,
    status,
    confirmed: !isUp,
    depth: isUp ? "tools" : "handshake",
    toolCount: isUp ? 3 : 0,
    failures: isUp ? [] : [FAILURE],
  });
}

/** The run of a record. */
export function ended(record: RunRecord, tools: ToolLists | null = null): ConfirmedRun {
  return { record, tools, attempts: [] };
}
