import type { UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import { type HourRollup, NOT_UP, type Offsets, type RollupShare, type Status } from "@vigil/core";
import { type Item, keyOf, parseRollupKey, rollupKey } from "./keys.ts";
import type { Decoded } from "./shape.ts";

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

export function decodeRollup(item: Item): Decoded<HourRollup> {
  const identity = parseRollupKey(keyOf(item));
  if (identity === null) return { kind: "unreadable", reason: "not the key of an hour" };
  const lists: Record<string, Offsets> = {};
  for (const list of LISTS) {
    const offsets = offsetsOf(item[list]);
    if (offsets === null) return { kind: "unreadable", reason: `unexpected "${list}"` };
    lists[list] = offsets;
  }
  const { seen = [], inGap = [], degraded = [], down = [], unknown = [] } = lists;
  if (seen.length === 0) return { kind: "unreadable", reason: `no "${SEEN}"` };
  const numbers = numbersOf(item);
  if (typeof numbers === "string") return { kind: "unreadable", reason: `unexpected "${numbers}"` };
  const notUp = { degraded, down, unknown };
  return { kind: "ok", value: { ...identity, seen, notUp, inGap, ...numbers } };
}

const LISTS = [SEEN, IN_GAP, ...NOT_UP] as const;

const OFFSET = /^([0-5]\d)(?::([0-5]\d)(?:\.(\d{3}))?)?$/u;
/** What nearly every time is. Months hold hundreds of thousands, so these are looked up. */
const WHOLE_MINUTES: ReadonlyMap<unknown, number> = new Map(
  Array.from({ length: 60 }, (_, n) => [String(n).padStart(2, "0"), n * 60_000]),
);

/** `31`, `31:05` or `31:05.250`: shorter than the milliseconds as a number, and people can read it. */
function formatOffset(offset: number): string {
  const text = new Date(offset).toISOString().slice("1970-01-01T00:".length, -1);
  return text.replace(/\.000$/u, "").replace(/:00$/u, "");
}

function parseOffset(text: unknown): number | null {
  const minutes = WHOLE_MINUTES.get(text);
  if (minutes !== undefined) return minutes;
  const [, m, s = 0, ms = 0] = (typeof text === "string" && OFFSET.exec(text)) || [];
  return m === undefined ? null : Number(m) * 60_000 + Number(s) * 1_000 + Number(ms);
}

/** Null for what is no set of times. */
function offsetsOf(value: unknown): Offsets | null {
  if (value === undefined) return [];
  if (!(value instanceof Set)) return null;
  const offsets: number[] = [];
  let isAscending = true;
  for (const text of value) {
    const offset = parseOffset(text);
    if (offset === null) return null;
    isAscending &&= offset > (offsets.at(-1) ?? -1);
    offsets.push(offset);
  }
  return isAscending ? offsets : offsets.sort((a, b) => a - b);
}

type Numbers = Pick<HourRollup, "coveredMs" | "effective" | "latency" | "modes" | "slowestMs">;

/** Or the attribute that should be a number and is none. Those of a later version are no fault. */
function numbersOf(item: Item): Numbers | string {
  const counters: Readonly<Record<string, Record<string, number>>> = {
    [STATUS_PREFIX]: { up: 0, degraded: 0, down: 0, unknown: 0 },
    [MODE_PREFIX]: {},
    [BUCKET_PREFIX]: {},
    "": {},
  };
  for (const name of Object.keys(item)) {
    const end = name.indexOf("_") + 1;
    const isOwn = name === COVERED || name === SLOWEST;
    const counter = end > 0 || isOwn ? counters[name.slice(0, end)] : undefined;
    if (counter === undefined) continue;
    const value = item[name];
    if (typeof value !== "number") return name;
    counter[name.slice(end)] = value;
  }
  const own = counters[""] ?? {};
  return {
    effective: counters[STATUS_PREFIX] as Readonly<Record<Status, number>>,
    modes: counters[MODE_PREFIX] ?? {},
    latency: counters[BUCKET_PREFIX] ?? {},
    coveredMs: own[COVERED] ?? 0,
    slowestMs: own[SLOWEST] ?? null,
  };
}
