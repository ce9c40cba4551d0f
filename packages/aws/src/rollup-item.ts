import type { UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import {
  type HourRollup,
  NOT_UP,
  type NotUp,
  type Offsets,
  type RollupShare,
  type Status,
} from "@vigil/core";
import { type Item, keyOf, parseRollupKey, rollupKey } from "./keys.ts";
import { anything, type Check, type Decoded, isNumber, isString } from "./shape.ts";

/** 13 months, so that a year can be compared with the one before. */
export const ROLLUP_RETENTION_DAYS = 396;
const RETENTION_SECONDS = ROLLUP_RETENTION_DAYS * 24 * 60 * 60;

/**
 * Attributes of an HOUR item. They are flat, because ADD reaches no deeper, and named by prefix where
 * there is one for each status, mode or bucket. Short names: an item of up to 1 kB is written for one unit.
 */
const SEEN = "seen";
const IN_GAP = "inGap";
const COVERED = "coveredMs";
const SLOWEST = "slowestMs";
const STATUS_PREFIX = "status_";
const MODE_PREFIX = "mode_";
const BUCKET_PREFIX = "ms_";

/**
 * How a run's share is written: `usual` leaves the slowest as it is, `slower` raises it. Neither
 * condition holds once the run is in, and of a run that is not in just one does, for the slowest
 * only ever grows.
 */
export type RollupWrite = "usual" | "slower";

export type RollupUpdate = Omit<UpdateCommandInput, "TableName">;

export function rollupUpdate(share: RollupShare, write: RollupWrite): RollupUpdate {
  const { latency } = share;
  const names = new Map<string, string>();
  const name = (attribute: string) => {
    const placeholder = names.get(attribute) ?? `#${names.size}`;
    names.set(attribute, placeholder);
    return placeholder;
  };
  const isSlower = write === "slower" && latency !== null;
  const sets = [
    `${name("expiresAt")} = :expiresAt`,
    ...(isSlower ? [`${name(SLOWEST)} = :ms`] : []),
  ];
  const adds = [
    ...listsOf(share).map((list) => `${name(list)} :times`),
    `${name(COVERED)} :covered`,
    ...countersOf(share).map((counter) => `${name(counter)} :one`),
  ];
  const isNew = `NOT contains(${name(SEEN)}, :time)`;
  const condition = latency === null ? isNew : `${isNew} AND ${slowest(write, name(SLOWEST))}`;
  return {
    Key: { ...rollupKey(share) },
    UpdateExpression: `SET ${sets.join(", ")} ADD ${adds.join(", ")}`,
    ConditionExpression: condition,
    ExpressionAttributeNames: Object.fromEntries(
      [...names].map(([attribute, placeholder]) => [placeholder, attribute]),
    ),
    ExpressionAttributeValues: {
      ":time": formatOffset(share.offset),
      ":times": new Set([formatOffset(share.offset)]),
      ":covered": share.coveredMs,
      ":one": 1,
      ":expiresAt": Date.parse(share.hour) / 1000 + RETENTION_SECONDS,
      ...(latency !== null && { ":ms": latency.durationMs }),
    },
  };
}

function slowest(write: RollupWrite, name: string): string {
  switch (write) {
    case "usual":
      return `${name} >= :ms`;
    case "slower":
      return `(attribute_not_exists(${name}) OR ${name} < :ms)`;
    default:
      return write satisfies never;
  }
}

function listsOf({ first, inGap }: RollupShare): readonly string[] {
  return [SEEN, ...(first === "up" ? [] : [first]), ...(inGap ? [IN_GAP] : [])];
}

function countersOf({ effective, modes, latency }: RollupShare): readonly string[] {
  return [
    STATUS_PREFIX + effective,
    ...modes.map((mode) => MODE_PREFIX + mode),
    ...(latency === null ? [] : [BUCKET_PREFIX + latency.bucket]),
  ];
}

interface Counters {
  readonly effective: Record<Status, number>;
  readonly modes: Record<string, number>;
  readonly latency: Record<number, number>;
}

export function decodeRollup(item: Item): Decoded<HourRollup> {
  const identity = parseRollupKey(keyOf(item));
  if (identity === null) return { kind: "unreadable", reason: "not the key of an hour" };
  const wrong = Object.keys(item).find((name) => !checkOf(name)(item[name]));
  if (wrong !== undefined) return { kind: "unreadable", reason: `unexpected "${wrong}"` };
  const seen = offsetsOf(item[SEEN]);
  if (seen.length === 0) return { kind: "unreadable", reason: `no "${SEEN}"` };
  const notUp = NOT_UP.map((status) => [status, offsetsOf(item[status])] as const);
  return {
    kind: "ok",
    value: {
      ...identity,
      seen,
      notUp: Object.fromEntries(notUp) as Record<NotUp, Offsets>,
      inGap: offsetsOf(item[IN_GAP]),
      ...countersIn(item),
      coveredMs: (item[COVERED] as number | undefined) ?? 0,
      slowestMs: (item[SLOWEST] as number | undefined) ?? null,
    },
  };
}

const LISTS: readonly string[] = [SEEN, IN_GAP, ...NOT_UP];
const NUMBERS: readonly string[] = [COVERED, SLOWEST];
const COUNTER = new RegExp(`^(?:${STATUS_PREFIX}|${MODE_PREFIX}|${BUCKET_PREFIX})`, "u");

/** Attributes that this version does not know are another's, and no fault. */
function checkOf(name: string): Check {
  if (LISTS.includes(name)) return isOffsets;
  return NUMBERS.includes(name) || COUNTER.test(name) ? isNumber : anything;
}

const OFFSET = /^([0-5]\d)(?::([0-5]\d)(?:\.(\d{3}))?)?$/u;

/** `31`, `31:05` or `31:05.250`: shorter than the milliseconds as a number, and people can read it. */
function formatOffset(offset: number): string {
  const text = new Date(offset).toISOString().slice("1970-01-01T00:".length, -1);
  return text.replace(/\.000$/u, "").replace(/:00$/u, "");
}

function parseOffset(text: string): number {
  const [, minutes = 0, seconds = 0, ms = 0] = OFFSET.exec(text) ?? [];
  return Number(minutes) * 60_000 + Number(seconds) * 1_000 + Number(ms);
}

const isOffsets: Check = (value) =>
  value instanceof Set && [...value].every((one) => isString(one) && OFFSET.test(one));

function offsetsOf(value: unknown): Offsets {
  return value instanceof Set
    ? [...(value as Set<string>)].map(parseOffset).sort((a, b) => a - b)
    : [];
}

function countersIn(item: Item): Counters {
  const counters: Counters = {
    effective: { up: 0, degraded: 0, down: 0, unknown: 0 },
    modes: {},
    latency: {},
  };
  for (const [name, value] of Object.entries(item)) {
    const [prefix = ""] = COUNTER.exec(name) ?? [];
    const key = name.slice(prefix.length);
    if (prefix === STATUS_PREFIX) counters.effective[key as Status] = value as number;
    else if (prefix === MODE_PREFIX) counters.modes[key] = value as number;
    else if (prefix === BUCKET_PREFIX) counters.latency[Number(key)] = value as number;
  }
  return counters;
}
