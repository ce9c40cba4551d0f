/**
 * Checks of data that comes back from storage. An item may have been written by another version,
 * or by hand, so nothing is believed that has not been looked at.
 */
export type Check = (value: unknown) => boolean;

/** One check per field. Adding a field to `T` asks for its check here. */
export type Shape<T> = { readonly [Field in keyof T]-?: Check };

export const isString: Check = (value) => typeof value === "string";
export const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
export const isBoolean: Check = (value) => typeof value === "boolean";
export const isTime: Check = (value) =>
  typeof value === "string" && !Number.isNaN(Date.parse(value));
export const anything: Check = () => true;

export function isOneOf(values: readonly unknown[]): Check {
  return (value) => values.includes(value);
}

export function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

/** For fields that may be absent. */
export function optional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

export function isArrayOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

export const isStringMap: Check = (value) =>
  isPlainObject(value) && Object.values(value).every(isString);

export function hasShape<T>(shape: Shape<T>): Check {
  return (value) => firstWrongField(shape, value) === null;
}

/** The first field that is not as `shape` wants it; "" when `value` is no object; null when all is well. */
export function firstWrongField<T>(shape: Shape<T>, value: unknown): string | null {
  if (!isPlainObject(value)) return "";
  const checks = Object.entries<Check>(shape);
  return checks.find(([field, check]) => !check(value[field]))?.[0] ?? null;
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a reader finds in place of data: either the data, or why there is none. */
export type Decoded<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Parses JSON text and holds it against `shape`. `restore` undoes what packing did, before the check. */
export function decodeJson<T>(
  text: unknown,
  shape: Shape<T>,
  restore: (parsed: Readonly<Record<string, unknown>>) => unknown = (parsed) => parsed,
): Decoded<T> {
  if (typeof text !== "string") return { kind: "unreadable", reason: "no body" };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { kind: "unreadable", reason: "body is not JSON" };
  }
  if (!isPlainObject(parsed)) return { kind: "unreadable", reason: "body is no object" };
  const value = restore(parsed);
  const wrong = firstWrongField(shape, value);
  if (wrong !== null) return { kind: "unreadable", reason: `unexpected "${wrong}"` };
  return { kind: "ok", value: value as T };
}
