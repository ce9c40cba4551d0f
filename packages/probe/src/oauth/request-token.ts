import { ClientCredentialsProvider, fetchToken } from "@modelcontextprotocol/client";
import {
  bearerExpiresAt,
  type Clock,
  type Exchange,
  type TokenFailure,
  type TokenProblem,
} from "@vigil/core";
import type { OpenConnection } from "../connection.ts";
import { type Asked, type AskOptions, ask } from "./ask.ts";
import { discoverIssuer, type IssuerMetadata, type OauthAuth } from "./metadata.ts";
import { parseObject } from "./parse-object.ts";
import type { AccessToken } from "./token-cache.ts";

/** A new token is asked for so long before the old one's end, or a tenth of its life if that is less. */
const REFRESH_MARGIN_MS = 60_000;
/** How long a token is used whose life nobody tells. */
const UNTOLD_LIFE_MS = 300_000;
/** Longer lives are not believed. */
const MAX_LIFE_MS = 365 * 86_400_000;

export interface TokenRequest {
  readonly auth: OauthAuth;
  readonly clientSecret: string;
  /** The target: what the token is for (RFC 8707). */
  readonly target: URL;
  readonly connect: OpenConnection;
  readonly clock: Clock;
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly version: string;
  readonly redact: (text: string) => string;
}

export type TokenOutcome =
  | { readonly ok: true; readonly token: AccessToken }
  | { readonly ok: false; readonly failure: TokenFailure; readonly exchanges: readonly Exchange[] };

/** Gets a token by the client-credentials grant, from the configured issuer alone. Never rejects. */
export async function requestToken(request: TokenRequest): Promise<TokenOutcome> {
  const { auth, connect, clock, startedAt, redact, version } = request;
  const endBy = clock.monotonic() + request.timeoutMs;
  const options = { connect, clock, startedAt, endBy, redact };
  const discovered = await discoverIssuer(auth, version, options);
  if (!discovered.ok) {
    const { url, problem, exchange } = discovered;
    return { ok: false, failure: { request: "metadata", url, problem }, exchanges: [exchange] };
  }
  return exchangeSecret(discovered.metadata, request, options);
}

async function exchangeSecret(
  metadata: IssuerMetadata,
  request: TokenRequest,
  options: AskOptions,
): Promise<TokenOutcome> {
  const { tokenEndpoint } = metadata;
  let asked: Asked | null = null;
  const url = `${tokenEndpoint.origin}${tokenEndpoint.pathname}`;
  const fail = (problem: TokenProblem): TokenOutcome => ({
    ok: false,
    failure: { request: "token", url, problem: redacted(problem, request.redact) },
    exchanges: asked === null ? [] : [withoutToken(asked.exchange)],
  });
  const fetchFn = async (input: string | URL, init: RequestInit = {}) => {
    asked = await ask(new URL(input), named(init, request.version), options);
    return responseOf(asked);
  };
  try {
    const given = await askBySdk(metadata, request, fetchFn);
    const unusable = unusableBecause(given);
    if (unusable !== null) return fail({ kind: "unreadable", detail: unusable });
    return { ok: true, token: tokenOf(given, request.clock.now()) };
  } catch (error) {
    return fail(problemOf(asked, error));
  }
}

interface Given {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in?: number | undefined;
}

type Fetch = (input: string | URL, init?: RequestInit) => Promise<Response>;

/** The official SDK's client-credentials grant, told what has been checked here. */
function askBySdk(metadata: IssuerMetadata, request: TokenRequest, fetchFn: Fetch): Promise<Given> {
  const { auth, clientSecret, target } = request;
  const { clientId, issuer, scope } = auth;
  const provider = new ClientCredentialsProvider({
    clientId,
    clientSecret,
    expectedIssuer: issuer,
    ...(scope !== null && { scope }),
  });
  return fetchToken(provider, issuer, {
    metadata: {
      issuer: metadata.issuer,
      token_endpoint: metadata.tokenEndpoint.href,
      ...(metadata.authMethods !== null && {
        token_endpoint_auth_methods_supported: [...metadata.authMethods],
      }),
      // Demanded by the type; a grant without a user has no use for them.
      authorization_endpoint: metadata.issuer,
      response_types_supported: [],
    },
    resource: resourceOf(target),
    fetchFn,
  });
}

/** The target's name as a resource (RFC 8707); a query may hold a key, and is no part of it. */
function resourceOf({ origin, pathname }: URL): string {
  return pathname === "/" ? origin : `${origin}${pathname}`;
}

function named(init: RequestInit, version: string): RequestInit {
  const headers = new Headers(init.headers);
  headers.set("user-agent", `vigil/${version}`);
  return { ...init, headers };
}

/** Without its location a redirect is followed by nobody. */
function responseOf({ answer }: Asked): Response {
  if (!answer.ok) throw new Error(answer.problem.kind);
  const { status, text } = answer;
  const headers = new Headers(answer.headers);
  for (const name of ["location", "content-encoding", "content-length"]) headers.delete(name);
  return new Response(text === "" ? null : text, { status, headers });
}

function problemOf(asked: Asked | null, error: unknown): TokenProblem {
  if (asked === null) {
    return { kind: "not-sent", name: error instanceof Error ? error.name : "unknown" };
  }
  if (!asked.answer.ok) return asked.answer.problem;
  const { status, text } = asked.answer;
  const code = parseObject(text)?.["error"];
  const errorCode = typeof code === "string" ? code : null;
  if (status !== 200 || errorCode !== null) return { kind: "status", status, errorCode };
  return { kind: "unreadable", detail: "no token" };
}

/** The server's own words may be what it was sent. */
function redacted(problem: TokenProblem, redact: (text: string) => string): TokenProblem {
  if (problem.kind === "unreadable") return { ...problem, detail: redact(problem.detail) };
  if (problem.kind !== "status" || problem.errorCode === null) return problem;
  return { ...problem, errorCode: redact(problem.errorCode) };
}

function unusableBecause({ access_token: token, token_type: type }: Given): string | null {
  if (type.toLowerCase() !== "bearer") return `token_type is "${type}", not Bearer`;
  return /^[\x21-\x7E]+$/.test(token) ? null : "the token holds what no header can carry";
}

function tokenOf(given: Given, now: number): AccessToken {
  const value = given.access_token;
  const toldMs = toldLifeMs(given, now);
  if (toldMs === null) return { value, expiresAt: null, refreshAt: now + UNTOLD_LIFE_MS };
  const lifeMs = Math.min(Math.max(0, toldMs), MAX_LIFE_MS);
  const refreshAt = now + lifeMs - Math.min(REFRESH_MARGIN_MS, lifeMs / 10);
  return { value, expiresAt: now + lifeMs, refreshAt };
}

/** As the answer says or, when it does not, the token itself. */
function toldLifeMs({ access_token: token, expires_in: lifeS }: Given, now: number): number | null {
  if (lifeS !== undefined && Number.isFinite(lifeS)) return lifeS * 1_000;
  const expiresAt = bearerExpiresAt(`Bearer ${token}`);
  return expiresAt === null ? null : expiresAt - now;
}

/** An answer that should have been a token may hold one. */
function withoutToken(exchange: Exchange): Exchange {
  return (exchange.response?.status ?? 0) < 300 ? { ...exchange, bodyHead: "" } : exchange;
}
