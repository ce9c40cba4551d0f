import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { ToolInfo } from "./run.ts";

/** Nested deeper than any schema in use, and far less than any stack holds. */
export const MAX_JSON_DEPTH = 100;
/** Stands for whatever lies deeper than {@link MAX_JSON_DEPTH}. */
const TOO_DEEP = '"[nested too deeply]"';

/**
 * `sha256:` and 64 hex digits over the tools' names and input schemas: what a client's calls depend
 * on. The order of tools, pages and object members makes no difference; a tool that two pages list
 * alike counts once; the tools' own descriptions do not count.
 */
export function toolsHash(tools: readonly Pick<ToolInfo, "name" | "inputSchema">[]): string {
  const entries = tools
    .map(({ name, inputSchema }) => ({ name, json: canonicalJson({ name, inputSchema }) }))
    // Tools that share a name, which they should not, are ordered by the rest.
    .sort((a, b) => compare(a.name, b.name) || compare(a.json, b.json));
  const different = entries.filter(({ json }, index) => json !== entries[index - 1]?.json);
  return hashText(`[${different.map(({ json }) => json).join(",")}]`);
}

/** The same over one input schema, whatever its tool's name. */
export function schemaHash(inputSchema: unknown): string {
  return hashText(canonicalJson(inputSchema));
}

/** `sha256:` and 64 hex digits. */
export function hashText(text: string): string {
  return `sha256:${bytesToHex(sha256(utf8ToBytes(text)))}`;
}

/**
 * JSON with members sorted by code unit at every depth and no white space. Takes what `JSON.parse`
 * gives; `undefined` counts as `null`, and as absent in an object. Below {@link MAX_JSON_DEPTH} a
 * fixed text stands in, so that no input exhausts the stack.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (depth >= MAX_JSON_DEPTH) return TOO_DEEP;
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => compare(a, b))
    .map(([key, member]) => `${JSON.stringify(key)}:${write(member, depth + 1)}`);
  return `{${members.join(",")}}`;
}

/** By code unit, whatever the locale. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
