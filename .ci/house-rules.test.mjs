import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";

/** Shows that the rules of biome.json forbid what they are there to forbid, and nothing else. */
const root = join(import.meta.dirname, "..");
const biome = join(
  dirname(createRequire(import.meta.url).resolve("@biomejs/biome/package.json")),
  "bin/biome",
);

const LAYERING = "lint/style/noRestrictedImports";
const GLOBALS = "lint/style/noRestrictedGlobals";
const PLUGIN = "plugin";

/** What a folder must not import, in any spelling that reaches it. */
const FORBIDDEN_IMPORTS = [
  ["packages/core/src", "node:fs"],
  ["packages/core/src", "@aws-sdk/client-sns"],
  ["packages/core/src", "@modelcontextprotocol/sdk/types.js"],
  ["packages/core/src", "@vigil/probe"],
  ["packages/core/src", "@vigil/aws"],
  ["packages/core/src", "@vigil/page"],
  ["packages/core/src", "@vigil/functions"],
  ["packages/core/src", "@vigil/cli"],
  ["packages/core/src", "@vigil/demo-server"],
  ["packages/core/src", "@vigil/testkit"],
  ["packages/core/src/deep", "@vigil/probe"],
  ["packages/core/src", "../../probe/src/index.ts"],
  ["packages/core/src", "../../probe/test/harness.ts"],
  ["packages/core/src", "../../testkit/bench/overhead.ts"],
  ["packages/core/src", "../../cli/dist/core.js"],
  ["packages/core/src/deep", "../../../aws/src/index.ts"],
  ["packages/core/src", "../../../packages/probe/src/index.ts"],
  ["packages/probe/src", "@vigil/aws"],
  ["packages/probe/src", "@vigil/aws/embedded"],
  ["packages/probe/src", "@vigil/page"],
  ["packages/probe/src", "@vigil/functions"],
  ["packages/probe/src", "@vigil/cli"],
  ["packages/probe/src", "@vigil/demo-server"],
  ["packages/probe/src", "@vigil/testkit"],
  ["packages/probe/src", "@aws-sdk/client-sns"],
  ["packages/probe/src", "../../aws/src/index.ts"],
  ["packages/probe/src", "../../core/src/index.ts"],
  ["packages/aws/src", "@vigil/probe"],
  ["packages/aws/src", "@vigil/page"],
  ["packages/aws/src", "@vigil/functions"],
  ["packages/aws/src", "@vigil/cli"],
  ["packages/aws/src", "@vigil/testkit"],
  ["packages/aws/src", "@modelcontextprotocol/client"],
  ["packages/aws/src", "../../probe/src/index.ts"],
  ["packages/page/src", "@vigil/aws"],
  ["packages/page/src", "@vigil/probe"],
  ["packages/page/src", "@vigil/cli"],
  ["packages/page/src", "node:path"],
  ["packages/page/src", "../../aws/src/index.ts"],
  ["packages/functions/src", "@vigil/cli"],
  ["packages/functions/src", "@vigil/demo-server"],
  ["packages/functions/src", "@vigil/testkit"],
  ["packages/functions/src", "../../cli/src/main.ts"],
  ["packages/cli/src", "@vigil/functions"],
  ["packages/cli/src", "@vigil/demo-server"],
  ["packages/cli/src", "@vigil/testkit"],
  ["packages/cli/src/commands", "../../../testkit/src/index.ts"],
  ["packages/cli/src", "@vigil/a-package-nobody-has-named-yet"],
  ["packages/demo-server/src", "@vigil/core"],
  ["packages/demo-server/src", "@vigil/testkit"],
  ["packages/demo-server/src", "../../core/src/index.ts"],
  ["packages/testkit/src", "@vigil/probe"],
  ["packages/testkit/src", "@vigil/demo-server"],
  ["packages/testkit/src", "../../probe/src/index.ts"],
  ["stacks", "@vigil/aws"],
  ["stacks", "../packages/functions/src/probe.ts"],
];

const ALLOWED_IMPORTS = [
  ["packages/core/src", "./b.ts"],
  ["packages/core/src/deep", "../b.ts"],
  ["packages/core/src", "zod"],
  ["packages/probe/src", "@vigil/core"],
  ["packages/probe/src", "node:net"],
  ["packages/probe/src", "@modelcontextprotocol/sdk/client/index.js"],
  ["packages/aws/src", "@vigil/core"],
  ["packages/aws/src", "@aws-sdk/lib-dynamodb"],
  ["packages/page/src", "@vigil/core"],
  ["packages/functions/src", "@vigil/core"],
  ["packages/functions/src", "@vigil/probe"],
  ["packages/functions/src", "@vigil/aws"],
  ["packages/functions/src", "@vigil/page"],
  ["packages/cli/src", "@vigil/core"],
  ["packages/cli/src", "@vigil/probe"],
  ["packages/cli/src", "@vigil/page"],
  ["packages/cli/src", "@vigil/aws/embedded"],
  ["packages/demo-server/src", "express"],
  ["packages/testkit/src", "@vigil/core"],
  ["packages/testkit/src", "ajv/dist/2020.js"],
  ["packages/probe/test", "@vigil/testkit"],
  ["packages/probe/test", "../src/index.ts"],
  ["packages/testkit/bench", "@vigil/probe"],
  ["stacks", "@vigil/core"],
];

/** Code that a folder must not hold, and the rule that says so. */
const FORBIDDEN_CODE = [
  ["packages/core/src", `export * from "@vigil/probe";`, LAYERING],
  ["packages/core/src", `export const later = import("@vigil/probe");`, LAYERING],
  ["packages/core/src", `export type Run = import("@vigil/probe").Run;`, PLUGIN],
  ["packages/core/src", `export type Probe = typeof import("../../probe/src/index.ts");`, PLUGIN],
  ["packages/core/src", `export const fs = require("node:fs");`, "lint/style/noCommonJs"],
  ["packages/core/src", `export { readFile } from "fs";`, "lint/style/useNodejsImportProtocol"],
  ["packages/core/src", `import { z } from "zod";\n\nexport const text = z.string();`, LAYERING],
  ["packages/core/src", "export const at = Date.now();", PLUGIN],
  ["packages/core/src", "export const clock = { now: Date.now };", PLUGIN],
  ["packages/core/src", "export const at = new Date();", PLUGIN],
  ["packages/core/src", "export const at = Date();", PLUGIN],
  ["packages/core/src/deep", "export const dice = Math.random();", PLUGIN],
  ["packages/page/src", "export const at = new Date();", PLUGIN],
  ["packages/core/src", "export const at = globalThis.Date.now();", GLOBALS],
  ["packages/core/src", "export const at = performance.now();", GLOBALS],
  ["packages/core/src", "export const id = crypto.randomUUID();", GLOBALS],
  ["packages/core/src", `export const got = fetch("https://a.example");`, GLOBALS],
  ["packages/core/src", "export const region = process.env.AWS_REGION;", GLOBALS],
  ["packages/page/src", "export const wait = (fn: () => void) => setTimeout(fn, 1);", GLOBALS],
  ["packages/probe/src", "export const signal = AbortSignal.timeout(1);", PLUGIN],
  ["packages/cli/src", "export const signal = AbortSignal.any([]);", PLUGIN],
  [
    "packages/probe/src",
    "async function go() {}\n\nexport function start() {\n  go();\n}",
    "lint/nursery/noFloatingPromises",
  ],
  ["packages/probe/src", "export enum Era {\n  Legacy,\n}", "lint/style/noEnum"],
  ["packages/probe/src", "export default 1;", "lint/style/noDefaultExport"],
  ["packages/probe/src", "export let x: any;", "lint/suspicious/noExplicitAny"],
];

const ALLOWED_CODE = [
  ["packages/core/src", `import * as z from "zod";\n\nexport const text = z.string();`],
  ["packages/core/src", "export const at = new Date(0).toISOString();"],
  ["packages/core/src", `export const at = Date.parse("2026-11-22");`],
  ["packages/core/src", "export const bytes = new TextEncoder().encode;"],
  ["packages/core/src", `export type B = import("./b.ts").B;`],
  ["packages/probe/src", "export const clock = { now: () => Date.now() };"],
  ["packages/probe/src", "export const signal = new AbortController().signal;"],
  ["packages/probe/src", "export const signal = AbortSignal.abort();"],
];

const imports = ([folder, from]) => [folder, `import { x } from "${from}";\n\nx();`, from];
const forbidden = [
  ...FORBIDDEN_IMPORTS.map(imports).map(([folder, code, from]) => ({
    title: `${folder} must not import ${from}`,
    folder,
    code,
    rule: LAYERING,
  })),
  ...FORBIDDEN_CODE.map(([folder, code, rule]) => ({
    title: `${folder} must not hold: ${code.replace(/\s+/g, " ")}`,
    folder,
    code,
    rule,
  })),
];
const allowed = [
  ...ALLOWED_IMPORTS.map(imports).map(([folder, code, from]) => ({
    title: `${folder} may import ${from}`,
    folder,
    code,
  })),
  ...ALLOWED_CODE.map(([folder, code]) => ({ title: `${folder} may hold: ${code}`, folder, code })),
];
const rows = [...forbidden, ...allowed].map((row, index) => ({
  ...row,
  path: `${row.folder}/row-${index}.ts`,
}));

/** Every row as a file of an otherwise empty house, linted at once. */
const house = mkdtempSync(join(tmpdir(), "vigil-house-"));
after(() => rmSync(house, { recursive: true }));
cpSync(join(root, "biome.json"), join(house, "biome.json"));
cpSync(join(root, ".ci/lint"), join(house, ".ci/lint"), { recursive: true });
execFileSync("git", ["init", "-q"], { cwd: house });
for (const { path, code } of rows) {
  mkdirSync(join(house, dirname(path)), { recursive: true });
  writeFileSync(join(house, path), `${code}\n`);
}
const args = [biome, "lint", "--reporter=json", "--max-diagnostics=none", "packages", "stacks"];
const linted = spawnSync(process.execPath, args, { cwd: house, encoding: "utf8" });
const { diagnostics } = JSON.parse(linted.stdout);

/** Errors alone: a warning would let the tree pass. */
const errorsOf = (path) =>
  diagnostics
    .filter(({ severity, location }) => severity === "error" && location.path === path)
    .map(({ category }) => category);

for (const { title, path, rule } of rows) {
  test(title, () => {
    assert.deepEqual([...new Set(errorsOf(path))], rule === undefined ? [] : [rule]);
  });
}
