import {
  type Auth,
  type Clock,
  type RequestSigner,
  type SecretRef,
  type StepFault,
  secretReferences,
  type Target,
} from "@vigil/core";
import { type BoundSigner, bindSigner, inTime, NO_AWS_CREDENTIALS } from "./signing.ts";
import type { SecretResolver } from "./types.ts";

export type Credentials =
  | {
      readonly ok: true;
      readonly headers: Readonly<Record<string, string>>;
      /** Adds what the headers cannot hold beforehand; null when they hold everything. */
      readonly sign: BoundSigner | null;
      readonly authenticated: boolean;
      /** Every secret in use, to be kept out of whatever is written. */
      readonly secrets: readonly string[];
    }
  | { readonly ok: false; readonly fault: StepFault };

export interface CredentialOptions {
  readonly resolve: SecretResolver;
  readonly sign: RequestSigner | null;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Reads a target's secrets and makes the headers that carry them. Never rejects. */
export async function resolveCredentials(
  target: Target,
  options: CredentialOptions,
): Promise<Credentials> {
  const { auth } = target;
  if (auth.type === "oauthClientCredentials") {
    const name = `this version cannot use ${auth.type} credentials`;
    return { ok: false, fault: { kind: "internal", name } };
  }
  const values = new Map<string, string>();
  for (const reference of secretReferences(target)) {
    const value = await inTime(options.resolve(reference), options);
    if (value === null || value === "") {
      return { ok: false, fault: { kind: "secret-unavailable", reference } };
    }
    values.set(reference, value);
  }
  const signing = auth.type === "sigv4" ? await resolveSigner(auth, target.url, options) : UNSIGNED;
  if (!signing.ok) return { ok: false, fault: NO_AWS_CREDENTIALS };
  const fill = (ref: SecretRef) => values.get(ref.secret) ?? "";
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...target.headers, ...headersOf(auth) })) {
    headers[name] = typeof value === "string" ? value : fill(value);
  }
  if (auth.type === "bearer") headers.authorization = `Bearer ${fill(auth.token)}`;
  return {
    ok: true,
    headers,
    sign: signing.sign,
    authenticated: auth.type !== "none" || values.size > 0,
    secrets: [...values.values(), ...signing.secrets],
  };
}

function headersOf(auth: Auth): Readonly<Record<string, string | SecretRef>> {
  return auth.type === "headers" ? auth.headers : {};
}

type Signing =
  | { readonly ok: true; readonly sign: BoundSigner | null; readonly secrets: readonly string[] }
  | { readonly ok: false };

const UNSIGNED: Signing = { ok: true, sign: null, secrets: [] };

/** Signs once for nobody: that there are no credentials must show before a request needs them. */
async function resolveSigner(
  auth: Extract<Auth, { type: "sigv4" }>,
  url: string,
  options: CredentialOptions,
): Promise<Signing> {
  if (options.sign === null) return { ok: false };
  const sign = bindSigner(options.sign, auth);
  const signed = await inTime(sign({ method: "POST", url, headers: {}, body: null }), options);
  return signed === null ? { ok: false } : { ok: true, sign, secrets: signed.secrets };
}
