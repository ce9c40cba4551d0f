import type { TargetState } from "@vigil/core";
import { conditionalPut, getItem, queryItems } from "./items.ts";
import {
  type Item,
  keyOf,
  parseStateKey,
  type StateIdentity,
  stateKey,
  statePartition,
} from "./keys.ts";
import { readable, type Table } from "./listing.ts";
import { decodeState, encodeState } from "./state-item.ts";

/** False when what is stored is of a later run. */
export function putState(table: Table, state: TargetState): Promise<boolean> {
  const item = encodeState(table.shard, state);
  return conditionalPut(table, "write a state", {
    Item: { ...item },
    ConditionExpression: "attribute_not_exists(pk) OR lastRunAt <= :lastRunAt",
    ExpressionAttributeValues: { ":lastRunAt": item.lastRunAt },
  });
}

export async function targetNames(table: Table): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const item of queryStateItems(table)) {
    const identity = parseStateKey(keyOf(item).sk);
    if (identity !== null) names.add(identity.target);
  }
  return [...names].sort();
}

export async function allStates(table: Table): Promise<readonly TargetState[]> {
  const states: TargetState[] = [];
  for await (const item of queryStateItems(table)) {
    const state = readable(table, item, decodeState(item));
    if (state !== null) states.push(state);
  }
  return states;
}

export async function getState(table: Table, identity: StateIdentity): Promise<TargetState | null> {
  const item = await getItem(table, "read a state", stateKey(table.shard, identity));
  return item === undefined ? null : readable(table, item, decodeState(item));
}

function queryStateItems(table: Table): AsyncGenerator<Item> {
  return queryItems(table, {
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": statePartition(table.shard) },
    ConsistentRead: true,
  });
}
