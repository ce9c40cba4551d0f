import type { Clock, Exchange, TokenFailure } from "@vigil/core";
import type { OpenConnection } from "../connection.ts";
import { knownSecrets } from "../known-secrets.ts";
import type { OauthAuth } from "./metadata.ts";
import type { AccessToken, TokenCache } from "./token-cache.ts";

export interface TokenSource {
  readonly tokens: TokenCache;
  readonly connect: OpenConnection;
  readonly clock: Clock;
  /** `clock.monotonic()` at the attempt's start. */
  readonly startedAt: number;
  /** Time for all that it takes to get a new token. */
  readonly timeoutMs: number;
  readonly version: string;
}

/** A token in use, and how to tell that the target refuses it. */
export interface HeldToken {
  readonly value: string;
  readonly expiresAt: number | null;
  readonly drop: () => void;
}

export type TokenResult =
  | { readonly ok: true; readonly token: HeldToken }
  | { readonly ok: false; readonly failure: TokenFailure; readonly exchanges: readonly Exchange[] };

interface Wanted {
  readonly auth: OauthAuth;
  readonly clientSecret: string;
  readonly target: URL;
}

/** The kept token while it is good, otherwise a new one. Never rejects. */
export async function obtainToken(wanted: Wanted, source: TokenSource): Promise<TokenResult> {
  const { tokens, clock } = source;
  const key = keyOf(wanted);
  const kept = tokens.get(key);
  if (kept !== null && kept.refreshAt > clock.now()) {
    return { ok: true, token: held(kept, tokens, key) };
  }
  const secrets = knownSecrets();
  const { clientSecret, auth } = wanted;
  // Sent as one, and so echoed as one, in whatever further coding.
  secrets.add([clientSecret, basicOf(`${auth.clientId}:${clientSecret}`)]);
  // Loaded on need: few targets take tokens of this kind.
  const { requestToken } = await import("./request-token.ts");
  const outcome = await requestToken({ ...wanted, ...source, redact: secrets.redact });
  if (!outcome.ok) return outcome;
  tokens.set(key, outcome.token);
  return { ok: true, token: held(outcome.token, tokens, key) };
}

function held({ value, expiresAt }: AccessToken, tokens: TokenCache, key: string): HeldToken {
  return { value, expiresAt, drop: () => tokens.drop(key, value) };
}

/** Empty for what no header can carry. */
function basicOf(pair: string): string {
  try {
    return btoa(pair);
  } catch {
    return "";
  }
}

function keyOf({ auth, target }: Wanted): string {
  const { issuer, tokenEndpoint, clientId, scope } = auth;
  return JSON.stringify([target.origin, target.pathname, issuer, tokenEndpoint, clientId, scope]);
}
