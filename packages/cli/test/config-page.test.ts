import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { loadModule } from "../src/load-config.ts";

const PAGE = readFileSync(new URL("../../../docs/config.md", import.meta.url), "utf8");
const [SHORT = "", FULL = ""] = [...PAGE.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text);
const ROWS = [...PAGE.matchAll(/^\| `([^`]+)` \| .*? \| (.*?) \| /gm)].map(
  ([, path = "", fallback = ""]) => ({ path, fallback }),
);

/** As an operator's file is. */
async function loaded(text: string): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "vigil-config-page-"));
  try {
    const path = join(folder, "vigil.config.ts");
    writeFileSync(path, text);
    const read = await loadModule(folder, path);
    if (!read.ok) throw new Error(JSON.stringify(read));
    return read.value.value;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The paths that a config says something at, as the page writes them. */
function pathsIn(value: unknown, at = ""): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsIn(item, `${at}[]`));
  if (typeof value !== "object" || value === null) return [];
  const { type, ...members } = value as Readonly<Record<string, unknown>>;
  const kind = typeof type === "string" ? `${at}.${type}` : at;
  return Object.entries(members).flatMap(([key, member]) => {
    const path = kind === "" ? key : `${kind}.${key}`;
    return [path, ...pathsIn(member, path)];
  });
}

describe("docs/config.md", () => {
  it("begins with an example that loads without a mistake", async () => {
    const read = parseConfig(await loaded(SHORT));
    expect(read).toMatchObject({ ok: true, config: { targets: [{ name: "orders" }] } });
  });

  it("ends with one that says something at every key", async () => {
    const full = await loaded(FULL);
    expect(parseConfig(full)).toMatchObject({ ok: true });
    const written = pathsIn(full);
    const missing = ROWS.filter(
      ({ path }) => !written.includes(path) && !written.includes(`targets[].${path}`),
    );
    expect(ROWS.length).toBeGreaterThan(80);
    expect(missing).toEqual([]);
  });
});

/** A config that sets nothing but what it must, with a place for every default. */
const BARE = {
  paging: {},
  deployments: {},
  targets: [
    {
      name: "orders",
      url: "https://orders.example.com/mcp",
      region: "us-east-1",
      lambda: { functionName: "McpServer" },
      expect: { cors: { origin: "https://app.example.com" } },
      sentinels: [{ tool: "query_table" }],
      stream: { tool: "progress" },
      concurrency: {},
      confirm: {},
    },
  ],
};

/** A copy of BARE with one more value; `[]` is the first item. */
function withValue(path: string, value: unknown): unknown {
  const copy: unknown = structuredClone(BARE);
  const keys = path.replaceAll("[]", ".0").split(".");
  const last = keys.pop() ?? "";
  const place = keys.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], copy);
  (place as Record<string, unknown>)[last] = value;
  return copy;
}

describe("a default on the page", () => {
  const literal = /^(?:`([[{"].*)`|([\d,.]+)|(true|false))$/;
  const defaults = ROWS.flatMap(({ path, fallback }) => {
    const [, json, number, flag] = literal.exec(fallback) ?? [];
    const text = json ?? number?.replaceAll(",", "") ?? flag;
    const isOwn = /^(?:vantages|profile|slo|paging|deployments|targets)\b/.test(path);
    return text === undefined ? [] : [[isOwn ? path : `targets[].${path}`, text] as const];
  });

  it("is told of most keys that have one", () => {
    expect(defaults.length).toBeGreaterThan(25);
  });

  it.each(defaults)("of %s is what holds when nothing is written: %s", (path, text) => {
    const written = parseConfig(withValue(path, JSON.parse(text)));
    expect(written).toEqual(parseConfig(BARE));
    expect(written).toMatchObject({ ok: true });
  });
});
