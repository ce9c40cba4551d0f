import { isDeepStrictEqual } from "node:util";
import {
  ERAS,
  type ExtraTaken,
  FAILURE_CODES,
  type Known,
  type SeenTools,
  STATUSES,
  type TargetState,
  UNKNOWN_RUNS,
} from "@vigil/core";
import { canonicalTime, type Item, type ItemKey, stateKey } from "./keys.ts";
import {
  type Check,
  type Decoded,
  decodeJson,
  hasShape,
  isArrayOf,
  isNumber,
  isOneOf,
  isPlainObject,
  isString,
  isTime,
  orNull,
  type Shape,
} from "./shape.ts";

/** A STATE item. `lastRunAt` is canonical, because the condition on writing compares it as text. */
export interface StateItem extends ItemKey {
  readonly lastRunAt: string;
  readonly status: string;
  readonly state: string;
}

const isKnownStatus = isOneOf(STATUSES.filter((status) => status !== "unknown"));
const isModes = isArrayOf(isOneOf(FAILURE_CODES));

const KNOWN: Shape<Known> = { status: isKnownStatus, since: isTime, modes: isModes };

const TOOLS: Shape<SeenTools> = { toolsHash: isString, toolCount: isNumber, since: isTime };

const TAKEN: Shape<ExtraTaken> = { at: isTime, owed: isNumber };

const isExtras: Check = (value) =>
  isPlainObject(value) && Object.values(value).every(hasShape(TAKEN));

const STATE_SHAPE: Shape<TargetState> = {
  target: isString,
  vantage: isString,
  status: isOneOf(STATUSES),
  since: isTime,
  modes: isModes,
  known: orNull(hasShape(KNOWN)),
  unknownRuns: isNumber,
  recent: isArrayOf(isKnownStatus),
  lastRunAt: isTime,
  lastGoodRunAt: orNull(isTime),
  era: orNull(isOneOf(ERAS)),
  extras: isExtras,
  tools: orNull(hasShape(TOOLS)),
};

export function encodeState(shard: number, state: TargetState): StateItem {
  return {
    ...stateKey(shard, state),
    lastRunAt: canonicalTime(state.lastRunAt),
    status: state.status,
    state: JSON.stringify(state),
  };
}

export function decodeState(item: Item): Decoded<TargetState> {
  // Older items know no further steps, and of the tools at most the first ones that were seen.
  return decodeJson(item["state"], STATE_SHAPE, ({ baseline = null, ...state }) => ({
    extras: {},
    tools: isPlainObject(baseline) ? { ...baseline, since: baseline["at"] } : null,
    ...state,
  }));
}

export const STATE_REFRESH_MS = 15 * 60 * 1000;

export interface StateWriteQuestion {
  /** The state as it was last written; null when it never was. */
  readonly previous: TargetState | null;
  readonly next: TargetState;
  /** When `previous` was written, ISO 8601. A reader who only has the item takes its `lastRunAt`. */
  readonly lastWrittenAt: string | null;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A state is written when it says something new, and every 15 minutes to show that it still holds. */
export function shouldWriteState({
  previous,
  next,
  lastWrittenAt,
  now,
}: StateWriteQuestion): boolean {
  if (previous === null || lastWrittenAt === null) return true;
  if (now - Date.parse(lastWrittenAt) >= STATE_REFRESH_MS) return true;
  return !isDeepStrictEqual(substance(previous), substance(next));
}

/** What a state says beyond the passing of time; a count that has reached its limit says no more. */
function substance(state: TargetState): unknown {
  const unknownRuns = Math.min(state.unknownRuns, UNKNOWN_RUNS);
  // A step that has to pass is taken in every run, whenever it was taken last.
  const extras = Object.entries(state.extras).map(([step, { at, owed }]) =>
    owed > 0 ? [step, owed] : [step, at],
  );
  return { ...state, unknownRuns, extras, lastRunAt: null, lastGoodRunAt: null };
}
