import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HISTORY_ERROR_CODES } from "@vigil/aws";
import { expect, it } from "vitest";
import { TROUBLES } from "../src/log.ts";

const TEXT = readFileSync(join(import.meta.dirname, "../../../docs/lambda.md"), "utf8");
const TABLES = TEXT.slice(TEXT.indexOf("## What goes wrong"));

it.each([
  ...TROUBLES,
  ...HISTORY_ERROR_CODES,
  "bad-environment",
  "unknown-shard",
  "unknown-target",
  "InvocationError",
  "EnvironmentError",
  "RefusedError",
])("docs/lambda.md says what %s means", (code) => {
  expect(TABLES).toContain(`\`${code}\``);
});
