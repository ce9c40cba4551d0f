import type { Status } from "../failure-modes.ts";
import type { RunRecord } from "../verdict.ts";
import { effectiveStatus } from "../verdict-order.ts";
import { firstAttemptStatus } from "./first-attempt.ts";
import { bucketOf, type LatencyHistogram } from "./histogram.ts";

export const HOUR_MS = 3_600_000;

/** Kinds of first attempt that are listed by time; whatever is in none of the lists was up. */
export const NOT_UP = ["degraded", "down", "unknown"] as const satisfies readonly Status[];
export type NotUp = (typeof NOT_UP)[number];

/** Times within the hour, as milliseconds from its start: ascending, each once. */
export type Offsets = readonly number[];

/** What the scheduled runs of one target, vantage and hour found. */
export interface HourRollup {
  readonly target: string;
  readonly vantage: string;
  /** The hour's start, `2026-11-22T08:00:00.000Z`. */
  readonly hour: string;
  /** Scheduled times of the runs that are in. */
  readonly seen: Offsets;
  /** Of `seen`, by what the first attempt found; see `firstAttemptStatus`. */
  readonly notUp: Readonly<Record<NotUp, Offsets>>;
  /** Of `seen`, those within a deployment's gap window. */
  readonly inGap: Offsets;
  /** Runs by what they say of the target, repeats considered; see `effectiveStatus`. */
  readonly effective: Readonly<Record<Status, number>>;
  /** Runs by failure mode; a run with several counts for each. May hold another version's modes. */
  readonly modes: Readonly<Record<string, number>>;
  /** Time that the runs stand for: the sum of the intervals at which they were scheduled. */
  readonly coveredMs: number;
  /** Durations of good first attempts. A failed one is quick or slow for reasons of its own. */
  readonly latency: LatencyHistogram;
  /** Null while no first attempt was good. */
  readonly slowestMs: number | null;
}

export type RollupKey = Pick<HourRollup, "target" | "vantage" | "hour">;

/** What one run adds to its hour. Storage turns it into an update, `addToRollup` into a rollup. */
export interface RollupShare extends RollupKey {
  readonly offset: number;
  readonly first: Status;
  readonly effective: Status;
  readonly modes: readonly string[];
  readonly inGap: boolean;
  readonly coveredMs: number;
  /** Null unless the first attempt was good. */
  readonly latency: { readonly bucket: number; readonly durationMs: number } | null;
}

/** The start of the hour that an instant is in. Throws RangeError when `time` is none. */
export function hourOf(time: string | number): string {
  return new Date(Math.floor(new Date(time).getTime() / HOUR_MS) * HOUR_MS).toISOString();
}

/**
 * What a run adds, when runs are scheduled `everyMs` apart. Null for runs that nobody scheduled:
 * they come when something is wrong, so they would make the target look worse than it is.
 */
export function rollupShare(record: RunRecord, everyMs: number): RollupShare | null {
  if (record.kind !== "scheduled") return null;
  const { target, vantage, scheduledAt, durationMs, failures, gap } = record;
  const hour = hourOf(scheduledAt);
  const first = firstAttemptStatus(record);
  const isGood = first === "up" || first === "degraded";
  return {
    target,
    vantage,
    hour,
    offset: Date.parse(scheduledAt) - Date.parse(hour),
    first,
    effective: effectiveStatus(record),
    modes: [...new Set(failures.map(({ mode }) => mode))],
    inGap: gap !== null,
    coveredMs: everyMs,
    latency: isGood ? { bucket: bucketOf(durationMs), durationMs } : null,
  };
}

/** Runs that were scheduled `everyMs` apart, by hour and vantage; each counts once. Oldest first. */
export function rollUp(records: readonly RunRecord[], everyMs: number): readonly HourRollup[] {
  const rollups = new Map<string, HourRollup>();
  for (const record of records) {
    const share = rollupShare(record, everyMs);
    if (share === null) continue;
    const key = `${share.hour} ${share.vantage} ${share.target}`;
    rollups.set(key, addToRollup(rollups.get(key) ?? emptyRollup(share), share));
  }
  return [...rollups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rollup]) => rollup);
}

export function emptyRollup({ target, vantage, hour }: RollupKey): HourRollup {
  return {
    target,
    vantage,
    hour,
    seen: [],
    notUp: { degraded: [], down: [], unknown: [] },
    inGap: [],
    effective: { up: 0, degraded: 0, down: 0, unknown: 0 },
    modes: {},
    coveredMs: 0,
    latency: {},
    slowestMs: null,
  };
}

/** The rollup with one run more; the same when the run is in already. The share is of its hour. */
export function addToRollup(rollup: HourRollup, share: RollupShare): HourRollup {
  const { offset, first, effective, modes, inGap, coveredMs, latency } = share;
  if (rollup.seen.includes(offset)) return rollup;
  return {
    ...rollup,
    seen: insert(rollup.seen, offset),
    notUp:
      first === "up"
        ? rollup.notUp
        : { ...rollup.notUp, [first]: insert(rollup.notUp[first], offset) },
    inGap: inGap ? insert(rollup.inGap, offset) : rollup.inGap,
    effective: plusOne(rollup.effective, effective),
    modes: modes.reduce(plusOne<string>, rollup.modes),
    coveredMs: rollup.coveredMs + coveredMs,
    latency: latency === null ? rollup.latency : plusOne(rollup.latency, latency.bucket),
    slowestMs:
      latency === null ? rollup.slowestMs : Math.max(rollup.slowestMs ?? 0, latency.durationMs),
  };
}

function insert(offsets: Offsets, offset: number): Offsets {
  return [...offsets, offset].sort((a, b) => a - b);
}

function plusOne<Key extends string | number>(
  counts: Readonly<Record<Key, number>>,
  key: Key,
): Readonly<Record<Key, number>> {
  return {
    ...counts,
    [key]: ((counts as Readonly<Record<Key, number | undefined>>)[key] ?? 0) + 1,
  };
}
