import { type HourRollup, type RollupShare, type RunRecord, rollupShare } from "@vigil/core";
import { conditionalUpdate } from "./items.ts";
import { parseRollupKey, rollupRange, type TimeRange } from "./keys.ts";
import { type ItemKind, type Listing, type ListQuery, list, type Table } from "./listing.ts";
import { decodeRollup, type RollupWrite, rollupUpdate } from "./rollup-item.ts";

/** Whole hours, of which any part is in the range; newest first unless said otherwise. */
export interface RollupQuery extends TimeRange, ListQuery {}

const ROLLUPS: ItemKind<HourRollup> = {
  vantageOf: (key) => parseRollupKey(key)?.vantage ?? null,
  decode: decodeRollup,
};

/**
 * Adds a run to its hour, once however often it is called. Most runs are not the slowest, so that is
 * tried first. Another writer can only have raised the slowest in between: then the third try decides.
 */
const TRIES: readonly RollupWrite[] = ["usual", "slower", "usual"];

export async function addToHour(table: Table, record: RunRecord, everyMs: number): Promise<void> {
  const share = rollupShare(record, everyMs);
  if (share === null) return;
  const tries = share.latency === null ? TRIES.slice(0, 1) : TRIES;
  for (const write of tries) {
    if (await tryToAdd(table, share, write)) return;
  }
}

function tryToAdd(table: Table, share: RollupShare, write: RollupWrite): Promise<boolean> {
  return conditionalUpdate(table, "add a run to its hour", rollupUpdate(share, write));
}

export function listRollups(table: Table, target: string, query: RollupQuery): Listing<HourRollup> {
  return list(table, { target, range: rollupRange(query), query, kind: ROLLUPS });
}
