import { CONTENT, contentKind } from "../content-type.ts";
import type { ExchangeCase, Finding } from "./case.ts";

/** Nothing came, or not in time. */
export function judgeTimeout(x: ExchangeCase): Finding | null {
  const { exchange } = x;
  if (exchange.end !== "timed-out" || answered(x) || broken(x)) return null;
  const waited = Math.round(exchange.endMs - exchange.startMs);
  const { response, sse } = exchange;
  if (response === null) {
    return { mode: "timeout", summary: `no answer to ${asked(x)} within ${waited} ms` };
  }
  if (sse?.endpointEvent) return oldTransport();
  if (contentKind(response.contentType) === CONTENT.sse) {
    return {
      mode: "stream-stalled",
      summary: `the stream opened, but no answer to ${asked(x)} came within ${waited} ms`,
    };
  }
  return { mode: "timeout", summary: `the answer to ${asked(x)} was not whole after ${waited} ms` };
}

/** A request answered with nothing at all. */
export function judgeEmpty(x: ExchangeCase): Finding | null {
  const { exchange } = x;
  const { response, sse } = exchange;
  if (response === null || isNotification(x) || answered(x)) return null;
  if (response.status === 202 || response.status === 204) {
    return { mode: "empty-response", summary: `HTTP ${response.status} to a request` };
  }
  if (contentKind(response.contentType) === CONTENT.sse) return judgeEmptyStream(x);
  if (exchange.bodyHead.trim() === "" && sse === null) {
    return { mode: "empty-response", summary: `HTTP ${response.status} with an empty body` };
  }
  return null;
}

function judgeEmptyStream(x: ExchangeCase): Finding | null {
  const { sse, reply } = x.exchange;
  if (sse?.endpointEvent) return oldTransport();
  if (reply.kind !== "none") return null;
  if ((sse?.eventCount ?? 0) === 0) {
    return { mode: "empty-stream", summary: "the event stream ended without an event" };
  }
  return {
    mode: "invalid-jsonrpc",
    summary: `the event stream ended after ${sse?.eventCount} events, none of which answers`,
  };
}

function oldTransport(): Finding {
  return {
    mode: "legacy-sse-transport",
    summary: "the stream opens with an `endpoint` event, as the old HTTP+SSE transport does",
  };
}

/** A body of a kind that no MCP server sends. */
export function judgeContent(x: ExchangeCase): Finding | null {
  const { response, reply } = x.exchange;
  if (response === null || isNotification(x)) return null;
  if (reply.kind === "foreign" && reply.envelope) {
    return { mode: "lambda-envelope", summary: 'the body is a raw {"statusCode":…} envelope' };
  }
  const type = response.contentType ?? "none";
  if (contentKind(response.contentType) === CONTENT.other) {
    return { mode: "not-mcp-response", summary: `HTTP ${response.status}, content type ${type}` };
  }
  if (reply.kind === "foreign") {
    return { mode: "not-mcp-response", summary: "JSON, but nothing of JSON-RPC in it" };
  }
  return null;
}

/** JSON that is broken, or breaks JSON-RPC. */
export function judgeEnvelope(x: ExchangeCase): Finding | null {
  const { reply } = x.exchange;
  if (reply.kind === "malformed") return { mode: "malformed-json", summary: reply.detail };
  if (reply.kind === "invalid") return { mode: "invalid-jsonrpc", summary: reply.detail };
  return null;
}

export function answered(x: ExchangeCase): boolean {
  const { kind } = x.exchange.reply;
  return kind === "result" || kind === "error";
}

/** An event that cannot be read tells more than the silence after it. */
function broken(x: ExchangeCase): boolean {
  const { kind } = x.exchange.reply;
  return kind === "malformed" || kind === "invalid";
}

export function isNotification(x: ExchangeCase): boolean {
  return x.exchange.request.rpcId === null;
}

function asked(x: ExchangeCase): string {
  return x.exchange.request.rpcMethod ?? x.exchange.request.httpMethod;
}
