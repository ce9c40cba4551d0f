import type { Facts } from "./facts.ts";
import { typesOf } from "./facts.ts";
import {
  type At,
  clip,
  type Finding,
  holds,
  join,
  known,
  type Look,
  type Rule,
  refusal,
  subject,
  unclear,
} from "./finding.ts";
import { mapIn, own, type Schema, textsIn } from "./json-schema.ts";
import { requiredIn } from "./scalar-rules.ts";

/** What is known of one property: by its name, or else by what holds for all without one. */
function factsAbout(name: string, { inquiry, facts }: Look): Facts {
  return inquiry.first(known(facts).flatMap((schema) => schemaOf(name, schema)));
}

function schemaOf(name: string, schema: Schema): readonly unknown[] {
  const properties = mapIn(schema, "properties");
  if (Object.hasOwn(properties, name)) return [properties[name]];
  // A pattern may or may not match: nothing is then known for sure.
  const patterned = Object.keys(mapIn(schema, "patternProperties")).length > 0;
  const rest = own(schema, "additionalProperties");
  return patterned || rest === undefined ? [] : [rest];
}

function isFree({ never, parts }: Facts): boolean {
  return !never && parts.length === 0;
}

function below(at: At, name: string): At {
  return { path: join(at.path, name), place: at.place.property(name) };
}

const requiredRule: Rule = (look) => {
  const before = requiredIn(look.facts);
  const { at } = look;
  return textsIn(look.schema, "required")
    .filter((name) => !before.has(name))
    .map((name) => {
      const path = join(at.path, name);
      const isNew = !at.place.names(name);
      return refusal({
        path,
        kind: "property-required",
        narrowed: isNew
          ? `the new property ${subject(path)} is required`
          : `the property ${subject(path)} is required now`,
        widened: isNew
          ? `the required property ${subject(path)} was removed`
          : `the property ${subject(path)} is no longer required`,
      });
    });
};

const propertiesRule: Rule = (look) =>
  Object.entries(mapIn(look.schema, "properties")).flatMap(([name, schema]) =>
    propertyFindings(name, schema, look),
  );

function propertyFindings(name: string, schema: unknown, look: Look): readonly Finding[] {
  const { inquiry, at } = look;
  const facts = factsAbout(name, look);
  if (facts.never) return [];
  const isNew = !at.place.names(name);
  const patterned = isNew && at.place.hasPatterns();
  // What the old schema leaves open and never names, no caller sends under this very name.
  if (isNew && isFree(facts) && !patterned) return added(name, look);
  const found = inquiry.include(facts, schema, below(at, name));
  if (!patterned || holds(found)) return found;
  return [unclear(join(at.path, name), "a pattern that may match it")];
}

function added(name: string, { schema, at }: Look): readonly Finding[] {
  if (textsIn(schema, "required").includes(name)) return [];
  const path = join(at.path, name);
  return [
    {
      path,
      kind: "property-added",
      refuses: false,
      narrowed: `the optional property ${subject(path)} was added`,
      widened: `the property ${subject(path)} is no longer described, and still taken`,
    },
  ];
}

const patternsRule: Rule = (look) => {
  const { inquiry, facts, at } = look;
  return Object.entries(mapIn(look.schema, "patternProperties")).flatMap(([pattern, schema]) => {
    // The same pattern picks the same names; of two patterns that cannot be said.
    const same = known(facts).flatMap((one) => {
      const patterns = mapIn(one, "patternProperties");
      return Object.hasOwn(patterns, pattern) ? [patterns[pattern]] : [];
    });
    const place = { path: join(at.path, `/${pattern}/`), place: at.place.anyProperty() };
    const found = inquiry.include(inquiry.first(same), schema, place);
    if (same.length > 0 || holds(found)) return found;
    return [unclear(at.path, `the pattern ${clip(pattern)}`)];
  });
};

/** Holds `additionalProperties` against every name that it may be meant for. */
const additionalRule: Rule = (look) => {
  const { inquiry, schema, facts, at } = look;
  const rest = own(schema, "additionalProperties");
  if (rest === undefined || rest === true) return [];
  const own_ = mapIn(schema, "properties");
  const patterns = mapIn(schema, "patternProperties");
  const before = known(facts);
  const names = new Set(before.flatMap((one) => Object.keys(mapIn(one, "properties"))));
  const dropped = [...names].filter((name) => !Object.hasOwn(own_, name));
  const open = before.flatMap((one) => own(one, "additionalProperties") ?? []);
  return [
    ...dropped.flatMap((name) => droppedFindings(name, rest, look)),
    ...before.flatMap((one) =>
      Object.entries(mapIn(one, "patternProperties"))
        .filter(([pattern]) => !Object.hasOwn(patterns, pattern))
        .flatMap(([pattern, value]) => patternDropped({ pattern, value, rest, look })),
    ),
    ...restFindings(inquiry.first(open), rest, { ...look, at }),
  ];
};

function droppedFindings(name: string, rest: unknown, look: Look): readonly Finding[] {
  const { inquiry, at, schema } = look;
  const facts = factsAbout(name, look);
  if (facts.never || typesOf(facts, inquiry.steps).size === 0) return [];
  const path = join(at.path, name);
  const found = inquiry.include(facts, rest, below(at, name));
  if (holds(found)) return [];
  if (Object.keys(mapIn(schema, "patternProperties")).length > 0) {
    return [unclear(path, "a pattern that may match it")];
  }
  if (rest !== false) return found;
  return [
    refusal({
      path,
      kind: "property-removed",
      narrowed: `the property ${subject(path)} was removed, and is refused`,
      widened: `the optional property ${subject(path)} was added`,
    }),
  ];
}

interface PatternDropped {
  readonly pattern: string;
  readonly value: unknown;
  readonly rest: unknown;
  readonly look: Look;
}

function patternDropped({ pattern, value, rest, look }: PatternDropped): readonly Finding[] {
  const { inquiry, at } = look;
  const place = { path: at.path, place: at.place.anyProperty() };
  const found = inquiry.include(inquiry.first([value]), rest, place);
  return holds(found) ? [] : [unclear(at.path, `the pattern ${clip(pattern)}`)];
}

/** Properties that nobody has named. */
function restFindings(facts: Facts, rest: unknown, { inquiry, at }: Look): readonly Finding[] {
  if (facts.never) return [];
  if (rest !== false) {
    return inquiry.include(facts, rest, {
      path: join(at.path, "*"),
      place: at.place.anyProperty(),
    });
  }
  const name = subject(at.path);
  return [
    refusal({
      path: at.path,
      kind: "properties-closed",
      narrowed: `${name} refuses further properties now`,
      widened: `${name} takes further properties too`,
    }),
  ];
}

const namesRule: Rule = ({ inquiry, facts, schema, at }) => {
  const names = own(schema, "propertyNames");
  if (names === undefined) return [];
  const before = known(facts).flatMap((one) => own(one, "propertyNames") ?? []);
  const place = { path: join(at.path, "(names)"), place: at.place };
  return inquiry.include(inquiry.first([{ type: "string" }, ...before]), names, place);
};

const RULES = [requiredRule, propertiesRule, patternsRule, additionalRule, namesRule];

export const OBJECT_RULES: readonly Rule[] = RULES.map(
  (rule): Rule =>
    (look) =>
      typesOf(look.facts, look.inquiry.steps).has("object") ? rule(look) : [],
);
