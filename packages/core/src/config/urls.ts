import type { Advice } from "./advice.ts";
import { wrongKind } from "./advice.ts";
import { leaf } from "./leaf.ts";
import { isRegion } from "./regions.ts";

interface UrlRules {
  /** Completes "Write …": an address of this kind. */
  readonly example: string;
  /** Where plain http may go. */
  readonly http: "loopback" | "anywhere" | "nowhere";
  /**
   * `origin`: scheme, host and port alone. `page`: may point into a page by its #fragment.
   * `issuer`: has no query (RFC 8414).
   */
  readonly shape?: "endpoint" | "origin" | "page" | "issuer";
}

const NO_PASSWORD =
  'Take them out of the URL; a target\'s credentials go into auth: bearer(secret("env:NAME")) or headers({ … }).';
const LOOPBACK_ONLY =
  "Write https://. Plain http is for this machine alone: localhost, 127.0.0.1 or [::1].";

/** An address; everything wrong with it is told, the address itself never: it may hold a key. */
export function url(rules: UrlRules) {
  return leaf<string>(urlShape(rules), (value) => {
    const fix = `Write ${rules.example}.`;
    if (typeof value !== "string" || value.trim() === "") {
      return [{ problem: wrongKind(value, "a URL"), fix }];
    }
    const parsed = parseUrl(value);
    return parsed === null ? [brokenAdvice(value, fix)] : urlAdvice(parsed, value, rules);
  });
}

const SCHEMES: Readonly<Record<UrlRules["http"], string>> = {
  nowhere: "an https URL",
  loopback: "an https URL (http on loopback)",
  anywhere: "an http or https URL",
};

function urlShape({ http, shape }: UrlRules): string {
  return shape === "origin" ? `${SCHEMES[http]} without a path` : SCHEMES[http];
}

function brokenAdvice(value: string, fix: string): Advice {
  if (/\s/.test(value)) return { problem: "holds a blank or a line break", fix: "Remove it." };
  return value.includes("://")
    ? { problem: "is not a complete URL", fix }
    : { problem: "does not begin with https://", fix };
}

/** Null unless the text is a URL; blanks and line breaks, which URL parsers drop, are no part of one. */
export function parseUrl(value: string): URL | null {
  return /\s/.test(value) || !URL.canParse(value) ? null : new URL(value);
}

function urlAdvice(
  parsed: URL,
  given: string,
  { example, http, shape = "endpoint" }: UrlRules,
): Advice[] {
  const advice: Advice[] = [];
  const fix = `Write ${example}.`;
  const { protocol, hostname } = parsed;
  if (protocol !== "https:" && protocol !== "http:") {
    return [{ problem: "has a scheme that is neither http nor https", fix }];
  }
  if (protocol === "http:" && http === "nowhere") {
    advice.push({ problem: "is plain http", fix: "Write https://." });
  }
  if (protocol === "http:" && http === "loopback" && !isLoopback(hostname)) {
    advice.push({ problem: "is plain http, which anyone on the way can read", fix: LOOPBACK_ONLY });
  }
  if (parsed.username !== "" || parsed.password !== "") {
    advice.push({ problem: "holds a user name or a password", fix: NO_PASSWORD });
  }
  if (given.includes("#") && shape !== "page") {
    advice.push({
      problem: "has a #fragment, which is never sent",
      fix: "Remove the # and all after it.",
    });
  }
  if (shape === "issuer" && given.includes("?")) {
    advice.push({
      problem: "has a query, which no issuer has",
      fix: "Remove the ? and all after it.",
    });
  }
  if (shape === "origin" && given !== parsed.origin) {
    advice.push({
      problem: "must be an origin: scheme, host and port in small letters, without a path",
      fix,
    });
  }
  return advice;
}

/** `hostname` as a URL gives it: `127.0.0.1`, `[::1]`, `localhost`. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Hosts whose names tell the service that signs for them and its region. */
const AWS_HOSTS: readonly { readonly service: string; readonly host: RegExp }[] = [
  { service: "lambda", host: /\.lambda-url\.([a-z0-9-]+)\.on\.aws$/ },
  { service: "execute-api", host: /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/ },
  { service: "bedrock-agentcore", host: /^bedrock-agentcore\.([a-z0-9-]+)\.amazonaws\.com$/ },
];

export interface AwsPlace {
  readonly service: string;
  readonly region: string;
}

/** The AWS service and region that a URL's host names; null for a custom domain. */
export function awsPlace(address: string): AwsPlace | null {
  const hostname = parseUrl(address)?.hostname ?? "";
  for (const { service, host } of AWS_HOSTS) {
    const region = host.exec(hostname)?.[1];
    if (region !== undefined && isRegion(region)) return { service, region };
  }
  return null;
}
