import { bearerChallenge } from "../challenge.ts";
import type { CredentialExpiry } from "../credential-expiry.ts";
import type { Exchange } from "../run.ts";
import { hasAwsMark } from "./aws-marks.ts";
import type { ExchangeCase, Finding } from "./case.ts";

/** JSON-RPC's first implementation-defined code; the official servers use it for "no such session". */
export const SERVER_ERROR = -32000;
export const METHOD_NOT_FOUND = -32601;
/** What official servers answer, with HTTP 404, for a session they do not know. */
export const SESSION_NOT_FOUND = -32001;

/** Judges by HTTP status alone; null when the status lets the body speak. */
export function judgeStatus(x: ExchangeCase): Finding | null {
  const status = x.exchange.response?.status;
  if (status === undefined || (status >= 200 && status < 300)) return null;
  if (status >= 300 && status < 400) return redirected(x, status);
  if (status >= 500) return serverError(x, status);
  return clientError(x, status);
}

function redirected(x: ExchangeCase, status: number): Finding {
  const location = x.exchange.response?.headers.location;
  return {
    mode: "redirected",
    summary: `HTTP ${status}${location === undefined ? " without a location" : ` to ${location}`}`,
  };
}

function serverError(x: ExchangeCase, status: number): Finding {
  if (!hasAwsMark(x.exchange)) return { mode: "http-server-error", summary: `HTTP ${status}` };
  // An HTTP API reports its fixed 30 s with 503 as well as 504.
  const gateway = status === 504 || status === 503;
  return gateway
    ? { mode: "gateway-timeout", summary: `HTTP ${status} from the gateway, not from the server` }
    : { mode: "function-error", summary: `HTTP ${status} from Lambda: the function failed` };
}

function clientError(x: ExchangeCase, status: number): Finding | null {
  if (status === 401) return unauthorized(x);
  if (status === 403) return { mode: "http-forbidden", summary: "HTTP 403" };
  if (status === 429) return throttled(x);
  if (isSessionLost(x, status)) return sessionLost(x, status);
  if (x.exchange.reply.kind === "error") return null;
  if (status === 404) return { mode: "http-not-found", summary: "HTTP 404" };
  return { mode: "http-unexpected", summary: `HTTP ${status}` };
}

function unauthorized(x: ExchangeCase): Finding {
  if (!x.authenticated) {
    return { mode: "auth-required", summary: "HTTP 401 and no credentials are configured" };
  }
  const { exchange, credentialExpiry: expiry } = x;
  if (expiry === null || !hasExpired(exchange, expiry)) {
    return { mode: "http-unauthorized", summary: "HTTP 401 although credentials were sent" };
  }
  return {
    mode: "credential-expired",
    summary: `HTTP 401: the token that was sent expired at ${expiry.at}`,
    detail: expiry.at,
  };
}

/**
 * A token that says of itself that it is over explains a 401 by itself. Of a token that was given
 * to us for a time, the server too must say that it is the token that it does not like.
 */
function hasExpired(exchange: Exchange, { leftMs, of }: CredentialExpiry): boolean {
  if (exchange.startMs < leftMs) return false;
  const challenge = bearerChallenge(exchange.response?.headers["www-authenticate"] ?? "");
  return of === "bearer" || challenge?.error === "invalid_token";
}

function throttled(x: ExchangeCase): Finding {
  const retry = x.exchange.response?.headers["retry-after"];
  return {
    mode: "http-throttled",
    summary: `HTTP 429${retry === undefined ? "" : `, retry after ${retry}`}`,
  };
}

/**
 * 404 to a request in a session is the protocol's own sign. Servers written after the SDK's
 * examples answer 400 with -32000, before or after the client has a session id.
 */
function isSessionLost(x: ExchangeCase, status: number): boolean {
  const { request, reply } = x.exchange;
  if (x.era === "modern" || request.rpcMethod === "initialize") return false;
  const code = reply.kind === "error" ? reply.error.code : null;
  if (status === 404) return request.inSession && code !== METHOD_NOT_FOUND;
  return status === 400 && code === SERVER_ERROR;
}

function sessionLost(x: ExchangeCase, status: number): Finding {
  return {
    mode: "session-lost",
    summary: `HTTP ${status} to ${x.exchange.request.rpcMethod}, right after a good initialize`,
  };
}
