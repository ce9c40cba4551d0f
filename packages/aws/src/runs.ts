import type { RunRecord } from "@vigil/core";
import { getItem, putNew } from "./items.ts";
import { parseRunKey, runKey, runRange, type TimeRange } from "./keys.ts";
import {
  type ItemKind,
  type Listing,
  type ListQuery,
  list,
  readable,
  type Table,
} from "./listing.ts";
import { addToHour } from "./rollups.ts";
import { decodeRun, encodeRun, fitRun } from "./run-item.ts";

/** By scheduled time; newest first unless said otherwise. */
export interface RunQuery extends TimeRange, ListQuery {}

/** Runs, fetched as they are asked for. Reading the list again asks the table again. */
export type RunListing = Listing<RunRecord>;

const RUNS: ItemKind<RunRecord> = {
  vantageOf: (key) => parseRunKey(key)?.vantage ?? null,
  decode: decodeRun,
};

/**
 * Writes the run, then adds what the table now holds to its hour: of two runs for one time both must
 * count the same one. Adding is done for a duplicate too, since whoever wrote the run first may have
 * ended in between; the hour itself knows whether the run is in.
 */
export async function recordRun(
  table: Table,
  record: RunRecord,
  everyMs: number,
): Promise<"written" | "duplicate"> {
  const fitting = fitRun(record);
  const put = await putNew(table, "record a run", { ...encodeRun(fitting) });
  const kept = put === "written" ? fitting : await storedRun(table, record);
  if (kept !== null) await addToHour(table, kept, everyMs);
  // The answer to the first try may have got lost; the run is then no duplicate, but new.
  const isOwn = put === "repeated" && kept?.runId === record.runId;
  return put === "written" || isOwn ? "written" : "duplicate";
}

async function storedRun(table: Table, record: RunRecord): Promise<RunRecord | null> {
  const item = await getItem(table, "read a run", runKey(record));
  return item === undefined ? null : readable(table, item, decodeRun(item));
}

export function listRuns(table: Table, target: string, query: RunQuery): RunListing {
  return list(table, { target, range: runRange(query), query, kind: RUNS });
}
