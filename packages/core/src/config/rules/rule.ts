import type { Found } from "../advice.ts";
import type { SalvagedConfig, SalvagedTarget } from "../salvage.ts";

interface TargetCase {
  readonly target: SalvagedTarget;
  readonly config: SalvagedConfig;
}

/** Holds the parts of a target against each other; paths count from the target. */
export type TargetRule = (subject: TargetCase) => readonly Found[];

/** Holds the targets, or the config's own keys, against each other. */
export type ConfigRule = (config: SalvagedConfig) => readonly Found[];

/** Positions of items that stand earlier in the list too, with the first of their kind. */
export function repeated(
  keys: readonly (string | undefined)[],
): readonly { readonly index: number; readonly first: number }[] {
  return keys.flatMap((key, index) => {
    const first = key === undefined ? index : keys.indexOf(key);
    return first === index ? [] : [{ index, first }];
  });
}
