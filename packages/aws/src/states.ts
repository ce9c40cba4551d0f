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

async function* queryStateItems(table: Table): AsyncGenerator<Item> {
  if (!table.everyShard) {
    yield* queryShard(table, table.shard);
    return;
  }
  // Shards are numbered without gaps, and each has targets: the first empty one is past the last.
  for (let shard = 0, found = true; found; shard += 1) {
    found = false;
    for await (const item of queryShard(table, shard)) {
      found = true;
      yield item;
    }
  }
}

function queryShard(table: Table, shard: number): AsyncGenerator<Item> {
  return queryItems(table, {
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": statePartition(shard) },
    ConsistentRead: true,
  });
}
