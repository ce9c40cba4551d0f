import {
  bearerChallenge,
  type Exchange,
  expectsChallenge,
  type Leg,
  type ResourceMetadata,
} from "@vigil/core";
import type { AttemptContext } from "../attempt-context.ts";
import type { OpenConnection } from "../connection.ts";
import { ask } from "./ask.ts";
import { parseObject } from "./parse-object.ts";

/** The target answered 401: a kept token may have been revoked, so the next attempt gets a new one. */
export function wasRefused(legs: readonly Leg[]): boolean {
  return refusalIn(legs) !== undefined;
}

/**
 * What the target's challenge points to, if one is expected; asked for without any of the target's
 * headers. Null when there is none, or when it points away from the target's origin: nothing is asked
 * there.
 */
export async function lookBehindChallenge(
  legs: readonly Leg[],
  context: AttemptContext,
  connect: OpenConnection,
): Promise<ResourceMetadata | null> {
  if (!expectsChallenge(context, context.target)) return null;
  const header = refusalIn(legs)?.response?.headers["www-authenticate"] ?? "";
  const named = bearerChallenge(header)?.["resource_metadata"] ?? "";
  if (!URL.canParse(named)) return null;
  const url = new URL(named);
  if (url.origin !== context.url.origin) return null;
  const { clock, startedAt, redact, version } = context;
  const endBy = clock.monotonic() + context.stepTimeoutMs();
  const headers = { accept: "application/json", "user-agent": `vigil/${version}` };
  const options = { connect, clock, startedAt, endBy, redact };
  const { exchange, answer } = await ask(url, { headers }, options);
  return { exchange, document: answer.ok ? documentOf(answer.text) : null };
}

function refusalIn(legs: readonly Leg[]): Exchange | undefined {
  const exchanges = legs.flatMap(({ steps }) => steps.flatMap((step) => step.exchanges));
  return exchanges.find(({ response }) => response?.status === 401);
}

function documentOf(text: string): ResourceMetadata["document"] {
  const body = parseObject(text);
  if (body === null) return null;
  const { resource, authorization_servers: servers } = body;
  return {
    resource: typeof resource === "string" ? resource : null,
    authorizationServers: Array.isArray(servers) ? servers.map(String) : [],
  };
}
