import fc from "fast-check";

/** A JSON schema as a tree that edits can walk. */
export type Node = Record<string, unknown> | boolean;

export const NAMES = ["a", "b", "c"] as const;
/** Properties that only edits add bear these names. */
export const FRESH = ["n1", "n2"] as const;

const text = fc.record(
  {
    type: fc.constant("string"),
    minLength: fc.integer({ min: 0, max: 3 }),
    maxLength: fc.integer({ min: 3, max: 6 }),
  },
  { requiredKeys: ["type"] },
);
const whole = fc.record(
  {
    type: fc.constant("integer"),
    minimum: fc.integer({ min: -4, max: 0 }),
    maximum: fc.integer({ min: 8, max: 12 }),
    multipleOf: fc.constantFrom(1, 2, 4),
  },
  { requiredKeys: ["type"] },
);
const number = fc.record(
  {
    type: fc.constant("number"),
    minimum: fc.integer({ min: -4, max: 0 }),
    exclusiveMaximum: fc.integer({ min: 8, max: 12 }),
  },
  { requiredKeys: ["type"] },
);
const values = fc
  .uniqueArray(fc.constantFrom("x", "y", "z", 1, 2, null), { minLength: 1, maxLength: 4 })
  .map((list) => ({ enum: list }));
const types = fc
  .uniqueArray(fc.constantFrom("string", "number", "null", "boolean"), {
    minLength: 1,
    maxLength: 3,
  })
  .map((list) => ({ type: list }));
const leaf: fc.Arbitrary<Node> = fc.oneof(
  { arbitrary: text, weight: 3 },
  { arbitrary: whole, weight: 2 },
  { arbitrary: number, weight: 2 },
  values,
  types,
  fc.constant({ type: "boolean" }),
  fc.constant({}),
);

interface Kinds {
  readonly branches: boolean;
}

function listOf(of: fc.Arbitrary<Node>): fc.Arbitrary<Node> {
  return fc.record(
    {
      type: fc.constant("array"),
      items: of,
      minItems: fc.integer({ min: 0, max: 1 }),
      maxItems: fc.integer({ min: 2, max: 3 }),
    },
    { requiredKeys: ["type"] },
  );
}

function objectOf(of: fc.Arbitrary<Node>): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .record(
      {
        type: fc.constant("object"),
        properties: fc.dictionary(fc.constantFrom(...NAMES), of, { minKeys: 1, maxKeys: 3 }),
        additionalProperties: fc.constantFrom<Node>(true, false, { type: "string" }),
        required: fc.subarray([...NAMES]),
      },
      { requiredKeys: ["type", "properties"] },
    )
    .map(({ required = [], ...rest }) => {
      const known = required.filter((name) => Object.hasOwn(rest.properties, name));
      return known.length === 0 ? rest : { ...rest, required: known };
    });
}

function branchesOf(of: fc.Arbitrary<Node>): fc.Arbitrary<Node> {
  const branches = fc.array(of, { minLength: 2, maxLength: 3 });
  return fc.tuple(fc.constantFrom("anyOf", "oneOf", "allOf"), branches).map(([keyword, list]) => ({
    [keyword]: list,
  }));
}

export function nodeOf({ branches }: Kinds, depth = 2): fc.Arbitrary<Node> {
  if (depth === 0) return leaf;
  const inner = nodeOf({ branches }, depth - 1);
  const containers = [{ arbitrary: leaf, weight: 4 }, listOf(inner), objectOf(inner)];
  if (!branches) return fc.oneof(...containers);
  const reference = fc.constantFrom({ $ref: "#/$defs/one" }, { $ref: "#/$defs/tree" });
  return fc.oneof(...containers, branchesOf(inner), reference);
}

/** The input schema of a tool, with definitions that its parts may refer to. */
export function inputSchema(kinds: Kinds): fc.Arbitrary<Record<string, unknown>> {
  // Without branches all limits are tried, which takes many more samples for each level.
  if (!kinds.branches) return objectOf(nodeOf(kinds, 1));
  return fc.tuple(objectOf(nodeOf(kinds)), nodeOf({ branches: false }, 1)).map(([schema, one]) => ({
    ...schema,
    $defs: {
      one,
      tree: { type: "object", properties: { a: { type: "string" }, b: { $ref: "#/$defs/tree" } } },
    },
  }));
}
