import {
  FAILURE_MODES,
  type Failure,
  type FailureCode,
  type FailureEvidence,
  NO_EVIDENCE,
  type RecordedStep,
  type RunRecord,
  type StepName,
} from "@vigil/core";

/**
 * Records of runs for tests that store, show or count them. Each test says what it is about; whatever
 * else a record has is here, once, so that a new field is added in one place.
 */

/** A step that went well in the legacy era, without times. */
export function recordedStep(step: StepName, over: Partial<RecordedStep> = {}): RecordedStep {
  const era = step === "connect" || step === "authorize" ? {} : ({ era: "legacy" } as const);
  return {
    step,
    ...era,
    outcome: "ok",
    startMs: null,
    durationMs: null,
    firstByteMs: null,
    ...over,
  };
}

/** A run that found the target well, as far as its tools. */
export function runRecord(over: Partial<RunRecord> = {}): RunRecord {
  const scheduledAt = over.scheduledAt ?? "2026-11-22T08:00:00.000Z";
  return {
    schema: 1,
    runId: "run-1",
    kind: "scheduled",
    target: "orders",
    vantage: "eu-west-1",
    scheduledAt,
    startedAt: scheduledAt,
    status: "up",
    confirmed: false,
    depth: "tools",
    era: "legacy",
    protocolVersion: "2025-11-25",
    server: { name: "orders", version: "1.4.0" },
    toolCount: 3,
    toolsHash: `sha256:${"0".repeat(64)}`,
    drift: null,
    coldStart: null,
    coldSampleMs: null,
    durationMs: 120,
    sessionLeft: false,
    steps: [],
    failures: [],
    attempts: [],
    notes: [],
    gap: null,
    ...over,
  };
}

interface FailureParts extends Partial<Omit<Failure, "mode" | "evidence">> {
  readonly evidence?: Partial<FailureEvidence>;
}

/** A failure at the tool list, with the registry's own remedy. */
export function recordedFailure(mode: FailureCode, over: FailureParts = {}): Failure {
  const { evidence, ...parts } = over;
  const { title, remedy } = FAILURE_MODES[mode];
  return {
    mode,
    step: "listTools",
    era: "legacy",
    summary: title,
    remedy,
    ...parts,
    evidence: { ...NO_EVIDENCE, ...evidence },
  };
}
