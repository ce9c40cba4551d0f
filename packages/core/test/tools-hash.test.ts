import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ToolInfo } from "../src/run.ts";
import { canonicalJson, MAX_JSON_DEPTH, toolsHash } from "../src/tools-hash.ts";

function tool(name: string, inputSchema: unknown = { type: "object" }): ToolInfo {
  return { name, inputSchema, annotations: null };
}

function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text, "utf8").digest("hex")}`;
}

describe("canonicalJson", () => {
  it.each([
    { name: "null", value: null, json: "null" },
    { name: "undefined", value: undefined, json: "null" },
    { name: "a number", value: 1e21, json: "1e+21" },
    { name: "minus zero", value: -0, json: "0" },
    { name: "a text with escapes", value: 'a"\n\u0001é', json: '"a\\"\\n\\u0001é"' },
    { name: "half a surrogate pair", value: "\ud800", json: '"\\ud800"' },
    { name: "an array keeps its order", value: [2, 1, [3]], json: "[2,1,[3]]" },
    {
      name: "members by code unit",
      value: { b: 1, a: 2, B: 3, é: 4, "": 5 },
      json: '{"":5,"B":3,"a":2,"b":1,"é":4}',
    },
    {
      name: "members at every depth",
      value: { z: [{ b: 1, a: { d: 1, c: 2 } }] },
      json: '{"z":[{"a":{"c":2,"d":1},"b":1}]}',
    },
    {
      name: "number-like keys, which engines put first",
      value: { b: 1, 10: 1, 9: 1 },
      json: '{"10":1,"9":1,"b":1}',
    },
    { name: "members without a value", value: { a: undefined, b: null }, json: '{"b":null}' },
    { name: "array items without a value", value: [undefined], json: "[null]" },
    {
      name: "a member named __proto__",
      value: JSON.parse('{"b":1,"__proto__":{"a":1}}'),
      json: '{"__proto__":{"a":1},"b":1}',
    },
  ])("$name", ({ value, json }) => {
    expect(canonicalJson(value)).toBe(json);
  });

  it("says the same as JSON.stringify, but for the order", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("stops at its greatest depth, whatever lies below", () => {
    const nested = (depth: number, core: string) => "[".repeat(depth) + core + "]".repeat(depth);
    const whole = nested(MAX_JSON_DEPTH, "1");
    expect(canonicalJson(JSON.parse(whole))).toBe(whole);
    const cut = nested(MAX_JSON_DEPTH, '"[nested too deeply]"');
    expect(canonicalJson(JSON.parse(nested(MAX_JSON_DEPTH + 1, "1")))).toBe(cut);
    expect(canonicalJson(JSON.parse(nested(500_000, "{}")))).toBe(cut);
  });
});

describe("toolsHash", () => {
  it("is SHA-256 over names and input schemas", () => {
    const tools = [tool("b", { type: "object", properties: {} }), tool("a")];
    const text =
      '[{"inputSchema":{"type":"object"},"name":"a"},' +
      '{"inputSchema":{"properties":{},"type":"object"},"name":"b"}]';
    expect(toolsHash(tools)).toBe(sha256(text));
  });

  it("of no tools is that of an empty list", () => {
    expect(toolsHash([])).toBe(sha256("[]"));
  });

  it.each([
    { name: "another name", tools: [tool("b")] },
    { name: "another schema", tools: [tool("a", { type: "object", required: ["x"] })] },
    { name: "one tool more", tools: [tool("a"), tool("b")] },
    { name: "two tools of one name", tools: [tool("a"), tool("a", { type: "object", x: 1 })] },
    { name: "a name that runs into the schema", tools: [tool('a","x":"')] },
  ])("changes with $name", ({ tools }) => {
    expect(toolsHash(tools)).not.toBe(toolsHash([tool("a")]));
  });

  it("does not change with a tool that two pages list alike", () => {
    const listed = [tool("a"), tool("b"), tool("a"), tool("c"), tool("b")];
    expect(toolsHash(listed)).toBe(toolsHash([tool("a"), tool("b"), tool("c")]));
  });

  it("does not change with annotations", () => {
    const annotated = { ...tool("a"), annotations: { readOnlyHint: true } };
    expect(toolsHash([annotated])).toBe(toolsHash([tool("a")]));
  });

  it("does not change with the order of tools or members, even of tools that share a name", () => {
    const schema = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 3 }));
    const tools = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), schema), { maxLength: 5 });
    const shuffled = tools.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        const listed = list.map(([name, members]) => tool(name, members));
        const moved = other.map(([name, members]) => tool(name, reversed(members)));
        expect(toolsHash(moved)).toBe(toolsHash(listed));
      }),
    );
  });

  it("survives a schema nested beyond any stack", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}`);
    expect(toolsHash([tool("a", deep)])).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

function reversed(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).reverse());
}
