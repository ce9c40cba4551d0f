import type { Target, WatchedFunction } from "../config/index.ts";
import { awsPlace } from "../config/urls.ts";
import type { FunctionSubject } from "./types.ts";

type Watched = Pick<Target, "name" | "url" | "auth" | "era" | "clientTimeoutMs"> & {
  readonly lambda: WatchedFunction;
  readonly region: string;
};

/** Whom a target's facts are about. */
export function functionSubject(target: Watched, readAt: string): FunctionSubject {
  const { name, url, auth, era, clientTimeoutMs, lambda, region } = target;
  const { functionName, qualifier } = lambda;
  return {
    target: name,
    host: new URL(url).host,
    door: doorOf(url),
    region,
    functionName,
    qualifier,
    auth: auth.type,
    era,
    clientTimeoutMs,
    readAt,
  };
}

/** Of the API that a URL of API Gateway's leads to; null for any other URL. */
export function gatewayIdOf(url: string): string | null {
  return doorOf(url) === "api-gateway" ? (new URL(url).host.split(".")[0] ?? null) : null;
}

function doorOf(url: string): FunctionSubject["door"] {
  const service = awsPlace(url)?.service;
  if (service === "lambda") return "function-url";
  return service === "execute-api" ? "api-gateway" : "other";
}
