import {
  HOUR_MS,
  type HourRollup,
  hourOf,
  type RollupShare,
  type RunRecord,
  rollupShare,
} from "@vigil/core";
import { conditionalUpdate } from "./items.ts";
import { parseRollupKey, rollupRange, type TimeRange } from "./keys.ts";
import {
  type ItemKind,
  type Listing,
  type ListQuery,
  list,
  type Table,
  together,
} from "./listing.ts";
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
  const parts = partsOf(query, table.clock.now());
  const listings = parts.map((part) =>
    list(table, { target, range: rollupRange(part), query: part, kind: ROLLUPS }),
  );
  return together(listings);
}

/** From this much on a range is read in parts, all at once: an answer's length is most of the wait. */
const LONG_MS = 7 * 24 * HOUR_MS;
const PARTS = 4;

function partsOf(query: RollupQuery, nowMs: number): readonly RollupQuery[] {
  const { since, until, limit, order } = query;
  if (since === undefined || limit !== undefined) return [query];
  const from = Date.parse(hourOf(since));
  const to = until === undefined ? nowMs : Date.parse(until);
  if (to - from < LONG_MS) return [query];
  // Whole hours, so that none is in two parts.
  const partMs = Math.ceil((to - from) / PARTS / HOUR_MS) * HOUR_MS;
  const bounds = Array.from({ length: PARTS - 1 }, (_, n) =>
    new Date(from + (n + 1) * partMs).toISOString(),
  );
  const parts = [since, ...bounds].map((start, n) => ({
    ...query,
    since: start,
    ...endOf(bounds[n] ?? until),
  }));
  return order === "oldest" ? parts : parts.toReversed();
}

function endOf(until: string | undefined): Pick<RollupQuery, "until"> {
  return until === undefined ? {} : { until };
}
