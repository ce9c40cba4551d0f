import type { RunRecord } from "@vigil/core";
import { type Item, type ItemKey, keyOf, parseRunKey, runKey } from "./keys.ts";
import { packRun, unpackRun } from "./pack-run.ts";
import { RUN_SHAPE } from "./run-shape.ts";
import { type Decoded, decodeJson } from "./shape.ts";
import { shortenToFit } from "./shorten.ts";

export const RUN_RETENTION_DAYS = 90;
const RETENTION_SECONDS = RUN_RETENTION_DAYS * 24 * 60 * 60;
/** DynamoDB allows 400 KiB; the difference leaves room for an attribute that a later version adds. */
const MAX_ITEM_BYTES = 390 * 1024;

/** A RUN item. `run` is the packed record; what filters and people look for stands beside it. */
export interface RunItem extends ItemKey {
  readonly expiresAt: number;
  readonly status: string;
  readonly kind: string;
  readonly durationMs: number;
  readonly run: string;
}

/** The run as an item can hold it: itself, but for a giant. */
export function fitRun(record: RunRecord): RunRecord {
  return shortenToFit(record, (candidate) => itemBytes(toItem(candidate)) <= MAX_ITEM_BYTES);
}

export function encodeRun(record: RunRecord): RunItem {
  return toItem(fitRun(record));
}

export function decodeRun(item: Item): Decoded<RunRecord> {
  const identity = parseRunKey(keyOf(item));
  if (identity === null) return { kind: "unreadable", reason: "not the key of a run" };
  return decodeJson(item["run"], RUN_SHAPE, (packed) =>
    unpackRun(packed, {
      ...identity,
      status: item["status"],
      kind: item["kind"],
      durationMs: item["durationMs"],
    }),
  );
}

/** Items outlive their time by up to two days, until DynamoDB gets round to deleting them. */
export function isExpired(item: Item, nowMs: number): boolean {
  const expiresAt = item["expiresAt"];
  return typeof expiresAt === "number" && expiresAt * 1000 <= nowMs;
}

/** Size as DynamoDB counts it: UTF-8 of names and values; a number takes at most 21 bytes. */
export function itemBytes(item: RunItem): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

function valueBytes(value: string | number): number {
  return typeof value === "number" ? 21 : Buffer.byteLength(value);
}

function toItem(record: RunRecord): RunItem {
  return {
    ...runKey(record),
    expiresAt: Math.floor(Date.parse(record.scheduledAt) / 1000) + RETENTION_SECONDS,
    status: record.status,
    kind: record.kind,
    durationMs: record.durationMs,
    run: JSON.stringify(packRun(record)),
  };
}
