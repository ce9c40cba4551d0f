import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as core from "@vigil/core";
import { parseConfig } from "@vigil/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf, DOCUMENTS } from "./documents.ts";

const BLOCKS = DOCUMENTS.flatMap(blocksOf).filter(({ language }) => language === "ts");
const BUILDERS = [
  "bearer",
  "defineConfig",
  "headers",
  "oauthClientCredentials",
  "secret",
  "sigv4",
] as const;

/** A whole config, a target, or keys of one of them: as one value. */
function asValue(text: string): string {
  const whole = /export default ([\s\S]*?);?\s*$/.exec(text)?.[1];
  if (whole !== undefined) return whole;
  return text.trimStart().startsWith("{") ? text : `{ ${text} }`;
}

type Keys = Readonly<Record<string, unknown>>;

interface Blocks {
  made(builders: typeof core): readonly Keys[];
}

const TARGET = {
  name: "orders",
  url: "https://orders.example.com/mcp",
  region: "us-east-1",
  owner: "team-orders",
  tags: ["payments"],
};
const WHOLE = [
  "paging",
  "demo",
  "defaults",
  "vantages",
  "profile",
  "slo",
  "deployments",
  "targets",
];

/** A config that the block is a part of. */
function configOf(value: Keys): Keys {
  const isWhole = Object.keys(value).every((key) => WHOLE.includes(key));
  return isWhole
    ? { targets: [TARGET], ...value }
    : { vantages: ["eu-west-1"], targets: [{ ...TARGET, ...value }] };
}

describe("a block of TypeScript in the documents", () => {
  const folder = mkdtempSync(join(tmpdir(), "vigil-config-blocks-"));
  let values: readonly Keys[] = [];

  beforeAll(async () => {
    const path = join(folder, "blocks.mjs");
    const all = BLOCKS.map(({ text }) => asValue(text)).join(",\n");
    writeFileSync(path, `export const made = ({ ${BUILDERS.join(", ")} }) => [${all}];\n`);
    const { made } = (await import(path)) as Blocks;
    values = made(core);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is there more than ten times", () => {
    expect(BLOCKS.length).toBeGreaterThan(10);
  });

  it.each(BLOCKS.map(({ path, text }, index) => ({ path, text, index })))(
    "in $path is a config without a mistake: $text",
    ({ index }) => {
      const read = parseConfig(configOf(values[index] ?? {}));
      expect(read.ok ? [] : read.findings).toEqual([]);
    },
  );

  it.each(BLOCKS.filter(({ text }) => text.includes("import ")))(
    "in $path takes from the package what it has, and all that it uses",
    ({ text }) => {
      const taken = /import \{ (.*) \} from "@vigil\/core"/.exec(text)?.[1]?.split(", ") ?? [];
      const used = BUILDERS.filter((name) => text.includes(`${name}(`));
      expect(taken.toSorted()).toEqual(used.toSorted());
      expect(taken.filter((name) => !Object.hasOwn(core, name))).toEqual([]);
    },
  );
});
