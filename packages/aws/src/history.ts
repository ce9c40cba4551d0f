import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Clock, RunRecord, TargetState } from "@vigil/core";
import { conditionalPut, getItem, queryItems, type TableAccess } from "./items.ts";
import {
  type Item,
  keyOf,
  parseRunKey,
  parseStateKey,
  runRange,
  stateKey,
  statePartition,
  type TimeRange,
  targetPartition,
} from "./keys.ts";
import { decodeRun, encodeRun, isExpired } from "./run-item.ts";
import type { Decoded } from "./shape.ts";
import { decodeState, encodeState } from "./state-item.ts";

export interface RunQuery extends TimeRange {
  readonly vantage?: string;
  /** At most this many runs. */
  readonly limit?: number;
  /** By scheduled time; newest first unless said otherwise. */
  readonly order?: "newest" | "oldest";
}

/** An item that no run or state could be read from: written by another version, by hand, or damaged. */
export interface UnreadableItem {
  readonly pk: string;
  readonly sk: string;
  readonly reason: string;
}

/** Runs, fetched as they are asked for. Reading the list again asks the table again. */
export interface RunListing extends AsyncIterable<RunRecord> {
  /** Items that the latest reading had to leave out; complete once it has ended. */
  readonly unreadable: readonly UnreadableItem[];
}

export interface HistoryOptions {
  readonly client: DynamoDBClient | DynamoDBDocumentClient;
  readonly tableName: string;
  readonly clock: Pick<Clock, "now">;
  /** The shard whose states are read and written; 0 unless said otherwise. */
  readonly shard?: number;
  /** Told of every item that could not be read. A state that cannot be read counts as absent. */
  readonly onUnreadable?: (item: UnreadableItem) => void;
}

/**
 * Runs and states in the history table. When the table cannot be reached or used, every method throws
 * a {@link HistoryError}. A time that is none, in a record or a query, is a bug: RangeError.
 */
export interface History {
  /** "duplicate": this target, scheduled time and vantage already has its run, which stays. */
  recordRun(record: RunRecord): Promise<"written" | "duplicate">;
  runs(target: string, query?: RunQuery): RunListing;
  lastRun(target: string, vantage?: string): Promise<RunRecord | null>;
  /** Names of all targets that have a state, sorted. */
  targets(): Promise<readonly string[]>;
  getState(target: string, vantage: string): Promise<TargetState | null>;
  states(): Promise<readonly TargetState[]>;
  /** "stale": what is stored is of a later run, and stays. */
  putState(state: TargetState): Promise<"written" | "stale">;
}

interface Table extends TableAccess {
  readonly clock: Pick<Clock, "now">;
  readonly shard: number;
  readonly onUnreadable: (item: UnreadableItem) => void;
}

export function createHistory(options: HistoryOptions): History {
  const table: Table = {
    documents: documentClient(options.client),
    tableName: options.tableName,
    clock: options.clock,
    shard: options.shard ?? 0,
    onUnreadable: options.onUnreadable ?? (() => {}),
  };
  return {
    recordRun: async (record) => ((await putRun(table, record)) ? "written" : "duplicate"),
    runs: (target, query = {}) => listRuns(table, target, query),
    lastRun: (target, vantage) => lastRun(table, target, vantage),
    targets: () => targetNames(table),
    getState: (target, vantage) => getState(table, target, vantage),
    states: () => allStates(table),
    putState: async (state) => ((await putState(table, state)) ? "written" : "stale"),
  };
}

function documentClient(client: DynamoDBClient | DynamoDBDocumentClient): DynamoDBDocumentClient {
  return client instanceof DynamoDBDocumentClient ? client : DynamoDBDocumentClient.from(client);
}

function putRun(table: Table, record: RunRecord): Promise<boolean> {
  return conditionalPut(table, "record a run", {
    Item: { ...encodeRun(record) },
    ConditionExpression: "attribute_not_exists(pk)",
  });
}

function putState(table: Table, state: TargetState): Promise<boolean> {
  const item = encodeState(table.shard, state);
  return conditionalPut(table, "write a state", {
    Item: { ...item },
    ConditionExpression: "attribute_not_exists(pk) OR lastRunAt <= :lastRunAt",
    ExpressionAttributeValues: { ":lastRunAt": item.lastRunAt },
  });
}

function listRuns(table: Table, target: string, query: RunQuery): RunListing {
  const unreadable: UnreadableItem[] = [];
  const note = (item: UnreadableItem) => {
    unreadable.push(item);
    table.onUnreadable(item);
  };
  return {
    unreadable,
    [Symbol.asyncIterator]: () => {
      unreadable.length = 0;
      return readRuns({ ...table, onUnreadable: note }, target, query);
    },
  };
}

async function* readRuns(table: Table, target: string, query: RunQuery): AsyncGenerator<RunRecord> {
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  if (limit < 1) return;
  let yielded = 0;
  for await (const item of queryRunItems(table, target, query)) {
    if (!isWanted(item, query, table.clock.now())) continue;
    const record = readable(table, item, decodeRun(item));
    if (record === null) continue;
    yield record;
    yielded += 1;
    if (yielded >= limit) return;
  }
}

function isWanted(item: Item, query: RunQuery, nowMs: number): boolean {
  if (isExpired(item, nowMs)) return false;
  if (query.vantage === undefined) return true;
  return parseRunKey(keyOf(item))?.vantage === query.vantage;
}

async function* queryRunItems(table: Table, target: string, query: RunQuery): AsyncGenerator<Item> {
  const { from, to } = runRange(query);
  // DynamoDB refuses such a range, but it only means that no run can be in it.
  if (from > to) return;
  yield* queryItems(table, {
    KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
    ExpressionAttributeValues: { ":pk": targetPartition(target), ":from": from, ":to": to },
    ScanIndexForward: query.order === "oldest",
    // Unfiltered, a page of `limit` is all that is needed.
    ...(query.limit !== undefined && query.vantage === undefined && { Limit: query.limit }),
  });
}

async function lastRun(table: Table, target: string, vantage?: string): Promise<RunRecord | null> {
  const query = { limit: 1, ...(vantage !== undefined && { vantage }) };
  for await (const record of readRuns(table, target, query)) return record;
  return null;
}

function queryStateItems(table: Table): AsyncGenerator<Item> {
  return queryItems(table, {
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": statePartition(table.shard) },
    ConsistentRead: true,
  });
}

async function targetNames(table: Table): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const item of queryStateItems(table)) {
    const identity = parseStateKey(keyOf(item).sk);
    if (identity !== null) names.add(identity.target);
  }
  return [...names].sort();
}

async function allStates(table: Table): Promise<readonly TargetState[]> {
  const states: TargetState[] = [];
  for await (const item of queryStateItems(table)) {
    const state = readable(table, item, decodeState(item));
    if (state !== null) states.push(state);
  }
  return states;
}

async function getState(
  table: Table,
  target: string,
  vantage: string,
): Promise<TargetState | null> {
  const item = await getItem(table, stateKey(table.shard, { target, vantage }));
  return item === undefined ? null : readable(table, item, decodeState(item));
}

/** The decoded value, or null after telling of the item that has none. */
function readable<T>(table: Table, item: Item, decoded: Decoded<T>): T | null {
  if (decoded.kind === "ok") return decoded.value;
  table.onUnreadable({ ...keyOf(item), reason: decoded.reason });
  return null;
}
