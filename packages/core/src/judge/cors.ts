import type { Target } from "../config/index.ts";
import type { Era, Exchange, StepRecord } from "../run.ts";
import type { StepFinding } from "./case.ts";
import { judgeNetworkError } from "./network-rules.ts";

/**
 * The Fetch standard's CORS protocol (fetch.spec.whatwg.org, sections 4.9, 4.10 and 3.3), as it is
 * for a page's requests in a credentials mode other than "include": what official clients send.
 *
 * DELETE is not held against a server: POST and GET need no leave by method, and a session that a
 * page cannot end runs out by itself.
 */

const ALLOW_ORIGIN = "access-control-allow-origin";
const ALLOW_METHODS = "access-control-allow-methods";
const ALLOW_HEADERS = "access-control-allow-headers";
const EXPOSE_HEADERS = "access-control-expose-headers";
const SESSION = "mcp-session-id";

/** The one name that `*` does not cover. */
const NON_WILDCARD = "authorization";

/** Names of the headers that a page's MCP client sends and a browser asks leave for, sorted. */
export function pageHeaders(
  { auth, headers }: Pick<Target, "auth" | "headers">,
  { era, inSession }: { readonly era: Era; readonly inSession: boolean },
): readonly string[] {
  const own = auth.type === "headers" ? Object.keys(auth.headers) : [];
  const credentials = auth.type === "none" || auth.type === "headers" ? own : [NON_WILDCARD];
  const names = [
    "content-type",
    "mcp-protocol-version",
    ...(inSession ? [SESSION] : []),
    ...(era === "modern" ? ["mcp-method", "mcp-name"] : []),
    ...credentials,
    ...Object.keys(headers),
  ];
  return [...new Set(names.map((name) => name.toLowerCase()))].sort();
}

/**
 * What a browser would make of the step. `judgeRequest` reads the page's request as any other: a
 * failure that is not about its origin keeps its own name.
 */
export function judgeCors(
  step: StepRecord,
  origin: string,
  judgeRequest: () => StepFinding | null,
): StepFinding | null {
  const preflight = step.exchanges.find(({ request }) => request.httpMethod === "OPTIONS");
  const sent = step.exchanges.filter(({ request }) => request.rpcMethod !== null);
  const asked = preflight === undefined ? [] : preflightProblems(preflight, origin);
  const refused = sent.find(({ response }) => response?.status === 403);
  const other = asked.length > 0 || refused !== undefined ? null : judgeRequest();
  if (other !== null) return other;
  const answered = sent.map((exchange) => ({
    exchange,
    problems: [...responseProblems(exchange, origin), ...sessionProblems(exchange, sent)],
  }));
  // What a page gets no further than; later answers mostly lack the same.
  const blamed = answered.find((one) => one.problems.length > 0);
  const problems = [...asked, ...(blamed?.problems ?? [])];
  if (problems.length === 0) return null;
  const told = [...new Set(problems)].join("; ");
  return {
    finding: { mode: "cors-blocked", summary: told, detail: `for pages of ${origin}` },
    exchange: asked.length > 0 ? (preflight ?? null) : (blamed?.exchange ?? null),
  };
}

/** 4.9, CORS-preflight fetch, from its response on. */
function preflightProblems(exchange: Exchange, origin: string): readonly string[] {
  const { response, request } = exchange;
  if (response === null) return [unanswered(exchange)];
  const { status, headers } = response;
  if (status < 200 || status > 299) {
    const redirect = status >= 300 && status < 400 ? ", and browsers follow no redirect there" : "";
    return [`the preflight is answered HTTP ${status}${redirect}`];
  }
  return [
    ...originProblems(headers, origin, "the preflight"),
    ...unreadable(headers, ALLOW_METHODS),
    ...unreadable(headers, ALLOW_HEADERS),
    ...headerProblems(headers, request.asksFor ?? []),
  ];
}

function unanswered({ networkError, startMs, endMs }: Exchange): string {
  if (networkError === null) {
    return `no answer to the preflight within ${Math.round(endMs - startMs)} ms`;
  }
  return `the preflight has no answer: ${judgeNetworkError(networkError).summary}`;
}

function headerProblems(headers: Headers, asksFor: readonly string[]): readonly string[] {
  const allowed = listOf(headers, ALLOW_HEADERS);
  if (allowed === null) return [];
  const any = allowed.includes("*");
  const missing = asksFor.filter((name) => !allowed.includes(name));
  const lacking = any ? missing.filter((name) => name === NON_WILDCARD) : missing;
  if (lacking.length === 0) return [];
  const why = any ? ", which * does not cover" : "";
  return [`Access-Control-Allow-Headers of the preflight lacks ${lacking.join(", ")}${why}`];
}

function responseProblems({ response, request }: Exchange, origin: string): readonly string[] {
  if (response === null) return [];
  const { status, headers } = response;
  if (status === 403) return [`HTTP 403 to ${request.rpcMethod} with the page's origin`];
  return originProblems(headers, origin, `the answer to ${request.rpcMethod}`);
}

/** A page reads its session off the answer that gives it one, and off no other. */
function sessionProblems(
  { response, request }: Exchange,
  sent: readonly Exchange[],
): readonly string[] {
  const gave = request.rpcMethod === "initialize" && sent.some((one) => one.request.inSession);
  if (response === null || response.status >= 300 || !gave) return [];
  const exposed = listOf(response.headers, EXPOSE_HEADERS) ?? [];
  if (exposed.includes("*") || exposed.includes(SESSION)) return [];
  return ["Access-Control-Expose-Headers lacks Mcp-Session-Id, so pages cannot keep a session"];
}

/** 4.10, CORS check. A header that came twice is one value with a comma, which is no origin. */
function originProblems(headers: Headers, origin: string, where: string): readonly string[] {
  const allowed = headers[ALLOW_ORIGIN];
  if (allowed === undefined) return [`${where} has no Access-Control-Allow-Origin`];
  if (allowed === "*" || allowed === origin) return [];
  const twice = allowed.includes(",") ? " (one value at most may be sent)" : "";
  return [`Access-Control-Allow-Origin of ${where} is "${allowed}", not ${origin} or *${twice}`];
}

type Headers = Readonly<Record<string, string>>;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Lower-case members of a list header; empty without the header, null when it is not one. */
function listOf(headers: Headers, name: string): readonly string[] | null {
  const members = (headers[name] ?? "")
    .split(",")
    .map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ""));
  const present = members.filter((member) => member !== "");
  return present.every((member) => TOKEN.test(member))
    ? present.map((member) => member.toLowerCase())
    : null;
}

/** A list that cannot be read fails the whole preflight. */
function unreadable(headers: Headers, name: string): readonly string[] {
  if (listOf(headers, name) !== null) return [];
  const shown = name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
  return [`${shown} of the preflight cannot be read: "${headers[name]}"`];
}
