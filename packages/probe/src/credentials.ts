import {
  type Auth,
  type Clock,
  type SecretRef,
  type StepFault,
  secretReferences,
  type Target,
} from "@vigil/core";
import type { SecretResolver } from "./types.ts";

export type Credentials =
  | {
      readonly ok: true;
      readonly headers: Readonly<Record<string, string>>;
      readonly authenticated: boolean;
      /** Every secret in use, to be kept out of whatever is written. */
      readonly secrets: readonly string[];
    }
  | { readonly ok: false; readonly fault: StepFault };

export interface CredentialOptions {
  readonly resolve: SecretResolver;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Reads a target's secrets and makes the headers that carry them. Never rejects. */
export async function resolveCredentials(
  target: Target,
  options: CredentialOptions,
): Promise<Credentials> {
  const { auth } = target;
  if (auth.type === "sigv4" || auth.type === "oauthClientCredentials") {
    const name = `this version cannot use ${auth.type} credentials`;
    return { ok: false, fault: { kind: "internal", name } };
  }
  const values = new Map<string, string>();
  for (const reference of secretReferences(target)) {
    const value = await readInTime(reference, options);
    if (value === null || value === "") {
      return { ok: false, fault: { kind: "secret-unavailable", reference } };
    }
    values.set(reference, value);
  }
  const fill = (ref: SecretRef) => values.get(ref.secret) ?? "";
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...target.headers, ...headersOf(auth) })) {
    headers[name] = typeof value === "string" ? value : fill(value);
  }
  if (auth.type === "bearer") headers.authorization = `Bearer ${fill(auth.token)}`;
  return {
    ok: true,
    headers,
    authenticated: auth.type !== "none" || values.size > 0,
    secrets: [...values.values()],
  };
}

function headersOf(auth: Auth): Readonly<Record<string, string | SecretRef>> {
  return auth.type === "headers" ? auth.headers : {};
}

function readInTime(
  reference: string,
  { resolve, clock, timeoutMs }: CredentialOptions,
): Promise<string | null> {
  return new Promise((settle) => {
    const cancel = clock.after(Math.max(0, timeoutMs), () => settle(null));
    resolve(reference).then(
      (value) => {
        cancel();
        settle(value);
      },
      () => {
        cancel();
        settle(null);
      },
    );
  });
}
