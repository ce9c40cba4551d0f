import {
  type Auth,
  bearerExpiresAt,
  type Clock,
  type CredentialExpiry,
  type Exchange,
  type HeaderValues,
  type RequestSigner,
  type StepFault,
  secretReferences,
  type Target,
} from "@vigil/core";
import type { OpenConnection } from "./connection.ts";
import { type HeldToken, obtainToken } from "./oauth/obtain-token.ts";
import type { TokenCache } from "./oauth/token-cache.ts";
import { type BoundSigner, bindSigner, inTime, NO_AWS_CREDENTIALS } from "./signing.ts";
import type { SecretResolver } from "./types.ts";

export type Credentials =
  | {
      readonly ok: true;
      readonly headers: Readonly<Record<string, string>>;
      /** Adds what the headers cannot hold beforehand; null when they hold everything. */
      readonly sign: BoundSigner | null;
      /** Got from an authorization server; null when there is none such. */
      readonly token: HeldToken | null;
      readonly authenticated: boolean;
      /** Every secret in use, to be kept out of whatever is written. */
      readonly secrets: readonly string[];
    }
  | Failed;

interface Failed {
  readonly ok: false;
  readonly fault: StepFault;
  /** What the authorization server answered. */
  readonly exchanges: readonly Exchange[];
}

export interface CredentialOptions {
  readonly resolve: SecretResolver;
  readonly sign: RequestSigner | null;
  readonly tokens: TokenCache;
  readonly connect: OpenConnection;
  readonly clock: Clock;
  /** `clock.monotonic()` at the attempt's start. */
  readonly startedAt: number;
  readonly timeoutMs: number;
  /** Time for getting a token. */
  readonly tokenTimeoutMs: () => number;
  readonly version: string;
}

/** Reads a target's secrets and makes the headers that carry them. Never rejects. */
export async function resolveCredentials(
  target: Target,
  options: CredentialOptions,
): Promise<Credentials> {
  const { auth } = target;
  const values = new Map<string, string>();
  for (const reference of secretReferences(target)) {
    const value = await inTime(options.resolve(reference), options);
    if (value === null || value === "") return failed({ kind: "secret-unavailable", reference });
    values.set(reference, value);
  }
  const own = await authorize(auth, { target, values, options });
  if (!own.ok) return own;
  return {
    ...own,
    headers: { ...fill(target.headers, values), ...own.headers },
    authenticated: auth.type !== "none" || values.size > 0,
    secrets: [...values.values(), ...own.secrets],
  };
}

/** When the credentials end, as far as it is known; `startedAt` is the attempt's, on `clock.now()`. */
export function expiryOf(
  { token, headers }: Extract<Credentials, { ok: true }>,
  startedAt: number,
): CredentialExpiry | null {
  const own = new Headers(headers).get("authorization") ?? "";
  const expiresAt = token === null ? bearerExpiresAt(own) : token.expiresAt;
  if (expiresAt === null) return null;
  const of = token === null ? "bearer" : "oauth";
  return { at: new Date(expiresAt).toISOString(), leftMs: expiresAt - startedAt, of };
}

type Values = ReadonlyMap<string, string>;

interface Given {
  readonly target: Target;
  readonly values: Values;
  readonly options: CredentialOptions;
}

/** What `auth` alone asks for. */
type Own = Omit<Extract<Credentials, { ok: true }>, "authenticated"> | Failed;

const NOTHING = { ok: true, headers: {}, sign: null, token: null, secrets: [] } as const;

async function authorize(auth: Auth, given: Given): Promise<Own> {
  const { values } = given;
  switch (auth.type) {
    case "none":
      return NOTHING;
    case "bearer":
      return { ...NOTHING, headers: bearing(values.get(auth.token.secret) ?? "") };
    case "headers":
      return { ...NOTHING, headers: fill(auth.headers, values) };
    case "sigv4":
      return authorizeBySignature(auth, given);
    case "oauthClientCredentials":
      return authorizeByToken(auth, given);
    default:
      return auth satisfies never;
  }
}

function bearing(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}

function fill(headers: HeaderValues, values: Values): Record<string, string> {
  const filled = Object.entries(headers).map(([name, value]) => {
    return [name, typeof value === "string" ? value : (values.get(value.secret) ?? "")] as const;
  });
  return Object.fromEntries(filled);
}

/** Signs once for nobody: that there are no credentials must show before a request needs them. */
async function authorizeBySignature(
  auth: Extract<Auth, { type: "sigv4" }>,
  { target: { url }, options }: Given,
): Promise<Own> {
  if (options.sign === null) return failed(NO_AWS_CREDENTIALS);
  const sign = bindSigner(options.sign, auth);
  const signed = await inTime(sign({ method: "POST", url, headers: {}, body: null }), options);
  if (signed === null) return failed(NO_AWS_CREDENTIALS);
  return { ...NOTHING, sign, secrets: signed.secrets };
}

async function authorizeByToken(
  auth: Extract<Auth, { type: "oauthClientCredentials" }>,
  { target, values, options }: Given,
): Promise<Own> {
  const clientSecret = values.get(auth.clientSecret.secret) ?? "";
  const wanted = { auth, clientSecret, target: new URL(target.url) };
  const timeoutMs = options.tokenTimeoutMs();
  const got = await obtainToken(wanted, { ...options, timeoutMs });
  if (!got.ok) {
    const { failure, exchanges } = got;
    return { ok: false, fault: { kind: "token-request-failed", failure }, exchanges };
  }
  const { token } = got;
  return { ...NOTHING, headers: bearing(token.value), token, secrets: [token.value] };
}

function failed(fault: StepFault): Failed {
  return { ok: false, fault, exchanges: [] };
}
