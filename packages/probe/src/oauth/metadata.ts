import { buildDiscoveryUrls } from "@modelcontextprotocol/client";
import type { Auth, Exchange, TokenProblem } from "@vigil/core";
import { type Asked, type AskOptions, ask } from "./ask.ts";
import { parseObject } from "./parse-object.ts";

export type OauthAuth = Extract<Auth, { type: "oauthClientCredentials" }>;

/** What of an authorization server's metadata a client without a user needs. */
export interface IssuerMetadata {
  readonly issuer: string;
  readonly tokenEndpoint: URL;
  readonly authMethods: readonly string[] | null;
}

export type Discovered =
  | { readonly ok: true; readonly metadata: IssuerMetadata; readonly exchange: Exchange }
  | {
      readonly ok: false;
      readonly url: string;
      readonly problem: TokenProblem;
      readonly exchange: Exchange;
    };

/**
 * Asks the configured issuer, and nobody else, how it names itself and where it gives tokens. What
 * the target says of authorization servers is never looked at. The first document that is metadata
 * counts; none of the requests carries a credential.
 */
export async function discoverIssuer(
  auth: OauthAuth,
  version: string,
  options: AskOptions,
): Promise<Discovered> {
  let first: Discovered | null = null;
  for (const { url } of buildDiscoveryUrls(auth.issuer)) {
    const headers = { accept: "application/json", "user-agent": `vigil/${version}` };
    const asked = await ask(url, { headers }, options);
    const found = read(asked, auth, `${url.origin}${url.pathname}`);
    if (found.ok || !mayBeElsewhere(found.problem)) return found;
    first ??= found;
  }
  if (first === null) throw new Error("an issuer has at least one metadata address");
  return first;
}

/** The next well-known address is worth a try only where this one is none of the issuer's. */
function mayBeElsewhere({ kind }: TokenProblem): boolean {
  return kind === "status" || kind === "unreadable" || kind === "too-large";
}

function read({ answer, exchange }: Asked, auth: OauthAuth, url: string): Discovered {
  const fail = (problem: TokenProblem): Discovered => ({ ok: false, url, problem, exchange });
  if (!answer.ok) return fail(answer.problem);
  const { status, text } = answer;
  if (status !== 200) return fail({ kind: "status", status, errorCode: null });
  const body = parseObject(text);
  if (body === null) return fail({ kind: "unreadable", detail: "not a JSON object" });
  const { issuer, token_endpoint: endpoint } = body;
  if (typeof issuer !== "string") return fail({ kind: "unreadable", detail: "no issuer" });
  if (!sameIssuer(issuer, auth.issuer)) return fail({ kind: "wrong-issuer", found: issuer });
  if (typeof endpoint !== "string" || !URL.canParse(endpoint)) {
    return fail({ kind: "unreadable", detail: "no token_endpoint" });
  }
  const tokenEndpoint = new URL(endpoint);
  if (!isNamed(tokenEndpoint, auth)) {
    return fail({ kind: "foreign-token-endpoint", found: endpoint.replace(/[?#].*$/s, "") });
  }
  const authMethods = textsOf(body["token_endpoint_auth_methods_supported"]);
  return { ok: true, metadata: { issuer, tokenEndpoint, authMethods }, exchange };
}

/** One slash at the end makes no difference: both forms are served from the same address. */
function sameIssuer(found: string, configured: string): boolean {
  return found.replace(/\/$/, "") === configured.replace(/\/$/, "");
}

/** The secret goes where the operator said: the issuer's own origin, or the one other address. */
function isNamed(endpoint: URL, { issuer, tokenEndpoint }: OauthAuth): boolean {
  if (endpoint.username !== "" || endpoint.password !== "") return false;
  if (tokenEndpoint !== null) return endpoint.href === new URL(tokenEndpoint).href;
  return endpoint.origin === new URL(issuer).origin;
}

function textsOf(value: unknown): readonly string[] | null {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : null;
}
