import type { Limits, Written } from "../defaults.ts";
import { isBroken, type SalvagedConfig } from "../salvage.ts";

type SalvagedLimits = NonNullable<SalvagedConfig["defaults"]>;

/** Where limits are written: a target's own over the defaults', or the defaults by themselves. */
export interface Scope {
  readonly own: SalvagedLimits;
  readonly base: SalvagedLimits | undefined;
}

export type Read<T> =
  | { readonly kind: "written"; readonly value: T; readonly own: boolean; readonly from: string }
  | { readonly kind: "unwritten" }
  /** Ill-formed, and told so already. */
  | { readonly kind: "broken" };

export const BY_DEFAULT = ", by default";

export function byDefault<T>(value: T): Read<T> {
  return { kind: "written", value, own: false, from: BY_DEFAULT };
}

/** One key as it counts in a scope. */
export function read<Holder extends object, Key extends keyof Holder>(
  { own, base }: { readonly own: Holder | undefined; readonly base: Holder | undefined },
  key: Key,
): Read<NonNullable<Holder[Key]>> {
  if (isBroken(own, key)) return { kind: "broken" };
  const mine = own?.[key];
  if (mine != null) return { kind: "written", value: mine, own: true, from: "" };
  if (isBroken(base, key)) return { kind: "broken" };
  const theirs = base?.[key];
  return theirs == null
    ? { kind: "unwritten" }
    : { kind: "written", value: theirs, own: false, from: ", from defaults" };
}

export function writtenValue<T>(found: Read<T>): T | undefined {
  return found.kind === "written" ? found.value : undefined;
}

/** The limits that were written; null when one that counts is ill-formed. */
export function writtenLimits(scope: Scope): Written<Limits> | null {
  const client = read(scope, "clientTimeoutMs");
  const run = read(scope, "runTimeoutMs");
  if (client.kind === "broken" || run.kind === "broken") return null;
  return { clientTimeoutMs: writtenValue(client), runTimeoutMs: writtenValue(run) };
}
