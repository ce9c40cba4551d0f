import { canonicalJson } from "../tools-hash.ts";
import { enumerated } from "./facts.ts";
import { numberIn, own, type Schema } from "./json-schema.ts";
import { typeOf, typesNamed } from "./types.ts";

/** Keywords that one text, number, boolean or null is held against here. */
const READ = new Set([
  "type",
  "enum",
  "const",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
]);
/** Keywords that let any such value pass. */
const ABOUT_CONTAINERS = new Set([
  "additionalProperties",
  "contains",
  "dependencies",
  "dependentRequired",
  "dependentSchemas",
  "items",
  "maxContains",
  "maxItems",
  "maxProperties",
  "minContains",
  "minItems",
  "minProperties",
  "patternProperties",
  "prefixItems",
  "properties",
  "propertyNames",
  "required",
  "uniqueItems",
]);

/** Whether a value fits the keywords; null when that takes more than a look, such as a pattern. */
export function fits(value: unknown, schema: Schema): boolean | null {
  if (typeof value === "object" && value !== null) return null;
  if (!typesNamed(own(schema, "type")).has(typeOf(value))) return false;
  const values = enumerated(schema);
  if (values !== null && !values.some((one) => canonicalJson(one) === canonicalJson(value))) {
    return false;
  }
  if (typeof value === "string" && !fitsLength([...value].length, schema)) return false;
  if (typeof value === "number" && !fitsRange(value, schema)) return false;
  const isRead = (key: string) => READ.has(key) || ABOUT_CONTAINERS.has(key);
  return Object.keys(schema).every(isRead) ? true : null;
}

function fitsLength(length: number, schema: Schema): boolean {
  const [min, max] = [numberIn(schema, "minLength"), numberIn(schema, "maxLength")];
  return (min === null || length >= min) && (max === null || length <= max);
}

function fitsRange(value: number, schema: Schema): boolean {
  const limit = (keyword: string, or: number) => numberIn(schema, keyword) ?? or;
  const { NEGATIVE_INFINITY: low, POSITIVE_INFINITY: high } = Number;
  const step = numberIn(schema, "multipleOf");
  return (
    value >= limit("minimum", low) &&
    value <= limit("maximum", high) &&
    value > limit("exclusiveMinimum", low) &&
    value < limit("exclusiveMaximum", high) &&
    (step === null || step <= 0 || Number.isInteger(value / step))
  );
}
