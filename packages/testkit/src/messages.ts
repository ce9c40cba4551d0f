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

/** The pause between two events of a sound stream. */
const PAUSE_MS = 120;

/** Puts a reply on the wire; a call that asks for progress gets it, whatever the tool. */
export function answerTo(request: RecordedRequest, reply: WireReply, framing: Framing): Answer {
  const token = progressToken(request);
  if (token === null || reply.message === null || reply.status !== 200) {
    return frame(reply, framing);
  }
  const streamed = stream([
    { bytes: event(progress(token, 1)) },
    { bytes: event(progress(token, 2)), delayMs: PAUSE_MS },
    { bytes: event(reply.message), delayMs: PAUSE_MS },
  ]);
  return { ...streamed, headers: [...streamed.headers, ...reply.headers] };
}

export function progress(progressToken: string | number, step: number): object {
  const params = { progressToken, progress: step, total: 2 };
  return { jsonrpc: "2.0", method: "notifications/progress", params };
}

/** By which a caller asks for progress; null when it does not. */
export function progressToken({ rpc }: RecordedRequest): string | number | null {
  const meta = rpc?.params._meta;
  if (typeof meta !== "object" || meta === null || !("progressToken" in meta)) return null;
  const token = meta.progressToken;
  return typeof token === "string" || typeof token === "number" ? token : null;
}

/** Servers stream only answers to requests that they accepted. */
export function frame({ status, headers, message }: WireReply, framing: Framing): Answer {
  if (message === null) return text("", { status, headers });
  if (framing === "json" || status !== 200) return json(message, { status, headers });
  const streamed = stream([{ bytes: event(message) }]);
  return { ...streamed, headers: [...streamed.headers, ...headers] };
}
