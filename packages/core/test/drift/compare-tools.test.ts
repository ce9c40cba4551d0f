import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTools, type KeptTool, MAX_CHANGES } from "../../src/drift/index.ts";

const S = { type: "string" };
const NUMBER = { type: "number" };

function tool(name: string, properties: object = {}, more: object = {}): KeptTool {
  return { name, inputSchema: { type: "object", properties, ...more } };
}

const SAME = { added: [], removed: [], changed: [], breaking: false };

describe("compareTools", () => {
  it.each([
    { name: "nothing", before: [], after: [] },
    { name: "the same tools", before: [tool("a"), tool("b")], after: [tool("a"), tool("b")] },
    { name: "another order", before: [tool("a"), tool("b")], after: [tool("b"), tool("a")] },
    {
      name: "members in another order",
      before: [{ name: "a", inputSchema: { type: "object", required: ["x"] } }],
      after: [{ name: "a", inputSchema: { required: ["x"], type: "object" } }],
    },
    { name: "a tool that two pages list", before: [tool("a")], after: [tool("a"), tool("a")] },
    {
      name: "two tools of one name, in another order",
      before: [tool("a", { x: S }), tool("a", { x: NUMBER })],
      after: [tool("a", { x: NUMBER }), tool("a", { x: S })],
    },
  ])("finds no change: $name", ({ before, after }) => {
    expect(compareTools(before, after)).toEqual(SAME);
  });

  it("names what came and went by name; only what went breaks callers", () => {
    const [a, b, c] = [tool("a"), tool("b"), tool("c")];
    expect(compareTools([b], [c, b, a])).toEqual({ ...SAME, added: ["a", "c"] });
    expect(compareTools([c, b, a], [b])).toEqual({ ...SAME, removed: ["a", "c"], breaking: true });
  });

  it("tells of each tool what changed, what breaks first", () => {
    const before = [tool("z", { x: S }), tool("a", { x: S })];
    const after = [tool("z", { x: S, y: S }), tool("a", { x: NUMBER })];
    const said = (path: string, kind: string, breaking: boolean, text: string) => ({
      path,
      kind,
      breaking,
      text,
    });
    expect(compareTools(before, after)).toEqual({
      ...SAME,
      breaking: true,
      changed: [
        {
          tool: "a",
          breaking: true,
          changes: [
            said("x", "type", true, '"x" no longer takes string'),
            said("x", "type", false, '"x" takes number too'),
          ],
        },
        {
          tool: "z",
          breaking: false,
          changes: [said("y", "property-added", false, 'the optional property "y" was added')],
        },
      ],
    });
  });

  it("holds each of two tools of one name against each that there is now", () => {
    const before = [tool("a", { x: S })];
    const { changed } = compareTools(before, [tool("a", { x: S }), tool("a", { x: NUMBER })]);
    expect(changed[0]?.changes.map(({ text }) => text)).toEqual([
      '"x" no longer takes string',
      '"x" takes number too',
    ]);
  });

  it("knows by its hash alone that a schema changed, and not how", () => {
    const hashed = (schemaHash: string): KeptTool => ({ name: "a", schemaHash });
    expect(compareTools([hashed("sha256:1")], [hashed("sha256:1")])).toEqual(SAME);
    const { changed, breaking } = compareTools([hashed("sha256:1")], [tool("a")]);
    expect(breaking).toBe(true);
    expect(changed[0]?.changes).toEqual([
      {
        path: "",
        kind: "unclear",
        breaking: true,
        text: "its schema changed, and the list was too large for the schemas to be kept",
      },
    ]);
  });

  it("tells at most so many changes, and those that break", () => {
    const many = (of: object, n: number) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [`p${i}`, of]));
    const before = tool("a", many(S, 50));
    const after = tool("a", { ...many({ type: ["string", "null"] }, 49), p49: NUMBER });
    const [change] = compareTools([before], [after]).changed;
    expect(change?.changes).toHaveLength(MAX_CHANGES);
    expect(change?.changes[0]?.text).toBe('"p49" no longer takes string');
  });
});

/** Longer than any of these takes, even on a busy machine; without bounds they take for ever. */
const PATIENCE_MS = 10_000;

function nested(depth: number, core: string, open: string, close: string): unknown {
  return JSON.parse(open.repeat(depth) + core + close.repeat(depth));
}

/** Each definition holds the next one twice: written out, it has no end. */
function doubling(levels: number, keyword: string, leaf: object): unknown {
  const next = (n: number) => ({
    [keyword]: [{ $ref: `#/$defs/d${n}` }, { $ref: `#/$defs/d${n}` }],
  });
  const defs = Array.from({ length: levels }, (_, n) => [`d${n}`, next(n + 1)] as const);
  return {
    type: "object",
    ...next(0),
    $defs: { ...Object.fromEntries(defs), [`d${levels}`]: leaf },
  };
}

const KEYWORDS = [
  ...["allOf", "anyOf", "oneOf", "prefixItems", "items", "required", "enum", "type"],
  ...[
    "properties",
    "patternProperties",
    "additionalProperties",
    "dependentSchemas",
    "dependencies",
  ],
  ...["not", "if", "then", "else", "contains", "propertyNames", "const", "minimum", "multipleOf"],
  ...["$ref", "$defs", "$id", "$dynamicRef", "unevaluatedProperties", "minLength", "pattern"],
];
const WORDS = ["object", "string", "integer", "a", "#", "#/$defs/a", "#/properties/a", "#/anyOf/0"];

/** Keywords with values of any kind, most of them no schemas at all. */
const nonsense = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(...WORDS, true, false, null, 0, -1, Number.POSITIVE_INFINITY),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYWORDS, "a", "b"), tie("value"), { maxKeys: 4 }),
  ),
})).value;

it("makes something of any two values, whatever they are", () => {
  fc.assert(
    fc.property(nonsense, nonsense, (before, after) => {
      const { breaking, changed } = compareTools(
        [{ name: "a", inputSchema: before }],
        [{ name: "a", inputSchema: after }],
      );
      expect(changed.some((one) => one.breaking)).toBe(breaking);
      for (const { changes } of changed) expect(changes).not.toEqual([]);
    }),
    { numRuns: 500 },
  );
});

describe("hostile schemas", () => {
  const A = { maxProperties: 3 };
  const B = { maxProperties: 2 };
  it.each([
    {
      name: "nested beyond any stack",
      before: nested(200_000, "{}", '{"type":"object","properties":{"a":', "}}"),
      after: nested(200_000, "{}", '{"type":"object","minProperties":1,"properties":{"a":', "}}"),
    },
    ...["allOf", "anyOf", "oneOf"].map((keyword) => ({
      name: `doubling in ${keyword}`,
      before: doubling(40, keyword, A),
      after: doubling(40, keyword, B),
    })),
    ...["allOf", "anyOf", "oneOf", "prefixItems"].map((keyword) => ({
      name: `nested beyond any stack in ${keyword}`,
      before: nested(50_000, '{"maxProperties":3}', `{"${keyword}":[`, "]}"),
      after: nested(50_000, '{"maxProperties":3}', `{"minProperties":1,"${keyword}":[`, "]}"),
    })),
    ...["not", "items", "additionalProperties", "if"].map((keyword) => ({
      name: `nested beyond any stack in ${keyword}`,
      before: nested(50_000, '{"maxProperties":3}', `{"${keyword}":`, "}"),
      after: nested(50_000, '{"maxProperties":3}', `{"minProperties":1,"${keyword}":`, "}"),
    })),
    {
      name: "a chain of references beyond any stack",
      before: chain(50_000, A),
      after: chain(50_000, B),
    },
    {
      name: "branches within branches, each changed",
      before: { type: "object", ...branching(8, 1) },
      after: { type: "object", ...branching(8, 2) },
    },
    {
      name: "ten thousand references in a ring",
      before: ring(10_000, 1),
      after: ring(10_000, 2),
    },
    {
      name: "ten megabytes",
      before: wide(100_000, S),
      after: wide(100_000, NUMBER),
    },
    {
      name: "branches by the thousand",
      before: { type: "object", anyOf: branches(2_000, 0) },
      after: { type: "object", anyOf: branches(2_000, 1) },
    },
    {
      name: "references to what every object has",
      before: { type: "object", properties: { a: { $ref: "#/constructor" } } },
      after: { type: "object", properties: { a: { $ref: "#/__proto__" } } },
    },
    {
      name: "keywords of the wrong kind that restrict nothing, and one that does",
      before: { type: "object", properties: 5, required: "x", anyOf: {}, enum: "x", minimum: "1" },
      after: { type: "object", properties: [], required: [7, "x"], anyOf: 1, $ref: 5, allOf: {} },
    },
  ])("$name: come to an end, and are breaking", ({ before, after }) => {
    const tool = (inputSchema: unknown) => [{ name: "a", inputSchema }];
    const startedAt = performance.now();
    const { breaking, changed } = compareTools(tool(before), tool(after));
    expect(performance.now() - startedAt).toBeLessThan(PATIENCE_MS);
    expect(breaking).toBe(true);
    expect(JSON.stringify(changed).length).toBeLessThan(20_000);
  });

  it("share one bound over all tools", () => {
    const list = (leaf: object) =>
      Array.from({ length: 100 }, (_, n) => ({
        name: `t${n}`,
        inputSchema: doubling(40, "anyOf", leaf),
      }));
    const startedAt = performance.now();
    expect(compareTools(list(A), list(B)).changed).toHaveLength(100);
    expect(performance.now() - startedAt).toBeLessThan(PATIENCE_MS);
  });
});

/** Each definition is the next one. */
function chain(length: number, leaf: object): unknown {
  const defs = Array.from({ length }, (_, n) => [`d${n}`, { $ref: `#/$defs/d${n + 1}` }] as const);
  return {
    type: "object",
    $ref: "#/$defs/d0",
    $defs: { ...Object.fromEntries(defs), [`d${length}`]: leaf },
  };
}

function branching(levels: number, minimum: number): object {
  if (levels === 0) return { properties: { a: { minimum } } };
  const inner = branching(levels - 1, minimum);
  return { oneOf: [inner, { anyOf: [inner, { type: ["object", "null"] }] }, { required: ["b"] }] };
}

function ring(length: number, minProperties: number): unknown {
  const defs = Array.from({ length }, (_, n) => [
    `d${n}`,
    { properties: { next: { $ref: `#/$defs/d${(n + 1) % length}` } } },
  ]);
  const all: Record<string, object> = Object.fromEntries(defs);
  all[`d${length - 1}`] = { ...all[`d${length - 1}`], minProperties };
  return { type: "object", $ref: "#/$defs/d0", $defs: all };
}

function wide(properties: number, of: object): unknown {
  const long = "x".repeat(80);
  const all = Array.from({ length: properties }, (_, n) => [`${long}${n}`, of]);
  return { type: "object", properties: Object.fromEntries(all) };
}

function branches(count: number, from: number): readonly object[] {
  return Array.from({ length: count }, (_, n) => ({ required: [`p${n + from}`] }));
}
