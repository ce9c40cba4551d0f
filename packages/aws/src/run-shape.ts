import {
  DEPTHS,
  type Drift,
  ERAS,
  FAILURE_CODES,
  type Failure,
  type FailureEvidence,
  type JsonRpcError,
  type RecordedAttempt,
  type RecordedStep,
  RUN_KINDS,
  type RunRecord,
  type ServerInfo,
  type SkipReason,
  STATUSES,
  STEPS,
} from "@vigil/core";
import {
  anything,
  hasShape,
  isArrayOf,
  isBoolean,
  isNumber,
  isOneOf,
  isString,
  isStringMap,
  isTime,
  optional,
  orNull,
  type Shape,
} from "./shape.ts";

const OUTCOMES: Readonly<Record<RecordedStep["outcome"], true>> = {
  ok: true,
  failed: true,
  skipped: true,
  "not-reached": true,
};

const SKIP_REASONS: Readonly<Record<SkipReason, true>> = {
  "no-sentinel": true,
  "tool-missing": true,
  "tool-not-read-only": true,
  "no-session": true,
  "not-requested": true,
  "no-credentials": true,
  "no-time": true,
};

const SERVER: Shape<ServerInfo> = { name: isString, version: isString };

const RPC_ERROR: Shape<JsonRpcError> = { code: isNumber, message: isString, data: anything };

const EVIDENCE: Shape<FailureEvidence> = {
  httpStatus: orNull(isNumber),
  contentType: orNull(isString),
  headers: isStringMap,
  body: orNull(isString),
  bytes: orNull(isNumber),
  rpcMethod: orNull(isString),
  rpcError: orNull(hasShape(RPC_ERROR)),
  sseEventsMs: orNull(isArrayOf(isNumber)),
  networkCode: orNull(isString),
  detail: orNull(isString),
};

const FAILURE: Shape<Failure> = {
  mode: isOneOf(FAILURE_CODES),
  step: isOneOf(STEPS),
  era: orNull(isOneOf(ERAS)),
  summary: isString,
  remedy: isString,
  evidence: hasShape(EVIDENCE),
};

const EVENTS: Shape<NonNullable<RecordedStep["events"]>> = {
  count: isNumber,
  atMs: isArrayOf(isNumber),
};

const STEP: Shape<RecordedStep> = {
  step: isOneOf(STEPS),
  era: optional(isOneOf(ERAS)),
  label: optional(isString),
  outcome: isOneOf(Object.keys(OUTCOMES)),
  startMs: orNull(isNumber),
  durationMs: orNull(isNumber),
  firstByteMs: orNull(isNumber),
  skipped: optional(isOneOf(Object.keys(SKIP_REASONS))),
  events: optional(hasShape(EVENTS)),
};

const ATTEMPT: Shape<RecordedAttempt> = {
  startedAt: isTime,
  durationMs: isNumber,
  status: isOneOf(STATUSES),
  modes: isArrayOf(isOneOf(FAILURE_CODES)),
};

const DRIFT: Shape<Drift> = {
  added: isNumber,
  removed: isNumber,
  changed: isNumber,
  breaking: isBoolean,
};

/** What a run read from storage must look like. */
export const RUN_SHAPE: Shape<RunRecord> = {
  schema: isOneOf([1]),
  runId: isString,
  kind: isOneOf(RUN_KINDS),
  target: isString,
  vantage: isString,
  scheduledAt: isTime,
  startedAt: isTime,
  status: isOneOf(STATUSES),
  confirmed: isBoolean,
  depth: isOneOf(DEPTHS),
  era: orNull(isOneOf([...ERAS, "both"])),
  protocolVersion: orNull(isString),
  server: orNull(hasShape(SERVER)),
  toolCount: orNull(isNumber),
  toolsHash: orNull(isString),
  drift: orNull(hasShape(DRIFT)),
  coldStart: orNull(isBoolean),
  coldSampleMs: orNull(isNumber),
  durationMs: isNumber,
  sessionLeft: isBoolean,
  steps: isArrayOf(hasShape(STEP)),
  failures: isArrayOf(hasShape(FAILURE)),
  attempts: isArrayOf(hasShape(ATTEMPT)),
  notes: isArrayOf(isString),
  gap: orNull(isString),
};
