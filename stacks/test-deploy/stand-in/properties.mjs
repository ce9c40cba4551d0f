import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

/** How Pulumi marks what is no plain value on the wire. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const FILES = ["c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"];

/** Values as the cloud would get them: secrets opened, files with the hash of what they hold. */
export function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  if (value[SIGNATURE] === SECRET) return plain(value.value);
  if (FILES.includes(value[SIGNATURE]) && value.path !== undefined) {
    const hash = createHash("sha256").update(readFileSync(value.path)).digest("hex");
    return { ...value, hash };
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** What differs, by path, in the words of Pulumi's detailed diff. */
export function diff(before, after, path = "") {
  if (isDeepStrictEqual(before, after)) return {};
  if (before === undefined) return { [path]: { kind: "add", inputDiff: true } };
  if (after === undefined) return { [path]: { kind: "delete", inputDiff: true } };
  if (!isRecord(before) || !isRecord(after)) return { [path]: { kind: "update", inputDiff: true } };
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const inner = [...keys].map((key) =>
    diff(before[key], after[key], path === "" ? key : `${path}.${key}`),
  );
  return Object.assign({}, ...inner);
}

function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
