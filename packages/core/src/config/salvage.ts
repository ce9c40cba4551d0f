import type { VigilConfigInput } from "./schema.ts";

type Scalar = string | number | boolean | null | undefined;

/**
 * What is well-formed of a config. A key that was written but is ill-formed is there with the value
 * `undefined`; a key that was not written is not there.
 */
export type Salvaged<T> = T extends Scalar
  ? T
  : T extends readonly (infer Item)[]
    ? readonly (Salvaged<Item> | undefined)[]
    : { readonly [Key in keyof T]?: Salvaged<T[Key]> | undefined };

export type SalvagedConfig = Salvaged<VigilConfigInput>;
export type SalvagedTarget = NonNullable<NonNullable<SalvagedConfig["targets"]>[number]>;

/** The config without the places that the schema has found fault with. */
export function salvage(
  input: unknown,
  faults: readonly { readonly path: readonly PropertyKey[] }[],
): SalvagedConfig | null {
  const bad = new Set(faults.map(({ path }) => placeOf(path)));
  const kept = keep(input, [], bad);
  // What is left has passed the schema, place by place.
  return kept === undefined ? null : (kept as SalvagedConfig);
}

function placeOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

function keep(value: unknown, path: readonly string[], bad: ReadonlySet<string>): unknown {
  if (bad.has(placeOf(path))) return undefined;
  if (Array.isArray(value)) {
    return value.map((item, index) => keep(item, [...path, `${index}`], bad));
  }
  if (typeof value !== "object" || value === null) return value;
  const written = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    written.map(([key, member]) => [key, keep(member, [...path, key], bad)]),
  );
}

/** The key was written and is ill-formed: nothing that follows from it can be judged. */
export function isBroken<T extends object>(holder: T | undefined, key: keyof T): boolean {
  return holder !== undefined && Object.hasOwn(holder, key) && holder[key] === undefined;
}
