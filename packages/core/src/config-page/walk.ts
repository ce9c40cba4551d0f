import * as z from "zod";
import { shapeOf } from "../config/leaf.ts";
import { configSchema } from "../config/schema.ts";
import { limitShape } from "../config/schema-limits.ts";

/** One key of the schema. */
export interface SchemaKey {
  /** `targets[].expect.tools`; a limit's own, `confirm.withinMs`. */
  readonly path: string;
  /** What it takes, in words. */
  readonly shape: string;
  readonly isRequired: boolean;
  /** Whether it stands in targets and `defaults` alike. */
  readonly isLimit: boolean;
}

const LIMITS = Object.keys(limitShape);

/** Each key of the config, once, in the schema's order; limits last. */
export function schemaKeys(): readonly SchemaKey[] {
  const own = keysOf(configSchema, "").filter(({ path }) => !isLimit(path));
  const limits = keysOf(z.strictObject(limitShape), "");
  return [...own, ...limits.map((key) => ({ ...key, isLimit: true }))];
}

/** Limits are told once, for targets and defaults alike. */
function isLimit(path: string): boolean {
  const own = path.replace(/^(?:defaults|targets\[\])\./, "");
  return own !== path && LIMITS.includes(own.split(".")[0] ?? "");
}

function keysOf(wrapped: z.core.$ZodType, at: string): readonly SchemaKey[] {
  const schema = unwrapped(wrapped);
  if (schema instanceof z.ZodArray) return keysOf(schema.element, `${at}[]`);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    return schema.options.flatMap((option) => keysOf(option, joined(at, kindOf(option))));
  }
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([key, value]) => {
    if (value instanceof z.ZodLiteral) return [];
    const path = joined(at, key);
    const isRequired = !(value instanceof z.ZodOptional);
    return [{ path, shape: shapeIn(value), isRequired, isLimit: false }, ...keysOf(value, path)];
  });
}

function shapeIn(wrapped: z.core.$ZodType): string {
  const schema = unwrapped(wrapped);
  if (schema instanceof z.ZodObject) return "an object";
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const kinds = schema.options.map(kindOf).filter((kind) => kind !== "none");
    return kinds.map((kind) => `\`${kind}(…)\``).join(", ");
  }
  if (schema instanceof z.ZodArray) {
    const size = schema.safeParse([]).success ? "a list" : "a list, not empty";
    return `${size}; each ${shapeIn(schema.element)}`;
  }
  const shape = schema instanceof z.ZodType ? shapeOf(schema) : null;
  if (shape === null) throw new Error("a part of the config's schema has no shape in words");
  return shape;
}

/** Which kind of credentials an object of a union is. */
function kindOf(option: z.core.$ZodType): string {
  const type = option instanceof z.ZodObject ? option.shape.type : null;
  if (!(type instanceof z.ZodLiteral)) throw new Error("credentials of no kind");
  return String(type.value);
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodReadonly
    ? unwrapped(schema.unwrap())
    : schema;
}

function joined(at: string, key: string): string {
  return at === "" ? key : `${at}.${key}`;
}
