import { describe, expect, it } from "vitest";
import { compareTools } from "../../src/drift/index.ts";

interface Row {
  readonly name: string;
  readonly before: object;
  readonly after: object;
  /** What breaks callers, then what does not. */
  readonly breaking?: readonly string[];
  readonly fine?: readonly string[];
}

function args(properties: object, more: object = {}): object {
  return { type: "object", properties, ...more };
}

const S = { type: "string" };
const OPEN = args({ a: S });

const PROPERTIES: readonly Row[] = [
  {
    name: "a new required property",
    before: OPEN,
    after: args({ a: S, region: S }, { required: ["region"] }),
    breaking: ['the new property "region" is required'],
  },
  {
    name: "an optional property that became required",
    before: OPEN,
    after: args({ a: S }, { required: ["a"] }),
    breaking: ['the property "a" is required now'],
  },
  {
    name: "a required property that became optional",
    before: args({ a: S }, { required: ["a"] }),
    after: OPEN,
    fine: ['the property "a" is no longer required'],
  },
  {
    name: "a required property that went",
    before: args({ a: S, b: S }, { required: ["b"] }),
    after: OPEN,
    fine: ['the required property "b" was removed'],
  },
  {
    name: "a new optional property",
    before: OPEN,
    after: args({ a: S, b: { type: "number" } }),
    fine: ['the optional property "b" was added'],
  },
  {
    name: "a new optional property of a closed object",
    before: args({ a: S }, { additionalProperties: false }),
    after: args({ a: S, b: { type: "number" } }, { additionalProperties: false }),
    fine: ['the optional property "b" was added'],
  },
  {
    name: "a new optional property beside typed others",
    before: args({}, { additionalProperties: S }),
    after: args({ b: { type: "number" } }, { additionalProperties: S }),
    breaking: ['"b" no longer takes string'],
    fine: ['"b" takes number too'],
  },
  {
    name: "a property that went and is still taken",
    before: args({ a: S, b: S }),
    after: OPEN,
    fine: ['the property "b" is no longer described, and still taken'],
  },
  {
    name: "a property that went from a closed object",
    before: args({ a: S, b: S }, { additionalProperties: false }),
    after: args({ a: S }, { additionalProperties: false }),
    breaking: ['the property "b" was removed, and is refused'],
  },
  {
    name: "an object that was closed",
    before: OPEN,
    after: args({ a: S }, { additionalProperties: false }),
    breaking: ["the arguments object refuses further properties now"],
  },
  {
    name: "an object that was opened",
    before: args({ a: S }, { additionalProperties: false }),
    after: OPEN,
    fine: ["the arguments object takes further properties too"],
  },
  {
    name: "further properties that were narrowed",
    before: args({}, { additionalProperties: { type: ["string", "number"] } }),
    after: args({}, { additionalProperties: S }),
    breaking: ['"*" no longer takes number'],
  },
  {
    name: "an object within that was closed",
    before: args({ f: args({ id: S }) }),
    after: args({ f: args({ id: S }, { additionalProperties: false }) }),
    breaking: ['"f" refuses further properties now'],
  },
  {
    name: "an optional property named as one elsewhere",
    before: args({ f: args({ id: S }) }),
    after: args({ f: args({ id: S }), id: { type: "number" } }),
    fine: ['the optional property "id" was added'],
  },
  {
    name: "a property that only another branch knew",
    before: args({}, { anyOf: [args({ a: S }), args({ b: S })] }),
    after: args({}, { anyOf: [args({ b: S })] }),
    breaking: ['"b" takes only string now'],
  },
  {
    name: "properties named as members that every object has",
    before: args({ constructor: S, toString: S }),
    after: args({ constructor: { type: "number" }, toString: S }),
    breaking: ['"constructor" no longer takes string'],
    fine: ['"constructor" takes number too'],
  },
  {
    name: "a property named __proto__",
    before: JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}'),
    after: JSON.parse('{"type":"object","properties":{"__proto__":{"type":"number"}}}'),
    breaking: ['"__proto__" no longer takes string'],
    fine: ['"__proto__" takes number too'],
  },
];

function arg(before: unknown, after: unknown): Pick<Row, "before" | "after"> {
  return { before: args({ a: before }), after: args({ a: after }) };
}

const VALUES: readonly Row[] = [
  {
    name: "another type",
    ...arg(S, { type: "number" }),
    breaking: ['"a" no longer takes string'],
    fine: ['"a" takes number too'],
  },
  {
    name: "a type where there was none",
    ...arg({}, S),
    breaking: ['"a" takes only string now'],
  },
  { name: "a type more", ...arg(S, { type: ["string", "null"] }), fine: ['"a" takes null too'] },
  {
    name: "number to integer",
    ...arg({ type: "number" }, { type: "integer" }),
    breaking: ['"a" no longer takes fractions'],
  },
  {
    name: "integer to number",
    ...arg({ type: "integer" }, { type: "number" }),
    fine: ['"a" takes fractions too'],
  },
  {
    name: "values removed and added",
    ...arg({ enum: ["x", "y"] }, { enum: ["y", "z"] }),
    breaking: ['"a" no longer takes "x"'],
    fine: ['"a" takes "z" too'],
  },
  {
    name: "values in another order",
    ...arg({ enum: ["x", "y"] }, { enum: ["y", "x"] }),
    fine: ["only descriptions, or what else restricts nothing, changed"],
  },
  {
    name: "values where any were taken",
    ...arg(S, { type: "string", enum: ["x"] }),
    breaking: ['"a" takes only "x" now'],
  },
  {
    name: "a constant for a list that had it",
    ...arg({ enum: ["x", "y"] }, { const: "x" }),
    breaking: ['"a" no longer takes "y"'],
  },
  {
    name: "boolean as its two values",
    ...arg({ type: "boolean" }, { enum: [true, false] }),
    fine: ["only descriptions, or what else restricts nothing, changed"],
  },
  {
    name: "values for which the demands hold anyway",
    ...arg({ enum: ["x", "yy"] }, { type: "string", minLength: 1, maxLength: 2 }),
    fine: ['"a" takes other values than "x", "yy" too'],
  },
  {
    name: "a range that narrowed at one end and widened at the other",
    ...arg({ type: "number", minimum: 0, maximum: 9 }, { type: "number", minimum: 1, maximum: 10 }),
    breaking: ['"a" must be at least 1 now'],
    fine: ['"a" need not be at most 9 any more'],
  },
  {
    name: "an inclusive end that became exclusive",
    ...arg({ type: "number", maximum: 9 }, { type: "number", exclusiveMaximum: 9 }),
    breaking: ['"a" must be less than 9 now'],
  },
  {
    name: "ends that are the same for integers",
    ...arg({ type: "integer", minimum: 1 }, { type: "integer", exclusiveMinimum: 0.5 }),
    fine: ["only descriptions, or what else restricts nothing, changed"],
  },
  {
    name: "ends between two multiples",
    ...arg(
      { type: "integer", multipleOf: 4, minimum: -3, exclusiveMaximum: 8 },
      { type: "integer", multipleOf: 4, minimum: 0, maximum: 4 },
    ),
    fine: ["only descriptions, or what else restricts nothing, changed"],
  },
  {
    name: "an exclusive end as draft-04 wrote it",
    ...arg({ type: "number", minimum: 1 }, { type: "number", minimum: 1, exclusiveMinimum: true }),
    breaking: ['"a" must be more than 1 now'],
  },
  {
    name: "a coarser step",
    ...arg({ type: "integer", multipleOf: 2 }, { type: "integer", multipleOf: 4 }),
    breaking: ['"a" must be a multiple of 4 now'],
  },
  {
    name: "a finer step",
    ...arg({ type: "integer", multipleOf: 4 }, { type: "integer", multipleOf: 2 }),
    fine: ['"a" need not be a multiple of 4 any more'],
  },
  {
    name: "lengths",
    ...arg({ type: "string", maxLength: 9 }, { type: "string", minLength: 1, maxLength: 10 }),
    breaking: ['"a" must be 1 characters or more now'],
    fine: ['"a" need not be 9 characters or fewer any more'],
  },
  {
    name: "a pattern and a format that came",
    ...arg(S, { type: "string", pattern: "^x", format: "email" }),
    breaking: ['"a" must be matched by the pattern ^x now', '"a" must be of the format email now'],
  },
  {
    name: "a length that is no matter for numbers",
    ...arg({ type: "number" }, { type: "number", minLength: 3, pattern: "^x" }),
    fine: ["only descriptions, or what else restricts nothing, changed"],
  },
  {
    name: "words alone",
    ...arg({ type: "string", description: "old" }, { type: "string", title: "A", default: "x" }),
    fine: ["only descriptions, or what else restricts nothing, changed"],
  },
  {
    name: "no value at all",
    ...arg(S, false),
    breaking: ['"a" takes no value any more'],
  },
  { name: "any value", ...arg(S, true), fine: ['"a" takes values of any type too'] },
];

const ITEMS: readonly Row[] = [
  {
    name: "items of another type",
    ...arg({ type: "array", items: { type: ["string", "null"] } }, { type: "array", items: S }),
    breaking: ['"a[]" no longer takes null'],
  },
  {
    name: "items where any were taken",
    ...arg({ type: "array" }, { type: "array", items: S }),
    breaking: ['"a[]" takes only string now'],
  },
  {
    name: "fewer items, and unique ones",
    ...arg({ type: "array" }, { type: "array", maxItems: 3, uniqueItems: true }),
    breaking: ['"a" must be 3 items or fewer now', '"a" takes unique items only now'],
  },
  {
    name: "a tuple that was closed",
    ...arg(
      { type: "array", prefixItems: [S, S] },
      { type: "array", prefixItems: [S, { type: "string", minLength: 2 }], items: false },
    ),
    breaking: ['"a[1]" must be 2 characters or more now', '"a" takes no more than 2 items now'],
  },
  {
    name: "a tuple as draft-07 wrote it",
    before: args(
      { a: { type: "array", items: [S], additionalItems: S } },
      { $schema: "http://json-schema.org/draft-07/schema#" },
    ),
    after: args({ a: { type: "array", prefixItems: [S], items: S } }),
    fine: ["only descriptions, or what else restricts nothing, changed"],
  },
];

const N = { type: "null" };
const CLOSED = { additionalProperties: false };

const BRANCHES: readonly Row[] = [
  {
    name: "null as a branch instead of a type",
    ...arg({ type: ["string", "null"] }, { anyOf: [S, N] }),
    fine: ["only descriptions, or what else restricts nothing, changed"],
  },
  {
    name: "null as a type instead of a branch",
    ...arg({ anyOf: [S, N] }, { type: ["string", "null"] }),
    fine: ["only descriptions, or what else restricts nothing, changed"],
  },
  {
    name: "a branch of another type",
    ...arg({ anyOf: [S, N] }, { anyOf: [{ type: "integer" }, N] }),
    breaking: ['"a" no longer takes string'],
    fine: ['"a" takes integer too'],
  },
  {
    name: "a branch less",
    ...arg({ anyOf: [S, N] }, { anyOf: [S] }),
    breaking: ['"a" no longer takes null'],
  },
  {
    name: "a shape less, of two",
    ...arg(
      { anyOf: [args({ x: S }, CLOSED), args({ y: S }, CLOSED)] },
      { anyOf: [args({ x: S }, CLOSED)] },
    ),
    breaking: ['the property "a.y" was removed, and is refused'],
  },
  {
    name: "a branch more",
    ...arg({ oneOf: [S] }, { oneOf: [S, N] }),
    fine: ['"a" takes null too'],
  },
  {
    name: "branches in another order",
    ...arg({ oneOf: [S, N] }, { oneOf: [N, S] }),
    fine: ["only descriptions, or what else restricts nothing, changed"],
  },
];

const REFERENCES: readonly Row[] = [
  {
    name: "a target that was narrowed",
    before: args({ a: { $ref: "#/$defs/id" } }, { $defs: { id: S } }),
    after: args({ a: { $ref: "#/$defs/id" } }, { $defs: { id: { type: "string", minLength: 8 } } }),
    breaking: ['"a" must be 8 characters or more now'],
  },
  {
    name: "another target that demands the same",
    before: args({ a: { $ref: "#/$defs/id" } }, { $defs: { id: S } }),
    after: args({ a: { $ref: "#/definitions/key" } }, { definitions: { key: S } }),
    fine: ["only descriptions, or what else restricts nothing, changed"],
  },
  {
    name: "a target written out",
    before: args({ a: { $ref: "#/$defs/id" } }, { $defs: { id: S } }),
    after: args({ a: S }),
    fine: ["only descriptions, or what else restricts nothing, changed"],
  },
  {
    name: "what stands beside a reference",
    before: args({ a: { $ref: "#/$defs/id" } }, { $defs: { id: S } }),
    after: args({ a: { $ref: "#/$defs/id", minLength: 2 } }, { $defs: { id: S } }),
    breaking: ['"a" must be 2 characters or more now'],
  },
  {
    name: "a tree whose nodes got a demand",
    before: args({ next: { $ref: "#" }, id: S }),
    after: args({ next: { $ref: "#" }, id: S }, { required: ["id"] }),
    breaking: ['the property "id" is required now', 'the property "next.id" is required now'],
  },
  {
    name: "a tree whose nodes got an optional property",
    before: args({ next: { $ref: "#" }, id: S }),
    after: args({ next: { $ref: "#" }, id: S, label: S }),
    fine: [
      'the optional property "next.label" was added',
      'the optional property "label" was added',
    ],
  },
  {
    name: "the parts of allOf together",
    before: args({ a: { allOf: [{ type: "string" }, { minLength: 2 }] } }),
    after: args({ a: { type: "string", minLength: 1 } }),
    fine: ['"a" need not be 2 characters or more any more'],
  },
];

const NOT_CLEAR = (what: string) =>
  `"a" changed, and whether it takes what it took is not clear (${what})`;

/** As text, since an object with a member `then` looks like a promise. */
function condition(minLength: number): string {
  const then = `{"minLength":${minLength}}`;
  return `{"type":"object","properties":{"a":{"if":{"type":"string"},"then":${then}}}}`;
}

const UNCLEAR: readonly Row[] = [
  {
    name: "a change within not",
    ...arg({ not: { const: "x" } }, { not: { const: "y" } }),
    breaking: [NOT_CLEAR("`not`")],
  },
  {
    name: "a pattern for listed values, since no pattern of a server's is run",
    ...arg({ enum: ["x"] }, { enum: ["x"], pattern: "^x" }),
    breaking: [NOT_CLEAR("the pattern ^x")],
  },
  {
    name: "a not that went",
    ...arg({ type: "string", not: { const: "x" } }, S),
    fine: ['"a" changed (`not`)'],
  },
  {
    name: "a change elsewhere, beside a not",
    before: args({ a: { not: { const: "x" } }, b: S }),
    after: args({ a: { not: { const: "x" } }, b: { type: ["string", "null"] } }),
    fine: ['"b" takes null too'],
  },
  {
    name: "a change behind a condition",
    before: JSON.parse(condition(1)),
    after: JSON.parse(condition(2)),
    breaking: [NOT_CLEAR("`if`")],
  },
  {
    name: "a reference to another document",
    ...arg({ $ref: "https://orders.example/id.json" }, { $ref: "https://orders.example/key.json" }),
    breaking: [NOT_CLEAR("a reference or an `unevaluated…` keyword")],
  },
  {
    name: "a reference that points to itself",
    before: args({ a: { $ref: "#/$defs/x" } }, { $defs: { x: { $ref: "#/$defs/x" } } }),
    after: args(
      { a: { $ref: "#/$defs/x" } },
      { $defs: { x: { $ref: "#/$defs/x", minLength: 1 } } },
    ),
    breaking: [
      NOT_CLEAR("a reference or an `unevaluated…` keyword"),
      '"a" must be 1 characters or more now',
    ],
  },
  {
    name: "branches that may overlap",
    ...arg(
      { oneOf: [{ minLength: 2 }, { type: "null" }] },
      { oneOf: [{ minLength: 1 }, { type: ["null", "string"] }] },
    ),
    breaking: [NOT_CLEAR("branches of `oneOf` that may overlap")],
    fine: ['"a" need not be 2 characters or more any more'],
  },
  {
    name: "a pattern that may match a new property",
    before: args({}, { patternProperties: { "^x-": S } }),
    after: args({ a: { type: "number" } }, { patternProperties: { "^x-": S } }),
    breaking: [NOT_CLEAR("a pattern that may match it")],
  },
];

function changesOf({ before, after }: Row) {
  const tool = (inputSchema: unknown) => [{ name: "t", inputSchema }];
  const { changed, breaking } = compareTools(tool(before), tool(after));
  const changes = changed[0]?.changes ?? [];
  return {
    breaking: changes.filter((one) => one.breaking).map(({ text }) => text),
    fine: changes.filter((one) => !one.breaking).map(({ text }) => text),
    isBreaking: breaking,
  };
}

describe.each([
  { group: "properties", rows: PROPERTIES },
  { group: "values", rows: VALUES },
  { group: "items", rows: ITEMS },
  { group: "branches", rows: BRANCHES },
  { group: "references", rows: REFERENCES },
  { group: "what cannot be decided", rows: UNCLEAR },
])("$group", ({ rows }) => {
  it.each(rows)("$name", (row) => {
    const { breaking = [], fine = [] } = row;
    expect(changesOf(row)).toEqual({ breaking, fine, isBreaking: breaking.length > 0 });
  });
});
