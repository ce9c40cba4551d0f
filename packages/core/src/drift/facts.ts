import { canonicalJson } from "../tools-hash.ts";
import {
  IN_PLACE,
  isSchema,
  ONE_SCHEMA,
  own,
  PLAIN,
  SCHEMA_LISTS,
  SCHEMA_MAPS,
  type Schema,
  type Side,
  schemasIn,
  textIn,
} from "./json-schema.ts";
import type { Steps } from "./steps.ts";
import { ALL_TYPES, common, type JsonType, typeOf, typesNamed } from "./types.ts";

/** A demand on a value. Those that hold together are listed side by side, as `allOf` has them. */
export type Part =
  /** Keywords without `$ref` and `allOf`, which have been followed. */
  | { readonly kind: "keywords"; readonly schema: Schema }
  /** A schema that cannot be taken apart. */
  | { readonly kind: "opaque"; readonly schema: Schema };

/** All that is known of a value at some place. */
export interface Facts {
  readonly side: Side;
  /** Schemas as they are written, each of which holds. */
  readonly schemas: readonly unknown[];
  /** The same taken apart. */
  readonly parts: readonly Part[];
  /** No value is allowed at all. */
  readonly never: boolean;
  /** Branches of a `oneOf` that do not hold, because another does. */
  readonly excluded: readonly unknown[];
  /** Which branch of how many these facts are about. */
  readonly branch: { readonly index: number; readonly of: number } | null;
}

export function factsOf(schemas: readonly unknown[], side: Side, steps: Steps): Facts {
  const parts: Part[] = [];
  let never = false;
  for (const schema of schemas) {
    const taken = takeApart(schema, { side, steps, refs: [] });
    if (taken === "never") never = true;
    else parts.push(...taken);
  }
  return { side, schemas, parts: [...new Set(parts)], never, excluded: [], branch: null };
}

/** The same facts and one more. */
export function withSchema(facts: Facts, schema: unknown, steps: Steps): Facts {
  const more = factsOf([schema], facts.side, steps);
  return {
    ...facts,
    schemas: [...facts.schemas, schema],
    parts: [...new Set([...facts.parts, ...more.parts])],
    never: facts.never || more.never,
  };
}

interface Taking {
  readonly side: Side;
  readonly steps: Steps;
  /** References that were followed to get here, at this very place. */
  readonly refs: readonly string[];
}

function takeApart(schema: unknown, taking: Taking): readonly Part[] | "never" {
  if (schema === false) return "never";
  if (!isSchema(schema)) return [];
  return taking.steps.deeper(() => partsOf(schema, taking)) ?? [];
}

function partsOf(schema: Schema, taking: Taking): readonly Part[] | "never" {
  if (taking.side.isOwnResource(schema)) return [opaque(schema)];
  const lists = [
    refPart(schema, taking),
    ...schemasIn(schema, "allOf").map((inner) => takeApart(inner, taking)),
    keywordsPart(schema),
    dependsOnNeighbours(schema) ? [opaque(schema)] : [],
  ];
  return lists.some((list) => list === "never")
    ? "never"
    : lists.flatMap((list) => (list === "never" ? [] : list));
}

/** What the schema demands by reference. */
function refPart(schema: Schema, taking: Taking): readonly Part[] | "never" {
  if (textIn(schema, "$dynamicRef") !== null || textIn(schema, "$recursiveRef") !== null) {
    return [opaque(schema)];
  }
  const ref = textIn(schema, "$ref");
  if (ref === null) return [];
  const target = taking.side.resolve(ref);
  // A reference that comes back to itself without a step into the value means nothing.
  if (target === undefined || taking.refs.includes(ref)) return [opaque(schema)];
  return takeApart(target, { ...taking, refs: [...taking.refs, ref] });
}

const OPAQUE = new WeakMap<Schema, Part>();

/** One part per schema, so that parts can be told apart by identity. */
function opaque(schema: Schema): Part {
  const part = OPAQUE.get(schema) ?? ({ kind: "opaque", schema } as const);
  OPAQUE.set(schema, part);
  return part;
}

/** `unevaluated…` looks at what its neighbours looked at; alone it is `additional…`. */
function dependsOnNeighbours(schema: Schema): boolean {
  const looks =
    Object.hasOwn(schema, "unevaluatedProperties") || Object.hasOwn(schema, "unevaluatedItems");
  return looks && IN_PLACE.some((keyword) => Object.hasOwn(schema, keyword));
}

const KEYWORDS = new WeakMap<Schema, readonly Part[]>();
const DEMANDING: readonly string[] = [...PLAIN, ...ONE_SCHEMA, ...SCHEMA_LISTS, ...SCHEMA_MAPS];
const FOLLOWED = new Set(["$ref", "$dynamicRef", "$recursiveRef", "allOf", "$id", "id"]);

/** The schema's own demands, in one form for all drafts; none when it has none. */
function keywordsPart(schema: Schema): readonly Part[] {
  const known = KEYWORDS.get(schema);
  if (known !== undefined) return known;
  const demands = DEMANDING.filter((key) => Object.hasOwn(schema, key) && !FOLLOWED.has(key));
  const kept = Object.fromEntries(demands.map((keyword) => [keyword, schema[keyword]]));
  const parts: readonly Part[] =
    demands.length === 0
      ? []
      : [{ kind: "keywords", schema: modern(kept, dependsOnNeighbours(schema)) }];
  KEYWORDS.set(schema, parts);
  return parts;
}

function modern(schema: Schema, neighbours: boolean): Schema {
  const { unevaluatedProperties, unevaluatedItems, additionalItems, ...rest } = schema;
  let out: Schema = rest;
  if (Array.isArray(out["items"])) {
    const { items, ...others } = out;
    const open = additionalItems === undefined ? {} : { items: additionalItems };
    out = { ...others, prefixItems: items, ...open };
  }
  if (!neighbours) {
    const properties = own(out, "additionalProperties") ?? unevaluatedProperties;
    const items = own(out, "items") ?? unevaluatedItems;
    out = {
      ...out,
      ...(properties === undefined ? {} : { additionalProperties: properties }),
      ...(items === undefined ? {} : { items }),
    };
  }
  return draft04Bounds(out);
}

/** In draft-04 `exclusiveMinimum: true` stood beside `minimum`. */
function draft04Bounds(schema: Schema): Schema {
  const { exclusiveMinimum, exclusiveMaximum, minimum, maximum } = schema;
  return {
    ...schema,
    ...(exclusiveMinimum === true ? { exclusiveMinimum: minimum } : {}),
    ...(exclusiveMaximum === true ? { exclusiveMaximum: maximum } : {}),
  };
}

/** Types that a value may have. */
export function typesOf(facts: Facts, steps: Steps): ReadonlySet<JsonType> {
  if (facts.never) return new Set();
  return common(facts.parts.map((part) => typesOfPart(part, facts.side, steps)));
}

function typesOfPart(part: Part, side: Side, steps: Steps): ReadonlySet<JsonType> {
  if (part.kind === "opaque") return ALL_TYPES;
  const known = side.types.get(part);
  if (known !== undefined) return known;
  // Stands until the answer is there: a branch may lead back here.
  side.types.set(part, ALL_TYPES);
  const types = steps.deeper(() => typesOfKeywords(part.schema, side, steps)) ?? ALL_TYPES;
  side.types.set(part, types);
  return types;
}

function typesOfKeywords(schema: Schema, side: Side, steps: Steps): ReadonlySet<JsonType> {
  const sets = [typesNamed(own(schema, "type"))];
  const values = enumerated(schema);
  if (values !== null) sets.push(new Set(values.map(typeOf)));
  for (const keyword of ["anyOf", "oneOf"]) {
    const branches = schemasIn(schema, keyword);
    const types = branches.flatMap((one) => [...typesOf(factsOf([one], side, steps), steps)]);
    if (branches.length > 0) sets.push(new Set(types));
  }
  return common(sets);
}

/** The values of `enum` or `const`; null without either. */
export function enumerated(schema: Schema): readonly unknown[] | null {
  if (Object.hasOwn(schema, "const")) return [schema["const"]];
  const values = own(schema, "enum");
  return Array.isArray(values) ? values : null;
}

const FINITE: Partial<Readonly<Record<JsonType, readonly unknown[]>>> = {
  boolean: [false, true],
  null: [null],
};

/** Every value there can be, and perhaps some more; null when they are without number. */
export function valuesOf(facts: Facts, steps: Steps): readonly unknown[] | null {
  const types = typesOf(facts, steps);
  const lists = facts.parts.flatMap((part) => {
    const values = part.kind === "keywords" ? enumerated(part.schema) : null;
    return values === null ? [] : [values];
  });
  const finite = [...types].map((type) => FINITE[type]);
  if (finite.every((values) => values !== undefined)) lists.push(finite.flat());
  const [first, ...others] = lists;
  if (first === undefined) return null;
  const sets = others.map((values) => new Set(values.map(canonicalJson)));
  return first.filter(
    (value) => types.has(typeOf(value)) && sets.every((set) => set.has(canonicalJson(value))),
  );
}
