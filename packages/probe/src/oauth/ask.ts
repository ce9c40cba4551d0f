import type { Clock, Exchange, TokenProblem } from "@vigil/core";
import { NetworkFailure, type OpenConnection } from "../connection.ts";
import { ExchangeLog } from "../exchange-log.ts";

/** Metadata and tokens are far smaller. */
export const MAX_OAUTH_BYTES = 65_536;

export interface AskOptions {
  readonly connect: OpenConnection;
  readonly clock: Clock;
  /** `clock.monotonic()` at the attempt's start. */
  readonly startedAt: number;
  /** `clock.monotonic()` by which the answer must be here, whole. */
  readonly endBy: number;
  readonly redact: (text: string) => string;
}

export interface Asked {
  readonly exchange: Exchange;
  readonly answer:
    | {
        readonly ok: true;
        readonly status: number;
        readonly headers: Headers;
        readonly text: string;
      }
    | { readonly ok: false; readonly problem: TokenProblem };
}

/**
 * One request on a connection of its own, which is closed behind it. Follows no redirect. Bounded in
 * time and bytes; never rejects.
 */
export async function ask(url: URL, init: RequestInit, options: AskOptions): Promise<Asked> {
  const { connect, clock, startedAt, endBy, redact } = options;
  const log = new ExchangeLog({
    request: {
      httpMethod: init.method ?? "GET",
      inSession: false,
      url: `${url.origin}${url.pathname}`,
      rpcMethod: null,
      rpcId: null,
    },
    read: { id: null, acceptNullId: false, acceptBatch: false },
    clock,
    startedAt,
    redact,
  });
  const connection = connect(url, { clock });
  let late = false;
  const cancel = clock.after(Math.max(0, endBy - clock.monotonic()), () => {
    late = true;
    connection.destroy();
  });
  try {
    const response = await connection.fetch(url, { ...init, onSent: () => log.sent() });
    log.headersArrived(response);
    const text = await readText(response, log);
    const { status, headers } = response;
    if (text === null) return fail(log, { kind: "too-large" });
    log.finish("complete");
    return { exchange: log.snapshot(), answer: { ok: true, status, headers, text } };
  } catch (error) {
    return fail(log, late ? { kind: "timed-out" } : problemOf(error));
  } finally {
    cancel();
    connection.destroy();
  }
}

/** Null when it is longer than anything that is wanted. */
async function readText({ body }: Response, log: ExchangeLog): Promise<string | null> {
  if (body === null) return "";
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text + decoder.decode();
    log.chunk(value);
    if (log.bytes > MAX_OAUTH_BYTES) return null;
    text += decoder.decode(value, { stream: true });
  }
}

function problemOf(error: unknown): TokenProblem {
  if (error instanceof NetworkFailure) return { kind: "network", error: error.failure };
  return { kind: "not-sent", name: error instanceof Error ? error.name : "unknown" };
}

function fail(log: ExchangeLog, problem: TokenProblem): Asked {
  if (problem.kind === "network") log.finish("network-error", problem.error);
  else log.finish(problem.kind === "too-large" ? "too-large" : "timed-out");
  return { exchange: log.snapshot(), answer: { ok: false, problem } };
}
