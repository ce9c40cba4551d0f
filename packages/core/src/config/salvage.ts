import type { VigilConfigInput } from "./schema.ts";

type Scalar = string | number | boolean | null | undefined;

/**
 * What is well-formed of a config. A key that was written but is ill-formed is there with the value
 * `undefined`; a key that was not written is not there.
 */
type Salvaged<T> = T extends Scalar
  ? T
  : T extends readonly (infer Item)[]
    ? readonly (Salvaged<Item> | undefined)[]
    : { readonly [Key in keyof T]?: Salvaged<T[Key]> | undefined };

export type SalvagedConfig = Salvaged<VigilConfigInput>;
export type SalvagedTarget = NonNullable<NonNullable<SalvagedConfig["targets"]>[number]>;

type Path = readonly PropertyKey[];

/** The config without the places that the schema has found fault with. */
export function salvage(
  input: unknown,
  faults: readonly { readonly path: Path }[],
): SalvagedConfig | null {
  const kept = keep(
    input,
    faults.map(({ path }) => path),
  );
  // What is left has passed the schema, place by place.
  return kept === undefined ? null : (kept as SalvagedConfig);
}

/** `faults` count from the value; one that has no further to go is the value itself. */
function keep(value: unknown, faults: readonly Path[]): unknown {
  if (faults.some(({ length }) => length === 0)) return undefined;
  if (Array.isArray(value)) return value.map((item, index) => keep(item, within(faults, index)));
  if (typeof value !== "object" || value === null) return value;
  const written = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    written.map(([key, member]) => [key, keep(member, within(faults, key))]),
  );
}

function within(faults: readonly Path[], key: PropertyKey): readonly Path[] {
  return faults.filter(([first]) => first === key).map(([, ...rest]) => rest);
}

/** The key was written and is ill-formed: nothing that follows from it can be judged. */
export function isBroken<T extends object>(holder: T | undefined, key: keyof T): boolean {
  return holder !== undefined && Object.hasOwn(holder, key) && holder[key] === undefined;
}
