import type { Advice } from "./advice.ts";
import { wrongKind } from "./advice.ts";
import { leaf } from "./leaf.ts";
import type { JsonObject, JsonValue } from "./types.ts";

/** Deeper values are taken for circles. */
const MAX_DEPTH = 64;

const NOT_JSON: Advice = {
  problem: "holds something that JSON cannot carry",
  fix: "Write texts, finite numbers, true, false, null, lists and plain objects alone.",
};

export const jsonValue = leaf<JsonValue>("JSON", (value) => (isJson(value) ? [] : [NOT_JSON]));

export function jsonObject(fix: string) {
  return leaf<JsonObject>("an object of JSON", (value) => {
    if (!isPlainObject(value)) return [{ problem: wrongKind(value, "an object"), fix }];
    return isJson(value) ? [] : [NOT_JSON];
  });
}

function isJson(value: unknown, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false;
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1));
  return isPlainObject(value) && Object.values(value).every((item) => isJson(item, depth + 1));
}

/** Also of another realm, where a loader may have run the config. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const parent: unknown = Object.getPrototypeOf(value);
  return parent === null || Object.getPrototypeOf(parent) === null;
}

/** The same text for the same JSON, whatever the order of keys. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
  return `{${members.join(",")}}`;
}
