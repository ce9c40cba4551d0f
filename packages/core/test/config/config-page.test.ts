import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";
import { configSchema } from "../../src/config/schema.ts";
import { limitShape } from "../../src/config/schema-limits.ts";

const PAGE = readFileSync(new URL("../../../../docs/config.md", import.meta.url), "utf8");
const LIMITS = Object.keys(limitShape);

/** The paths of an object's keys, through optional values and lists. */
function pathsOf(schema: unknown, path = ""): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodReadonly) {
    return pathsOf(schema.unwrap(), path);
  }
  if (schema instanceof z.ZodArray) return pathsOf(schema.element, `${path}[]`);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([key, value]) => {
    const at = path === "" ? key : `${path}.${key}`;
    return [at, ...pathsOf(value, at)];
  });
}

/** Limits are told once, for targets and defaults alike. */
function isTold(path: string): boolean {
  const own = path.replace(/^(?:defaults|targets\[\])\./, "");
  return own === path || !LIMITS.includes(own.split(".")[0] ?? "");
}

test("the config page tells of each key of the schema, once, and of no other", () => {
  const limits = pathsOf(z.strictObject(limitShape));
  const keys = [...pathsOf(configSchema).filter(isTold), ...limits];
  const told = [...PAGE.matchAll(/^\| `([^`]+)` \|/gm)].map(([, key]) => key);
  expect(limits.length).toBeGreaterThan(5);
  expect(told.toSorted()).toEqual(keys.toSorted());
});
