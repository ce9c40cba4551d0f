import {
  type Bounds,
  DEPLOYMENT_EXPOSURES,
  type Deployment,
  type GapEvidence,
  type GapRecord,
  type GapState,
  type GapWindow,
  type OpenWindow,
  type VersionRef,
  WINDOW_ENDS,
  WINDOW_EXPOSURES,
} from "@vigil/core";
import {
  type Check,
  hasShape,
  isArrayOf,
  isBoolean,
  isNumber,
  isOneOf,
  isPlainObject,
  isString,
  isTime,
  orNull,
  type Shape,
} from "./shape.ts";

const BOUNDS: Shape<Bounds> = { notBefore: orNull(isTime), notAfter: isTime };
const isBounds = hasShape(BOUNDS);

const VERSION: Shape<VersionRef> = { version: isString, codeSha256: orNull(isString) };
const isVersionRef = hasShape(VERSION);

export const DEPLOYMENT_SHAPE: Shape<Deployment> = {
  at: isTime,
  between: isBounds,
  from: isVersionRef,
  to: isVersionRef,
  exposure: isOneOf(DEPLOYMENT_EXPOSURES),
};

const isExposure = isOneOf(WINDOW_EXPOSURES);

const WINDOW_SHAPE: Shape<GapWindow> = {
  openedAt: isTime,
  start: isBounds,
  end: orNull(isBounds),
  ended: orNull(isOneOf(WINDOW_ENDS)),
  exposure: isExposure,
  course: isArrayOf(hasShape<GapWindow["course"][number]>({ at: isTime, exposure: isExposure })),
  deployments: isArrayOf(isTime),
  version: isString,
  reason: orNull(isString),
  overdueAt: orNull(isTime),
};

const EVIDENCE: Shape<GapEvidence> = {
  runs: isNumber,
  failures: isNumber,
  slowestMs: orNull(isNumber),
  coldStarts: isNumber,
  spillover: orNull(isNumber),
};

export const GAP_SHAPE: Shape<GapRecord> = {
  ...WINDOW_SHAPE,
  target: isString,
  evidence: orNull(hasShape(EVIDENCE)),
};

const OPEN_SHAPE: Shape<OpenWindow> = {
  window: hasShape(WINDOW_SHAPE),
  looked: isBounds,
  byDeployment: isBoolean,
  worst: isExposure,
  lastOpenAt: isTime,
};

const isWeights: Check = (value) => isPlainObject(value) && Object.values(value).every(isNumber);

const SERVING: Shape<NonNullable<GapState["serving"]>> = { ...VERSION, weights: isWeights };

export const GAP_STATE_SHAPE: Shape<GapState> = {
  schema: isOneOf([1]),
  allowanceMs: isNumber,
  lastAt: orNull(isTime),
  seenAt: orNull(isTime),
  clearAt: orNull(isTime),
  serving: orNull(hasShape(SERVING)),
  configured: orNull(isBoolean),
  missingSince: orNull(isTime),
  readyRequested: orNull(isNumber),
  lastDeployment: orNull(isTime),
  open: orNull(hasShape(OPEN_SHAPE)),
  hints: isArrayOf(isTime),
  trouble: orNull(isString),
};
