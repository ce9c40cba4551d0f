import { describe, expect, it } from "vitest";
import {
  type Drift,
  type Era,
  judge,
  type ToolInfo,
  type ToolList,
  type ToolLists,
  toolsHash,
} from "../../src/index.ts";
import { EXPECTATIONS, exchange, leg, listTools, negotiate, result, run, step } from "./build.ts";

const S = { type: "string" };

function tool(name: string, properties: object = {}, required: readonly string[] = []): ToolInfo {
  return { name, inputSchema: { type: "object", properties, required }, annotations: null };
}

function list(tools: readonly ToolInfo[]): ToolList {
  return { toolsHash: toolsHash(tools), toolCount: tools.length, tools };
}

const QUERY = tool("query_table", { table: S });
const LIST = tool("list_tables");

interface Case {
  readonly name: string;
  readonly accepted: ToolLists | null;
  readonly legs: Partial<Record<Era, readonly ToolInfo[]>>;
  readonly drift: Drift | null;
  readonly failures?: readonly (readonly [era: Era, summary: string])[];
}

function drift(added: number, removed: number, changed: number, breaking = true): Drift {
  return { added, removed, changed, breaking };
}

const NEEDS_REGION = tool("query_table", { table: S, region: S }, ["region"]);
const BOTH = { legacy: list([QUERY]), modern: list([LIST]) };

const CASES: readonly Case[] = [
  { name: "nothing is accepted", accepted: null, legs: { legacy: [QUERY] }, drift: null },
  {
    name: "the accepted tools, in another order",
    accepted: { legacy: list([QUERY, LIST]) },
    legs: { legacy: [LIST, QUERY] },
    drift: null,
  },
  {
    name: "what callers rely on is different",
    accepted: { legacy: list([QUERY, LIST]) },
    legs: { legacy: [NEEDS_REGION] },
    drift: drift(0, 1, 1),
    failures: [
      [
        "legacy",
        'list_tables was removed; query_table: the new property "region" is required (breaking for callers)',
      ],
    ],
  },
  {
    name: "more than before is only told",
    accepted: { legacy: list([QUERY]) },
    legs: { legacy: [tool("query_table", { table: S, limit: S }), LIST] },
    drift: drift(1, 0, 1, false),
  },
  {
    name: "of many changes, the first ones",
    accepted: { legacy: list(["a", "b", "c", "d", "e", "f"].map((name) => tool(name))) },
    legs: { legacy: [QUERY] },
    drift: drift(1, 6, 0),
    failures: [
      [
        "legacy",
        "a was removed; b was removed; c was removed; d was removed; and 2 more (breaking for callers)",
      ],
    ],
  },
  {
    name: "of a list too large to be kept, that it changed",
    accepted: {
      legacy: { ...list([QUERY]), tools: [{ name: "query_table", schemaHash: "sha256:00" }] },
    },
    legs: { legacy: [NEEDS_REGION] },
    drift: drift(0, 0, 1),
    failures: [
      [
        "legacy",
        "query_table: its schema changed, and the list was too large for the schemas to be kept (perhaps breaking for callers)",
      ],
    ],
  },
  {
    name: "each era is held against its own list",
    accepted: BOTH,
    legs: { legacy: [QUERY], modern: [LIST] },
    drift: null,
  },
  {
    name: "one of two eras breaks callers, the other has more",
    accepted: BOTH,
    legs: { legacy: [], modern: [LIST, QUERY] },
    drift: drift(0, 1, 0),
    failures: [["legacy", "query_table was removed (breaking for callers)"]],
  },
  {
    name: "a target that changed its era is held against the list of before",
    accepted: { legacy: list([QUERY]) },
    legs: { modern: [LIST] },
    drift: drift(1, 1, 0),
    failures: [["modern", "query_table was removed (breaking for callers)"]],
  },
];

function legsOf(legs: Case["legs"]) {
  return (["legacy", "modern"] as const).flatMap((era) => {
    const tools = legs[era];
    return tools === undefined ? [] : [leg({ era, tools, steps: [negotiate(), listed(era)] })];
  });
}

function listed(era: Era) {
  return { ...listTools(), era };
}

/** A list may be empty here. */
const LAX = { ...EXPECTATIONS, expect: { ...EXPECTATIONS.expect, minTools: 0 } };

describe("a run against the accepted tools", () => {
  it.each(CASES)("$name", ({ accepted: baseline, legs, drift: expected, failures = [] }) => {
    const verdict = judge(run({ legs: legsOf(legs) }), LAX, { baseline });
    expect(verdict.drift).toEqual(expected);
    expect(verdict.failures).toMatchObject(
      failures.map(([era, summary]) => ({ mode: "tools-drift", step: "listTools", era, summary })),
    );
    expect(verdict.failures).toHaveLength(failures.length);
    expect(verdict.status).toBe(failures.length === 0 ? "up" : "degraded");
    expect(verdict.depth).toBe("tools");
  });

  it("is not told as drift where a tool is missing, which says more", () => {
    const expect_ = { ...EXPECTATIONS.expect, tools: ["list_tables"] };
    const baseline = { legacy: list([QUERY, LIST]) };
    const legs = [leg({ tools: [QUERY] })];
    const verdict = judge(run({ legs }), { ...EXPECTATIONS, expect: expect_ }, { baseline });
    expect(verdict.failures.map(({ mode }) => mode)).toEqual(["tools-missing"]);
    expect(verdict.drift).toEqual(drift(0, 1, 0));
  });

  it("tells drift beside a sentinel that fails, and lets a sound one count", () => {
    const sentinels = [{ tool: "query_table", arguments: {}, expect: {}, allowWrites: false }];
    const baseline = { legacy: list([QUERY, LIST]) };
    const judged = (isError: boolean) => {
      const reply = result({ content: [], isError });
      const call = step("callTool", {
        label: "query_table",
        exchanges: [exchange({ method: "tools/call", id: 2, reply })],
      });
      const legs = [leg({ tools: [QUERY], steps: [negotiate(), listTools(), call] })];
      return judge(run({ legs }), { ...EXPECTATIONS, sentinels }, { baseline });
    };
    const failed = judged(true);
    expect(failed.failures.map(({ mode }) => mode)).toEqual(["tool-call-failed", "tools-drift"]);
    expect(failed.status).toBe("down");
    expect(judged(false)).toMatchObject({ status: "degraded", depth: "sentinel" });
  });

  it("says nothing of a list that was not obtained", () => {
    const legs = [leg({ tools: null, steps: [negotiate({ status: 500 })] })];
    const verdict = judge(run({ legs }), EXPECTATIONS, { baseline: { legacy: list([QUERY]) } });
    expect(verdict.drift).toBeNull();
    expect(verdict.failures.map(({ mode }) => mode)).toEqual(["http-server-error"]);
  });

  it("does not take a secret in a description, which the accepted list is free of, for a change", () => {
    const echoing = (text: string) => tool("query_table", { table: { ...S, enum: [text] } });
    const baseline = { legacy: list([echoing("[redacted]")]) };
    const legs = [leg({ tools: [echoing("t0ken-4711")] })];
    const redact = (text: string) => text.replace("t0ken-4711", "[redacted]");
    const verdict = judge(run({ legs }), EXPECTATIONS, { baseline, redact });
    expect(verdict).toMatchObject({ status: "up", drift: null });
  });
});
