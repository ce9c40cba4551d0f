import { ARRAY_RULES } from "./array-rules.ts";
import { BRANCH_RULES, WHOLE_RULES } from "./branch-rules.ts";
import { type Facts, factsOf, type Part, typesOf, valuesOf, withSchema } from "./facts.ts";
import {
  type At,
  clip,
  distinct,
  type Finding,
  holds,
  type Inquiry,
  type Look,
  type Rule,
  refusal,
  subject,
  unclear,
} from "./finding.ts";
import { fits } from "./fits.ts";
import { type Schema, type Side, schemasIn } from "./json-schema.ts";
import { OBJECT_RULES } from "./object-rules.ts";
import { Place } from "./place.ts";
import { Sameness } from "./sameness.ts";
import { SCALAR_RULES } from "./scalar-rules.ts";
import type { Steps } from "./steps.ts";

const RULES: readonly Rule[] = [
  ...SCALAR_RULES,
  ...OBJECT_RULES,
  ...ARRAY_RULES,
  ...BRANCH_RULES,
  ...WHOLE_RULES,
];

const TOO_LARGE = "too large or too deep to be compared";

/**
 * What the second schema demands that the first does not: when nothing refuses, every value of the
 * first is one of the second. Whatever cannot be shown counts as refused.
 */
export function demandsBeyond(first: Side, second: Side, steps: Steps): readonly Finding[] {
  const inclusion = new Inclusion(first, second, steps);
  const place = new Place({ roots: [first.root], side: first, steps });
  const found = inclusion.include(inclusion.first([first.root]), second.root, { path: "", place });
  if (!steps.spent) return found;
  return [...found, unclear("", TOO_LARGE)];
}

class Inclusion implements Inquiry {
  readonly sameness: Sameness;
  readonly steps: Steps;
  readonly #first: Side;
  readonly #second: Side;
  readonly #ids = new WeakMap<object, number>();
  #nextId = 0;
  readonly #places = new WeakMap<Place, string>();
  /** Questions that are being answered, with how deep in the arguments they were asked. */
  readonly #asked = new Map<string, number>();
  /** Questions that were answered: nothing is refused. */
  readonly #shown = new Set<string>();
  /** How often an answer rested on a question that was still open. */
  #assumptions = 0;

  constructor(first: Side, second: Side, steps: Steps) {
    this.#first = first;
    this.#second = second;
    this.steps = steps;
    this.sameness = new Sameness(first, second);
  }

  first(schemas: readonly unknown[]): Facts {
    return factsOf(schemas, this.#first, this.steps);
  }

  second(schemas: readonly unknown[]): Facts {
    return factsOf(schemas, this.#second, this.steps);
  }

  include(facts: Facts, schema: unknown, at: At): readonly Finding[] {
    if (facts.never || typesOf(facts, this.steps).size === 0) return [];
    if (facts.schemas.some((one) => this.sameness.same(one, schema))) return [];
    const key = this.#keyOf(facts, schema, at);
    if (this.#shown.has(key)) return [];
    const askedAt = this.#asked.get(key);
    const depth = at.place.depth;
    if (askedAt !== undefined) {
      // Values end somewhere, so a question about part of a value may rest on that about the whole.
      if (askedAt >= depth) return [unclear(at.path, "a reference to itself")];
      this.#assumptions += 1;
      return [];
    }
    const assumed = this.#assumptions;
    this.#asked.set(key, depth);
    const found = this.steps.deeper(() => this.#demands(facts, schema, at));
    this.#asked.delete(key);
    if (found === null) return [unclear(at.path, TOO_LARGE)];
    if (found.length === 0 && assumed === this.#assumptions) this.#shown.add(key);
    return found;
  }

  #demands(facts: Facts, schema: unknown, at: At): readonly Finding[] {
    const { parts, never } = this.second([schema]);
    if (!never) return parts.flatMap((part) => this.#partDemands(facts, part, at));
    const name = subject(at.path);
    const narrowed = `${name} takes no value any more`;
    return [
      refusal({ path: at.path, kind: "values", narrowed, widened: `${name} takes values now` }),
    ];
  }

  #partDemands(facts: Facts, part: Part, at: At): readonly Finding[] {
    if (part.kind === "opaque") {
      const had = facts.parts.some(
        (one) => one.kind === "opaque" && this.sameness.same(one.schema, part.schema),
      );
      return had ? [] : [unclear(at.path, "a reference or an `unevaluated…` keyword")];
    }
    const found = this.#keywordDemands({ inquiry: this, facts, schema: part.schema, at });
    if (holds(found)) return found;
    const cases = branchesOf(facts, this.steps);
    if (cases === null) return found;
    const each = this.steps.deeper(() => cases.flatMap((one) => this.#partDemands(one, part, at)));
    return each === null ? found : distinct(each);
  }

  #keywordDemands(look: Look): readonly Finding[] {
    const values = valuesOf(look.facts, this.steps);
    if (values?.every((value) => fits(value, look.schema) === true)) return [];
    return RULES.flatMap((rule) => rule(look));
  }

  /** Tells questions apart by the schemas that they are about. */
  #keyOf({ parts, schemas, excluded }: Facts, schema: unknown, { place }: At): string {
    const lists = [parts, schemas, excluded, [schema]];
    return [...lists.map((list) => this.#idsOf(list)), this.#placeOf(place)].join("|");
  }

  #placeOf(place: Place): string {
    const ids = this.#places.get(place) ?? this.#idsOf(place.schemas());
    this.#places.set(place, ids);
    return ids;
  }

  #idsOf(list: readonly unknown[]): string {
    return list.map((one) => this.#idOf(one)).join(",");
  }

  #idOf(value: unknown): string {
    if (typeof value !== "object" || value === null) return clip(String(value));
    const id = this.#ids.get(value) ?? this.#nextId++;
    this.#ids.set(value, id);
    return String(id);
  }
}

/** More than these are not taken one by one. */
const MAX_BRANCHES = 200;

/** One set of facts per branch of the first `anyOf` or `oneOf`; null without one. */
function branchesOf(facts: Facts, steps: Steps): readonly Facts[] | null {
  for (const part of facts.parts) {
    if (part.kind !== "keywords") continue;
    for (const keyword of ["anyOf", "oneOf"] as const) {
      const branches = schemasIn(part.schema, keyword);
      if (branches.length === 0 || branches.length > MAX_BRANCHES) continue;
      const rest = { ...facts, parts: facts.parts.flatMap((one) => without(one, part, keyword)) };
      return branches.map((branch, index) => ({
        ...withSchema(rest, branch, steps),
        branch: { index, of: branches.length },
        excluded:
          keyword === "anyOf"
            ? facts.excluded
            : [...facts.excluded, ...branches.filter((one) => one !== branch)],
      }));
    }
  }
  return null;
}

const WITHOUT = new WeakMap<Part, Partial<Record<string, Part>>>();

/** The part without its branches; the same one each time, so that it can be told by identity. */
function without(part: Part, of: Part, keyword: "anyOf" | "oneOf"): readonly Part[] {
  if (part !== of || part.kind !== "keywords") return [part];
  const known = WITHOUT.get(part) ?? {};
  const { [keyword]: _, ...rest } = part.schema as Schema;
  const kept = known[keyword] ?? ({ kind: "keywords", schema: rest } as const);
  WITHOUT.set(part, { ...known, [keyword]: kept });
  return [kept];
}
