import type { Auth, Clock, StepRecord, Target } from "@vigil/core";
import { secretReferences } from "@vigil/core";
import { notReached } from "./take-step.ts";
import type { SecretResolver } from "./types.ts";

export type Credentials =
  | {
      readonly ok: true;
      readonly headers: Readonly<Record<string, string>>;
      readonly authenticated: boolean;
      /** Every secret in use, to be kept out of whatever is written. */
      readonly secrets: readonly string[];
    }
  | { readonly ok: false; readonly reference: string };

/** Reads a target's secrets and makes the headers that carry them. */
export async function resolveCredentials(
  target: Target,
  resolve: SecretResolver,
): Promise<Credentials> {
  const values = new Map<string, string>();
  for (const reference of secretReferences(target)) {
    const value = await resolve(reference).catch(() => null);
    if (value === null || value === "") return { ok: false, reference };
    values.set(reference, value);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...target.headers, ...authHeaders(target.auth) })) {
    headers[name] = typeof value === "string" ? value : fill(value, values);
  }
  return {
    ok: true,
    headers,
    authenticated: target.auth.type !== "none" || Object.keys(headers).length > 0,
    secrets: [...values.values()],
  };
}
