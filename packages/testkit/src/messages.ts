import { type Answer, event, type Headers, json, stream, text } from "./answer.ts";
import type { RecordedRequest } from "./request.ts";

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** A JSON-RPC answer with the HTTP around it, before it is put into bytes. */
export interface WireReply {
  readonly status: number;
  readonly headers: Headers;
  /** Null for an empty body, as a notification gets. */
  readonly message: Readonly<Record<string, unknown>> | null;
}

/** Whether results travel as one JSON body or as a stream of one event. */
export type Framing = "json" | "sse";

export function resultReply(request: RecordedRequest, result: object): WireReply {
  const message = { result, jsonrpc: "2.0", id: request.rpc?.id ?? null };
  return { status: 200, headers: [], message };
}

export function errorReply(request: RecordedRequest, status: number, error: RpcError): WireReply {
  return { status, headers: [], message: { jsonrpc: "2.0", error, id: request.rpc?.id ?? null } };
}

export function emptyReply(status: number, headers: Headers = []): WireReply {
  return { status, headers, message: null };
}

export function withHeaders(reply: WireReply, headers: Headers): WireReply {
  return { ...reply, headers: [...reply.headers, ...headers] };
}

/** Servers stream only answers to requests that they accepted. */
export function frame({ status, headers, message }: WireReply, framing: Framing): Answer {
  if (message === null) return text("", { status, headers });
  if (framing === "json" || status !== 200) return json(message, { status, headers });
  const streamed = stream([{ bytes: event(message) }]);
  return { ...streamed, headers: [...streamed.headers, ...headers] };
}
