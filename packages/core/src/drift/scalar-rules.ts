import { canonicalJson } from "../tools-hash.ts";
import { enumerated, type Facts, typesOf, valuesOf } from "./facts.ts";
import {
  clip,
  type Finding,
  known,
  type Look,
  type Rule,
  refusal,
  subject,
  unclear,
} from "./finding.ts";
import { numberIn, own, type Schema, textIn, textsIn } from "./json-schema.ts";
import { type JsonType, typeNames, typesNamed } from "./types.ts";

/** Properties that cannot be missing. */
export function requiredIn(facts: Facts): ReadonlySet<string> {
  return new Set(known(facts).flatMap((schema) => textsIn(schema, "required")));
}

const typeRule: Rule = ({ inquiry, facts, schema, at }) => {
  const allowed = typesNamed(own(schema, "type"));
  const before = typesOf(facts, inquiry.steps);
  const lost = [...before].filter((type) => !allowed.has(type));
  if (lost.length === 0) return [];
  const name = subject(at.path);
  const open = before.size === 7;
  return [
    refusal({
      path: at.path,
      kind: "type",
      narrowed: open
        ? `${name} takes only ${typeNames(allowed)} now`
        : `${name} no longer takes ${typeNames(lost)}`,
      widened: `${name} takes ${open ? "values of any type" : typeNames(lost)} too`,
    }),
  ];
};

const MAX_LISTED = 5;

function listed(values: readonly unknown[]): string {
  const shown = values.slice(0, MAX_LISTED).map((value) => clip(canonicalJson(value), 40));
  const more = values.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

const valuesRule: Rule = ({ inquiry, facts, schema, at }) => {
  const allowed = enumerated(schema);
  if (allowed === null) return [];
  const name = subject(at.path);
  const values = valuesOf(facts, inquiry.steps);
  if (values === null) {
    const narrowed = `${name} takes only ${listed(allowed)} now`;
    const widened = `${name} takes other values than ${listed(allowed)} too`;
    return [refusal({ path: at.path, kind: "values", narrowed, widened })];
  }
  const set = new Set(allowed.map(canonicalJson));
  const lost = values.filter((value) => !set.has(canonicalJson(value)));
  if (lost.length === 0) return [];
  const narrowed = `${name} no longer takes ${listed(lost)}`;
  const widened = `${name} takes ${listed(lost)} too`;
  return [refusal({ path: at.path, kind: "values", narrowed, widened })];
};

/** A bound and what it counts. */
interface Bound {
  readonly keyword: string;
  /** 1 when a greater number allows more, -1 when a smaller one does. */
  readonly sign: 1 | -1;
  readonly types: readonly JsonType[];
  readonly kind: "range" | "length";
  readonly says: (limit: number) => string;
}

const BOUNDS: readonly Bound[] = [
  bound("minLength", -1, ["string"], (n) => `${n} characters or more`),
  bound("maxLength", 1, ["string"], (n) => `${n} characters or fewer`),
  bound("minItems", -1, ["array"], (n) => `${n} items or more`),
  bound("maxItems", 1, ["array"], (n) => `${n} items or fewer`),
  bound("minProperties", -1, ["object"], (n) => `${n} properties or more`),
  bound("maxProperties", 1, ["object"], (n) => `${n} properties or fewer`),
];

function bound(
  keyword: string,
  sign: Bound["sign"],
  types: Bound["types"],
  says: Bound["says"],
): Bound {
  return { keyword, sign, types, kind: "length", says };
}

function boundRule({ keyword, sign, types, kind, says }: Bound): Rule {
  return (look) => {
    const limit = numberIn(look.schema, keyword);
    if (limit === null || !takes(look, types)) return [];
    const before = known(look.facts).flatMap((schema) => numberIn(schema, keyword) ?? []);
    if (keyword === "minProperties") before.push(requiredIn(look.facts).size);
    const least = sign === -1 && limit <= 0;
    if (least || before.some((value) => sign * value <= sign * limit)) return [];
    return [demand(look, kind, says(limit))];
  };
}

function takes({ inquiry, facts }: Look, types: readonly JsonType[]): boolean {
  const before = typesOf(facts, inquiry.steps);
  return types.some((type) => before.has(type));
}

function demand({ at }: Look, kind: Finding["kind"], what: string): Finding {
  const name = subject(at.path);
  return refusal({
    path: at.path,
    kind,
    narrowed: `${name} must be ${what} now`,
    widened: `${name} need not be ${what} any more`,
  });
}

interface Edge {
  readonly limit: number;
  readonly exclusive: boolean;
}

/** The strictest edge of a range; with integers alone, always an inclusive one. */
function edgeOf(schema: Schema, sign: 1 | -1, integers: boolean): Edge | null {
  const [inclusive, exclusive] =
    sign === 1 ? ["maximum", "exclusiveMaximum"] : ["minimum", "exclusiveMinimum"];
  const edges = [
    { limit: numberIn(schema, inclusive ?? ""), exclusive: false },
    { limit: numberIn(schema, exclusive ?? ""), exclusive: true },
  ].flatMap(({ limit, exclusive: open }) => (limit === null ? [] : [{ limit, exclusive: open }]));
  const strictest = edges.sort((a, b) => (within(a, b, sign) ? -1 : 1))[0];
  if (strictest === undefined) return null;
  return integers ? wholeEdge(strictest, { sign, step: 1 }) : strictest;
}

/** The last multiple of `step` that the edge lets through. */
function wholeEdge({ limit, exclusive }: Edge, { sign, step }: Grid): Edge {
  const steps = limit / step;
  const whole = (sign === 1 ? Math.floor(steps) : Math.ceil(steps)) * step;
  const moved = exclusive && whole === limit ? whole - sign * step : whole;
  return { limit: moved, exclusive: false };
}

interface Grid {
  readonly sign: 1 | -1;
  readonly step: number;
}

function coarsestStep(facts: Facts): number {
  const steps = known(facts).flatMap((schema) => numberIn(schema, "multipleOf") ?? []);
  return Math.max(1, ...steps.filter((step) => Number.isInteger(step)));
}

/** Whether all that `a` lets through, `b` does. */
function within(a: Edge, b: Edge, sign: 1 | -1): boolean {
  if (a.limit !== b.limit) return sign * a.limit < sign * b.limit;
  return a.exclusive || !b.exclusive;
}

function rangeRule(sign: 1 | -1): Rule {
  return (look) => {
    const { inquiry, facts, schema } = look;
    if (!takes(look, ["integer", "fraction"])) return [];
    const integers = !typesOf(facts, inquiry.steps).has("fraction");
    const edge = edgeOf(schema, sign, integers);
    if (edge === null) return [];
    const step = integers ? coarsestStep(facts) : 1;
    const before = known(facts)
      .flatMap((one) => edgeOf(one, sign, integers) ?? [])
      .map((one) => (integers ? wholeEdge(one, { sign, step }) : one));
    if (before.some((one) => within(one, edge, sign))) return [];
    const side = sign === 1 ? "at most" : "at least";
    const strict = sign === 1 ? "less than" : "more than";
    return [demand(look, "range", `${edge.exclusive ? strict : side} ${edge.limit}`)];
  };
}

const multipleRule: Rule = (look) => {
  const { inquiry, facts, schema } = look;
  const step = numberIn(schema, "multipleOf");
  if (step === null || step <= 0 || !takes(look, ["integer", "fraction"])) return [];
  const integers = !typesOf(facts, inquiry.steps).has("fraction");
  const before = known(facts).flatMap((one) => numberIn(one, "multipleOf") ?? []);
  const all = integers ? [1, ...before] : before;
  if (all.some((one) => one === step || (Number.isInteger(step) && one % step === 0))) return [];
  return [demand(look, "range", `a multiple of ${step}`)];
};

/** A pattern or format that was not demanded before, or another one; languages are not compared. */
function wordRule(keyword: "pattern" | "format"): Rule {
  return (look) => {
    const word = textIn(look.schema, keyword);
    if (word === null || !takes(look, ["string"])) return [];
    if (known(look.facts).some((schema) => textIn(schema, keyword) === word)) return [];
    // A pattern of the server's is never run: it may be made to take for ever.
    if (valuesOf(look.facts, look.inquiry.steps) !== null) {
      return [unclear(look.at.path, `the ${keyword} ${clip(word)}`)];
    }
    const what = keyword === "pattern" ? "matched by the pattern" : "of the format";
    return [demand(look, keyword, `${what} ${clip(word)}`)];
  };
}

export const SCALAR_RULES: readonly Rule[] = [
  typeRule,
  valuesRule,
  ...BOUNDS.map(boundRule),
  rangeRule(-1),
  rangeRule(1),
  multipleRule,
  wordRule("pattern"),
  wordRule("format"),
];
