import { gunzipSync, gzipSync } from "node:zlib";
import {
  ACCEPTED_BY,
  ERAS,
  type KeptTool,
  schemaHash,
  type ToolBaseline,
  type ToolList,
  type ToolLists,
  type ToolSnapshot,
} from "@vigil/core";
import {
  type Check,
  type Decoded,
  decodeJson,
  hasShape,
  isArrayOf,
  isNumber,
  isOneOf,
  isPlainObject,
  isString,
  isTime,
  optional,
  orNull,
  type Shape,
} from "./shape.ts";

/** DynamoDB allows 400 KiB; the rest is for keys and what stands beside. */
const MAX_PACKED_BYTES = 380 * 1024;
/** Far more than any packed list holds. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;

const isTool: Check = (value) =>
  isPlainObject(value) &&
  isString(value["name"]) &&
  (isString(value["schemaHash"]) || value["inputSchema"] !== undefined);

const LIST: Shape<ToolList> = {
  toolsHash: isString,
  toolCount: isNumber,
  tools: isArrayOf(isTool),
};

const isLists: Check = (value) =>
  isPlainObject(value) &&
  Object.keys(value).length > 0 &&
  Object.keys(value).every(isOneOf(ERAS)) &&
  ERAS.every((era) => optional(hasShape(LIST))(value[era]));

const SNAPSHOT: Shape<ToolSnapshot> = { at: isTime, lists: isLists };

const BASELINE: Shape<ToolBaseline> = {
  ...SNAPSHOT,
  acceptedAt: isTime,
  acceptedBy: isOneOf(ACCEPTED_BY),
  previousAcceptedAt: orNull(isTime),
};

/**
 * The tools, compressed; of lists that are too large for an item, the hash of each schema instead
 * of the schema. Null when even that is too much.
 */
export function packTools(snapshot: ToolSnapshot | ToolBaseline): Uint8Array | null {
  const whole = pack(snapshot);
  if (whole.length <= MAX_PACKED_BYTES) return whole;
  const hashed = pack({ ...snapshot, lists: hashedLists(snapshot.lists) });
  return hashed.length <= MAX_PACKED_BYTES ? hashed : null;
}

function pack(value: unknown): Uint8Array {
  return gzipSync(JSON.stringify(value));
}

function hashedLists(lists: ToolLists): ToolLists {
  return Object.fromEntries(
    Object.entries(lists).map(([era, list]) => [era, { ...list, tools: list.tools.map(hashed) }]),
  );
}

function hashed(tool: KeptTool): KeptTool {
  return "schemaHash" in tool
    ? tool
    : { name: tool.name, schemaHash: schemaHash(tool.inputSchema) };
}

export function unpackSnapshot(packed: unknown): Decoded<ToolSnapshot> {
  return unpack(packed, SNAPSHOT);
}

export function unpackBaseline(packed: unknown): Decoded<ToolBaseline> {
  return unpack(packed, BASELINE);
}

function unpack<T>(packed: unknown, shape: Shape<T>): Decoded<T> {
  if (!(packed instanceof Uint8Array)) return { kind: "unreadable", reason: "no body" };
  try {
    const text = gunzipSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES }).toString("utf8");
    return decodeJson(text, shape);
  } catch {
    return { kind: "unreadable", reason: "body cannot be unpacked" };
  }
}
