import { type Facts, typesOf, valuesOf, withSchema } from "./facts.ts";
import {
  distinct,
  type Finding,
  holds,
  type Inquiry,
  known,
  type Look,
  type Rule,
  refusal,
  subject,
  unclear,
} from "./finding.ts";
import { mapIn, own, type Schema, schemasIn } from "./json-schema.ts";
import { requiredIn } from "./scalar-rules.ts";
import { type JsonType, typeNames } from "./types.ts";

type Keyword = "anyOf" | "oneOf";

/** Values that are tried one by one; more are taken by type. */
const MAX_VALUES = 100;
/** One schema per type, so that facts with the same ones can be told to be the same. */
const OF_TYPE: Readonly<Record<JsonType, Schema>> = {
  null: { type: "null" },
  boolean: { type: "boolean" },
  object: { type: "object" },
  array: { type: "array" },
  string: { type: "string" },
  integer: { type: "integer" },
  fraction: { type: "number" },
};

function branchRule(keyword: Keyword): Rule {
  return (look) => {
    const branches = schemasIn(look.schema, keyword);
    if (branches.length === 0 || hadThem(keyword, branches, look)) return [];
    return fitsOne(keyword, branches, look);
  };
}

/** The very same branches held before. */
function hadThem(keyword: Keyword, branches: readonly unknown[], { inquiry, facts }: Look) {
  return known(facts).some((schema) => {
    const before = schemasIn(schema, keyword);
    return (
      before.length === branches.length &&
      before.every((one, index) => inquiry.sameness.same(one, branches[index]))
    );
  });
}

/** Whole first, then by value or type: `string or null` fits a branch for each of the two. */
function fitsOne(keyword: Keyword, branches: readonly unknown[], look: Look): readonly Finding[] {
  const { inquiry, facts, at } = look;
  const fitting = branches.findIndex((branch) => holds(inquiry.include(facts, branch, at)));
  if (fitting >= 0) {
    const alone = keyword === "anyOf" || fitsNoOther(fitting, branches, look);
    return alone ? [] : [unclear(at.path, "branches of `oneOf` that may overlap")];
  }
  const cases = inquiry.steps.spent ? null : casesOf(facts, inquiry);
  if (cases === null) return [...noBranch(branches, look)];
  return distinct(cases.flatMap((one) => fitsOne(keyword, branches, { ...look, facts: one })));
}

function casesOf(facts: Facts, { steps }: Inquiry): readonly Facts[] | null {
  const values = valuesOf(facts, steps);
  if (values !== null && values.length > 1 && values.length <= MAX_VALUES) {
    return values.map((value) => withSchema(facts, { const: value }, steps));
  }
  const types = [...typesOf(facts, steps)];
  const kinds = types.includes("fraction") ? types.filter((type) => type !== "integer") : types;
  if (values !== null || kinds.length < 2) return null;
  return kinds.map((type) => withSchema(facts, OF_TYPE[type], steps));
}

/** A value that fits one branch of `oneOf` must be sure to fit no other. */
function fitsNoOther(fitting: number, branches: readonly unknown[], look: Look): boolean {
  const { inquiry, facts } = look;
  const here = inquiry.second([branches[fitting]]);
  return branches.every((branch, index) => {
    if (index === fitting) return true;
    if (facts.excluded.some((one) => inquiry.sameness.same(one, branch))) return true;
    const there = inquiry.second([branch]);
    return [facts, here].some((one) => apart(one, there, inquiry));
  });
}

/** How deep a difference may lie that tells two branches apart. */
const MAX_TELLING = 3;

/** Whether no value meets both. */
function apart(a: Facts, b: Facts, inquiry: Inquiry, depth = 0): boolean {
  const { steps } = inquiry;
  const types = typesOf(b, steps);
  const common = [...typesOf(a, steps)].filter((type) => types.has(type));
  if (common.length === 0) return true;
  const [here, there] = [valuesOf(a, steps), valuesOf(b, steps)];
  if (here !== null && there !== null) {
    const known_ = new Set(here.map((value) => JSON.stringify(value)));
    const scalars = [...here, ...there].every((one) => typeof one !== "object" || one === null);
    if (scalars && !there.some((value) => known_.has(JSON.stringify(value)))) return true;
  }
  if (depth >= MAX_TELLING || common.some((type) => type !== "object")) return false;
  return [...new Set([...requiredIn(a), ...requiredIn(b)])].some((name) =>
    apart(propertyOf(a, name, inquiry), propertyOf(b, name, inquiry), inquiry, depth + 1),
  );
}

function propertyOf(facts: Facts, name: string, inquiry: Inquiry): Facts {
  const schemas = known(facts).flatMap((schema) => {
    const properties = mapIn(schema, "properties");
    if (Object.hasOwn(properties, name)) return [properties[name]];
    const patterned = Object.keys(mapIn(schema, "patternProperties")).length > 0;
    return patterned ? [] : [own(schema, "additionalProperties")];
  });
  return facts.side === inquiry.first([]).side ? inquiry.first(schemas) : inquiry.second(schemas);
}

/** Says what the likeliest branch refuses, where there is one. */
function noBranch(branches: readonly unknown[], look: Look): readonly Finding[] {
  const { inquiry, facts, at } = look;
  const types = typesOf(facts, inquiry.steps);
  const { branch } = facts;
  const alike = branches.filter((one) =>
    [...typesOf(inquiry.second([one]), inquiry.steps)].some((type) => types.has(type)),
  );
  const counterpart = branch?.of === branches.length ? branches[branch.index] : undefined;
  const likely = alike.length === 1 ? alike[0] : counterpart;
  if (likely !== undefined) {
    return inquiry.include(facts, likely, at).filter(({ refuses }) => refuses);
  }
  const [name, values] = [subject(at.path), typeNames(types)];
  const [some, others] =
    alike.length === 0 ? ["", ""] : [" of every shape that it did", " of further shapes"];
  return [
    refusal({
      path: at.path,
      kind: "branches",
      narrowed: `${name} no longer takes ${values}${some}`,
      widened: `${name} takes ${values}${others} too`,
    }),
  ];
}

export const BRANCH_RULES: readonly Rule[] = [branchRule("anyOf"), branchRule("oneOf")];

interface AsItIs {
  readonly keyword: string;
  /** Keywords that only mean something beside it. */
  readonly beside?: readonly string[];
  /** Values of other types pass. */
  readonly about?: JsonType;
}

const AS_THEY_ARE: readonly AsItIs[] = [
  { keyword: "not" },
  { keyword: "if", beside: ["then", "else"] },
  { keyword: "dependencies", about: "object" },
  { keyword: "dependentRequired", about: "object" },
  { keyword: "dependentSchemas", about: "object" },
  { keyword: "contains", beside: ["minContains", "maxContains"], about: "array" },
];

/** These are not compared in part: they are the same as before, or it is not clear what changed. */
export const WHOLE_RULES: readonly Rule[] = AS_THEY_ARE.map(
  ({ keyword, beside = [], about }): Rule =>
    ({ inquiry, facts, schema, at }) => {
      if (!Object.hasOwn(schema, keyword)) return [];
      if (about !== undefined && !typesOf(facts, inquiry.steps).has(about)) return [];
      const wanted = pick(schema, [keyword, ...beside]);
      const had = known(facts).some((one) =>
        inquiry.sameness.same(pick(one, [keyword, ...beside]), wanted),
      );
      return had ? [] : [unclear(at.path, `\`${keyword}\``)];
    },
);

function pick(schema: Schema, keywords: readonly string[]): Schema {
  const kept = keywords.filter((keyword) => Object.hasOwn(schema, keyword));
  return Object.fromEntries(kept.map((keyword) => [keyword, schema[keyword]]));
}
