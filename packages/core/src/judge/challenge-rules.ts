import { bearerChallenge } from "../challenge.ts";
import type { Exchange, ProbeRun, ResourceMetadata } from "../run.ts";
import type { Expectations, Finding, StepFinding } from "./case.ts";

/** Longest text of the server's that a summary repeats. */
const MAX_WORD = 200;

/** The target is to refuse who has no credentials, and this run had none. */
export function expectsChallenge(
  run: Pick<ProbeRun, "authenticated">,
  { expect }: Pick<Expectations, "expect">,
): boolean {
  return expect.unauthenticated === "challenge" && !run.authenticated;
}

type Held =
  | { readonly ok: false; readonly found: StepFinding }
  | { readonly ok: true; readonly note: string };

/** Holds a 401 to RFC 9728 as far as a client needs it: may it find out where to get a token? */
export function judgeChallenge(
  refusal: Exchange,
  { url, resourceMetadata }: Pick<ProbeRun, "url" | "resourceMetadata">,
): Held {
  const fail = (summary: string, exchange = refusal): Held => {
    const finding: Finding = { mode: "challenge-invalid", summary };
    return { ok: false, found: { finding, exchange } };
  };
  const header = refusal.response?.headers["www-authenticate"];
  if (header === undefined) return fail("HTTP 401 without WWW-Authenticate");
  const named = bearerChallenge(header)?.resource_metadata;
  if (named === undefined) {
    return fail("HTTP 401, but WWW-Authenticate names no resource_metadata for Bearer tokens");
  }
  if (!URL.canParse(named) || new URL(named).origin !== new URL(url).origin) {
    return fail(`WWW-Authenticate names resource_metadata ${word(named)}, not at ${originOf(url)}`);
  }
  if (resourceMetadata === null) return fail("the resource metadata was not asked for");
  const problem = problemOf(resourceMetadata, url);
  if (problem !== null) {
    return fail(`resource_metadata ${word(named)} ${problem}`, resourceMetadata.exchange);
  }
  return { ok: true, note: noteOf(resourceMetadata, url) };
}

/** Completes "resource_metadata … ". */
function problemOf({ exchange, document }: ResourceMetadata, url: string): string | null {
  const { response, end, networkError } = exchange;
  if (networkError !== null) return `cannot be had (${networkError.code})`;
  if (end === "too-large") return "is too large to be metadata";
  if (response === null || end !== "complete") return "did not come in time";
  if (response.status !== 200) return `answers HTTP ${response.status}`;
  if (document === null) return "is not a JSON object";
  const { resource, authorizationServers } = document;
  if (resource === null) return "says no resource";
  if (!covers(resource, url)) return `is about ${word(resource)}, not about ${url}`;
  if (authorizationServers.length === 0) return "names no authorization server";
  const bad = authorizationServers.find((server) => !URL.canParse(server));
  return bad === undefined ? null : `names an authorization server that is no URL: ${word(bad)}`;
}

/** As the official clients compare: the URL itself, or a path above it at the same origin. */
function covers(resource: string, url: string): boolean {
  if (!URL.canParse(resource)) return false;
  const [theirs, ours] = [new URL(resource), new URL(url)];
  return theirs.origin === ours.origin && slashed(ours).startsWith(slashed(theirs));
}

function slashed({ pathname }: URL): string {
  return pathname.endsWith("/") ? pathname : `${pathname}/`;
}

function noteOf({ document }: ResourceMetadata, url: string): string {
  const resource = document?.resource ?? "";
  const seen = "only the challenge was seen: the target has no credentials";
  if (slashed(new URL(resource)) === slashed(new URL(url))) return seen;
  return `${seen}; its metadata is about ${word(resource)}, which official clients accept, though RFC 9728 wants the URL itself`;
}

function originOf(url: string): string {
  return new URL(url).origin;
}

function word(text: string): string {
  return text.length <= MAX_WORD ? text : `${text.slice(0, MAX_WORD - 1)}…`;
}
