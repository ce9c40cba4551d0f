import { BatchGetCommand, type BatchGetCommandOutput } from "@aws-sdk/lib-dynamodb";
import { HOUR_MS, type HourRollup, hourOf, mapAtOnce } from "@vigil/core";
import { HistoryError, historyErrorFrom } from "./history-error.ts";
import {
  type Item,
  type ItemKey,
  keyOf,
  rollupKey,
  type StateIdentity,
  type TimeRange,
} from "./keys.ts";
import { readable, type Table } from "./listing.ts";
import { decodeRollup } from "./rollup-item.ts";
import { isExpired } from "./run-item.ts";

/** DynamoDB hands out no more at once. */
const KEYS_A_REQUEST = 100;
const REQUESTS_AT_ONCE = 10;
/** DynamoDB may hand out a part; this often it is asked for what is left. */
const TRIES = 5;
const ACTION = "read hours";

/** Whose hours: one target as one vantage sees it. */
export type Series = StateIdentity;

/**
 * Hours of many series, by their keys, in no order. For a few hours of a hundred targets that is a
 * handful of requests in place of a hundred.
 */
export async function rollupsAtOnce(
  table: Table,
  series: readonly Series[],
  range: Required<TimeRange>,
): Promise<readonly HourRollup[]> {
  const keys = hoursIn(range).flatMap((hour) => series.map((one) => rollupKey({ ...one, hour })));
  const count = Math.ceil(keys.length / KEYS_A_REQUEST);
  const parts = Array.from({ length: count }, (_, n) =>
    keys.slice(n * KEYS_A_REQUEST, (n + 1) * KEYS_A_REQUEST),
  );
  const items = await mapAtOnce(parts, REQUESTS_AT_ONCE, (part) => readAll(table, part));
  const now = table.clock.now();
  return items
    .flat()
    .filter((item) => !isExpired(item, now))
    .flatMap((item) => readable(table, item, decodeRollup(item)) ?? []);
}

function hoursIn({ since, until }: Required<TimeRange>): readonly string[] {
  const first = Date.parse(hourOf(since));
  const count = Math.max(0, Math.ceil((Date.parse(until) - first) / HOUR_MS));
  return Array.from({ length: count }, (_, n) => new Date(first + n * HOUR_MS).toISOString());
}

async function readAll(table: Table, keys: readonly ItemKey[]): Promise<readonly Item[]> {
  const found: Item[] = [];
  let left: readonly ItemKey[] = keys;
  for (let tries = 0; left.length > 0; tries += 1) {
    if (tries === TRIES) {
      throw new HistoryError(
        "history-unavailable",
        `Could not ${ACTION}: some were not told`,
        null,
      );
    }
    const { Responses, UnprocessedKeys } = await readOnce(table, left);
    found.push(...(Responses?.[table.tableName] ?? []));
    left = (UnprocessedKeys?.[table.tableName]?.Keys ?? []).map(keyOf);
  }
  return found;
}

async function readOnce(table: Table, keys: readonly ItemKey[]): Promise<BatchGetCommandOutput> {
  const Keys = keys.map((key) => ({ ...key }));
  try {
    return await table.documents.send(
      new BatchGetCommand({ RequestItems: { [table.tableName]: { Keys } } }),
    );
  } catch (error) {
    throw historyErrorFrom(error, ACTION);
  }
}
