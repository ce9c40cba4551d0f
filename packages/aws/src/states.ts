import type { TargetState } from "@vigil/core";
import { conditionalPut, getItem, queryItems } from "./items.ts";
import {
  canonicalTime,
  type Item,
  keyOf,
  parseStateKey,
  type StateIdentity,
  stateKey,
  statePartition,
} from "./keys.ts";
import { readable, type Table } from "./listing.ts";
import { decodeState, encodeState } from "./state-item.ts";

/** False when what is stored is of a later run, or, with `over`, of another one than that. */
export function putState(
  table: Table,
  state: TargetState,
  over: TargetState | null | undefined,
): Promise<boolean> {
  const item = encodeState(table.shard, state);
  const values = { ":lastRunAt": item.lastRunAt };
  return conditionalPut(table, "write a state", {
    Item: { ...item },
    ...(over === undefined
      ? {
          ConditionExpression: "attribute_not_exists(pk) OR lastRunAt <= :lastRunAt",
          ExpressionAttributeValues: values,
        }
      : replacing(over, values)),
  });
}

/** The state's own run counts as what is replaced: a request may be sent again after it succeeded. */
function replacing(over: TargetState | null, values: Readonly<Record<string, string>>) {
  if (over === null) {
    return {
      ConditionExpression: "attribute_not_exists(pk) OR lastRunAt = :lastRunAt",
      ExpressionAttributeValues: values,
    };
  }
  return {
    ConditionExpression: "lastRunAt = :over OR lastRunAt = :lastRunAt",
    ExpressionAttributeValues: { ...values, ":over": canonicalTime(over.lastRunAt) },
  };
}

export async function targetNames(table: Table): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const item of queryStateItems(table)) {
    const identity = parseStateKey(keyOf(item).sk);
    if (identity !== null) names.add(identity.target);
  }
  return [...names].sort();
}

/** By key. Of a target that has moved to another shard, where its older state stays, the newest. */
export async function allStates(table: Table): Promise<readonly TargetState[]> {
  const newest = new Map<string, TargetState>();
  for await (const item of queryStateItems(table)) {
    const state = readable(table, item, decodeState(item));
    if (state === null) continue;
    const { sk } = keyOf(item);
    const other = newest.get(sk);
    if (other === undefined || isOlder(other, state)) newest.set(sk, state);
  }
  return [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
}

function isOlder(a: TargetState, b: TargetState): boolean {
  return Date.parse(a.lastRunAt) < Date.parse(b.lastRunAt);
}

export async function getState(table: Table, identity: StateIdentity): Promise<TargetState | null> {
  const item = await getItem(table, "read a state", stateKey(table.shard, identity));
  return item === undefined ? null : readable(table, item, decodeState(item));
}

/** Asked at once. When not one of so many holds a state, they are past the last. */
const SHARDS_AT_ONCE = 4;

async function* queryStateItems(table: Table): AsyncGenerator<Item> {
  if (!table.everyShard) {
    yield* queryShard(table, table.shard);
    return;
  }
  // Shards are numbered without gaps, but one whose probe has never run holds nothing.
  for (let from = 0, found = true; found; from += SHARDS_AT_ONCE) {
    const shards = await Promise.all(
      Array.from({ length: SHARDS_AT_ONCE }, (_, n) => wholeShard(table, from + n)),
    );
    yield* shards.flat();
    found = shards.some((items) => items.length > 0);
  }
}

async function wholeShard(table: Table, shard: number): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const item of queryShard(table, shard)) items.push(item);
  return items;
}

function queryShard(table: Table, shard: number): AsyncGenerator<Item> {
  return queryItems(table, {
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": statePartition(shard) },
    ConsistentRead: true,
  });
}
