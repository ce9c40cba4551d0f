import { mainList, type ToolBaseline, type ToolLists, type ToolSnapshot } from "@vigil/core";
import { conditionalPut, getItem } from "./items.ts";
import { baselineKey, canonicalTime, type ItemKey, toolsKey } from "./keys.ts";
import { readable, type Table } from "./listing.ts";
import { packTools, unpackBaseline, unpackSnapshot } from "./tools-item.ts";

/** "too-large": not even the tools' names and hashes fit an item, so nothing is kept. */
export type ToolsWritten = "written" | "too-large";

export async function getBaseline(table: Table, target: string): Promise<ToolBaseline | null> {
  const item = await getItem(table, "read a baseline", baselineKey(target));
  return item === undefined ? null : readable(table, item, unpackBaseline(item["tools"]));
}

/** The latest tools, accepted or not. */
export async function getTools(table: Table, target: string): Promise<ToolSnapshot | null> {
  const item = await getItem(table, "read a list of tools", toolsKey(target));
  return item === undefined ? null : readable(table, item, unpackSnapshot(item["tools"]));
}

export interface BaselineWrite {
  readonly target: string;
  readonly baseline: ToolBaseline;
  readonly when: "absent" | "always";
}

export async function putBaseline(
  table: Table,
  { target, baseline, when }: BaselineWrite,
): Promise<ToolsWritten | "present"> {
  const item = itemOf(baselineKey(target), baseline);
  if (item === null) return "too-large";
  const written = await conditionalPut(table, "write a baseline", {
    Item: { ...item, acceptedAt: canonicalTime(baseline.acceptedAt) },
    ...(when === "absent" && { ConditionExpression: "attribute_not_exists(pk)" }),
  });
  return written ? "written" : "present";
}

export async function putTools(
  table: Table,
  target: string,
  snapshot: ToolSnapshot,
): Promise<ToolsWritten | "stale"> {
  const item = itemOf(toolsKey(target), snapshot);
  if (item === null) return "too-large";
  const written = await conditionalPut(table, "write a list of tools", {
    Item: item,
    ConditionExpression: "attribute_not_exists(pk) OR seenAt <= :seenAt",
    ExpressionAttributeValues: { ":seenAt": item.seenAt },
  });
  return written ? "written" : "stale";
}

/** What people look for stands beside the packed tools. */
function itemOf(key: ItemKey, snapshot: ToolSnapshot) {
  const tools = packTools(snapshot);
  if (tools === null) return null;
  const { at, lists } = snapshot;
  return { ...key, seenAt: canonicalTime(at), toolsHash: hashOf(lists), tools };
}

function hashOf(lists: ToolLists): string | null {
  return mainList(lists)?.toolsHash ?? null;
}
