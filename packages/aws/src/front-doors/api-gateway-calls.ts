import type { Clock } from "@vigil/core";
import { createSigner, defaultCredentials } from "../sigv4.ts";

/** Asks API Gateway's control plane; a few questions need no client of the SDK's. */
export interface ApiGatewayCalls {
  /** Every item of a list, over all pages. Rejects with an error named by AWS's code. */
  list(path: string): Promise<readonly unknown[]>;
}

export interface ApiGatewayPlace {
  readonly region: string;
  readonly clock: Clock;
  /** Another endpoint than the region's own. */
  readonly endpoint?: string;
}

const TIMEOUT_MS = 5_000;
const MAX_ATTEMPTS = 6;
const FIRST_WAIT_MS = 200;
/** A list that goes on for ever must not keep the search. */
const MAX_PAGES = 200;

export function createApiGatewayCalls(place: ApiGatewayPlace): ApiGatewayCalls {
  const { region, clock, endpoint = endpointOf(region) } = place;
  const sign = createSigner({ credentials: defaultCredentials(), clock });

  async function getOnce(url: URL): Promise<Answer> {
    const headers = { accept: "application/json" };
    const request = { method: "GET", url: url.href, headers, body: null };
    const signed = await sign({ ...request, service: "apigateway", region });
    if (!signed.ok) throw named("CredentialsProviderError", signed.reason);
    return send(url, { ...headers, ...signed.headers });
  }

  async function get(url: URL): Promise<Page> {
    for (let attempt = 1; ; attempt += 1) {
      const { status, code, body } = await getOnce(url);
      if (status === 200) return body;
      const passing = status === 429 || status >= 500 || code === "ThrottlingException";
      if (!passing || attempt === MAX_ATTEMPTS) throw named(code, String(body["message"] ?? ""));
      const waitMs = FIRST_WAIT_MS * 2 ** (attempt - 1);
      await new Promise<void>((resolve) => clock.after(waitMs, resolve));
    }
  }

  return {
    async list(path) {
      const items: unknown[] = [];
      const url = new URL(path, endpoint);
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const { items: v2, item: v1, nextToken, position } = await get(url);
        items.push(...[v2 ?? v1 ?? []].flat());
        const next = nextToken ?? position;
        if (typeof next !== "string" || next === "") break;
        url.searchParams.set(nextToken === undefined ? "position" : "nextToken", next);
      }
      return items;
    },
  };
}

type Page = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  /** AWS's error code. */
  readonly code: string;
  readonly body: Page;
}

async function send(url: URL, headers: Record<string, string>): Promise<Answer> {
  const left = new AbortController();
  const timer = setTimeout(() => left.abort(named("TimeoutError", "no answer")), TIMEOUT_MS);
  try {
    const response = await fetch(url, { headers, signal: left.signal, redirect: "error" });
    const text = await response.text();
    const code = response.headers.get("x-amzn-errortype") ?? `HTTP ${response.status}`;
    return { status: response.status, code: code.split(":")[0] ?? code, body: parse(text) };
  } finally {
    clearTimeout(timer);
  }
}

function parse(text: string): Page {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** As the AWS SDK's tools take it from the environment. */
function endpointOf(region: string): string {
  const { AWS_ENDPOINT_URL_API_GATEWAY: own, AWS_ENDPOINT_URL: any } = process.env;
  return own ?? any ?? `https://apigateway.${region}.${domainOf(region)}`;
}

/** China's partition has a domain of its own. */
export function domainOf(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
