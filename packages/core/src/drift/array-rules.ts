import { type Facts, typesOf } from "./facts.ts";
import { type At, type Finding, known, type Look, type Rule, refusal, subject } from "./finding.ts";
import { numberIn, own, type Schema, schemasIn } from "./json-schema.ts";

function schemaAt(index: number, schema: Schema): readonly unknown[] {
  const prefix = schemasIn(schema, "prefixItems");
  const one = index < prefix.length ? prefix[index] : own(schema, "items");
  return one === undefined ? [] : [one];
}

/** The greatest number of items; infinite without a limit. */
function longest(facts: Facts): number {
  const limits = known(facts).map((schema) => {
    const prefix = schemasIn(schema, "prefixItems").length;
    const closed = own(schema, "items") === false ? prefix : Number.POSITIVE_INFINITY;
    return Math.min(closed, numberIn(schema, "maxItems") ?? Number.POSITIVE_INFINITY);
  });
  return Math.min(Number.POSITIVE_INFINITY, ...limits);
}

function at(look: Look, index: number | null): At {
  const { path, place } = look.at;
  return { path: `${path}[${index ?? ""}]`, place: place.items() };
}

/** Each item that has a place of its own on either side, then the rest. */
const itemsRule: Rule = (look) => {
  const { facts, schema } = look;
  const before = known(facts);
  const lengths = [schema, ...before].map((one) => schemasIn(one, "prefixItems").length);
  const most = Math.max(...lengths);
  const limit = longest(facts);
  const places = Array.from({ length: Math.min(most, limit) }, (_, index) => index);
  const found = places.flatMap((index) => itemFindings(index, look));
  return limit > most ? [...found, ...itemFindings(null, look)] : found;
};

function itemFindings(index: number | null, look: Look): readonly Finding[] {
  const { inquiry, facts, schema } = look;
  const at_ = index ?? Number.POSITIVE_INFINITY;
  const [demanded] = schemaAt(at_, schema);
  if (demanded === undefined || demanded === true) return [];
  const before = inquiry.first(known(facts).flatMap((one) => schemaAt(at_, one)));
  if (before.never) return [];
  if (demanded === false) {
    const count = schemasIn(schema, "prefixItems").length;
    return [longer(look, `no more than ${count} items`)];
  }
  return inquiry.include(before, demanded, at(look, index));
}

function longer({ at: { path } }: Look, what: string): Finding {
  const name = subject(path);
  return refusal({
    path,
    kind: "items",
    narrowed: `${name} takes ${what} now`,
    widened: `${name} takes other than ${what} too`,
  });
}

const uniqueRule: Rule = (look) => {
  if (own(look.schema, "uniqueItems") !== true || longest(look.facts) <= 1) return [];
  if (known(look.facts).some((schema) => own(schema, "uniqueItems") === true)) return [];
  return [longer(look, "unique items only")];
};

export const ARRAY_RULES: readonly Rule[] = [itemsRule, uniqueRule].map(
  (rule): Rule =>
    (look) =>
      typesOf(look.facts, look.inquiry.steps).has("array") ? rule(look) : [],
);
