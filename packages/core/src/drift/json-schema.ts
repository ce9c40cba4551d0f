import type { JsonType } from "./types.ts";

/**
 * JSON Schema as servers write it: draft-04 to 2020-12. Nothing in it is believed: a keyword whose
 * value is of the wrong kind counts as absent, as validators that are lenient take it.
 */
export type Schema = Readonly<Record<string, unknown>>;

export function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member of the object's own: tools may well have a property named `constructor`. */
export function own(object: Schema, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
export const ONE_SCHEMA = [
  "additionalItems",
  "additionalProperties",
  "contains",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
] as const;
export const SCHEMA_LISTS = ["allOf", "anyOf", "items", "oneOf", "prefixItems"] as const;
export const SCHEMA_MAPS = [
  "dependencies",
  "dependentSchemas",
  "patternProperties",
  "properties",
] as const;

/** Keywords with plain values. What is in none of these lists describes and does not restrict. */
export const PLAIN = [
  "$dynamicRef",
  "$id",
  "$recursiveRef",
  "$ref",
  "const",
  "dependentRequired",
  "enum",
  "exclusiveMaximum",
  "exclusiveMinimum",
  "format",
  "id",
  "maxContains",
  "maxItems",
  "maxLength",
  "maxProperties",
  "maximum",
  "minContains",
  "minItems",
  "minLength",
  "minProperties",
  "minimum",
  "multipleOf",
  "pattern",
  "required",
  "type",
  "uniqueItems",
] as const;

/** Keywords whose schemas look at the same value, so that `unevaluated…` knows what they saw. */
export const IN_PLACE = [
  "$dynamicRef",
  "$recursiveRef",
  "$ref",
  "allOf",
  "anyOf",
  "contains",
  "dependencies",
  "dependentSchemas",
  "else",
  "if",
  "not",
  "oneOf",
  "then",
] as const;

export function schemasIn(schema: Schema, keyword: string): readonly unknown[] {
  const value = own(schema, keyword);
  return Array.isArray(value) ? value : [];
}

export function mapIn(schema: Schema, keyword: string): Schema {
  const value = own(schema, keyword);
  return isSchema(value) ? value : {};
}

export function textIn(schema: Schema, keyword: string): string | null {
  const value = own(schema, keyword);
  return typeof value === "string" ? value : null;
}

export function numberIn(schema: Schema, keyword: string): number | null {
  const value = own(schema, keyword);
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function textsIn(schema: Schema, keyword: string): readonly string[] {
  return schemasIn(schema, keyword).filter((value) => typeof value === "string");
}

/**
 * One of the two schemas that are compared, for the references within it. What stands beside a
 * `$ref` counts in every draft: draft-07 had it ignored, and the validators in use do not.
 */
export class Side {
  readonly root: unknown;
  /** What has been found out about the types of its parts. */
  readonly types = new WeakMap<object, ReadonlySet<JsonType>>();

  constructor(root: unknown) {
    this.root = root;
  }

  /** Whether the schema is a resource of its own, within which references mean something else. */
  isOwnResource(schema: Schema): boolean {
    const id = textIn(schema, "$id") ?? textIn(schema, "id");
    return schema !== this.root && id !== null && !id.startsWith("#");
  }

  /** What a reference within this document points to; undefined when it points elsewhere. */
  resolve(ref: string): unknown {
    if (ref === "#") return this.root;
    if (!ref.startsWith("#/")) return undefined;
    let at: unknown = this.root;
    for (const token of pointerTokens(ref)) {
      if (Array.isArray(at)) at = at[Number(token)];
      else at = isSchema(at) ? own(at, token) : undefined;
      // References within a resource of its own start from there, not from the document's root.
      if (isSchema(at) && this.isOwnResource(at)) return undefined;
    }
    return at;
  }
}

function pointerTokens(ref: string): readonly string[] {
  return ref
    .slice(2)
    .split("/")
    .map((token) => decoded(token).replaceAll("~1", "/").replaceAll("~0", "~"));
}

function decoded(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}
