import type { JsonRpcError, JsonRpcId, Reply } from "./run.ts";

/**
 * Reading answers off the wire. The envelope is held as strictly as both official SDKs hold it
 * (JSON-RPC 2.0, no extra members, the very id); what is inside `result` is read loosely elsewhere.
 */

export interface ReadMessage {
  readonly reply: Reply;
  /** Methods of requests from the server, e.g. `sampling/createMessage`. */
  readonly serverRequests: readonly string[];
}

export interface ReadOptions {
  /** The id that an answer must carry; null when the request was a notification. */
  readonly id: JsonRpcId | null;
  /** Servers answer a request that they reject before reading its id with `id: null` and a 4xx. */
  readonly acceptNullId: boolean;
  /** A batch of answers: part of the protocol up to 2025-03-26, tolerated in the legacy era. */
  readonly acceptBatch: boolean;
}

const NONE: ReadMessage = { reply: { kind: "none" }, serverRequests: [] };

/** Reads a whole JSON body. Blank text answers nothing. */
export function readJsonBody(text: string, options: ReadOptions): ReadMessage {
  if (text.trim() === "") return NONE;
  const parsed = parseJson(text);
  if (!parsed.ok) return { ...NONE, reply: { kind: "malformed", detail: parsed.detail } };
  if (!isJsonRpcLike(parsed.value)) {
    return { ...NONE, reply: { kind: "foreign", envelope: isLambdaEnvelope(parsed.value) } };
  }
  return readValue(parsed.value, options);
}

/** Reads the data of one SSE event. */
export function readEventData(data: string, options: ReadOptions): ReadMessage {
  const parsed = parseJson(data);
  if (!parsed.ok) return { ...NONE, reply: { kind: "malformed", detail: parsed.detail } };
  // Unlike a JSON body, an event is never a batch: neither SDK reads one there.
  return readMessage(parsed.value, options);
}

function parseJson(text: string): { ok: true; value: unknown } | { ok: false; detail: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    // The engine's own message would quote the body, so it is not passed on.
    return { ok: false, detail: `not JSON (${text.length} characters)` };
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isJsonRpcLike(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => isObject(item) && "jsonrpc" in item);
  return isObject(value) && "jsonrpc" in value;
}

/** `{"statusCode":200,"body":…}`: what a handler returns to Lambda, not to a client. */
function isLambdaEnvelope(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.statusCode === "number" &&
    ("body" in value || "headers" in value || "multiValueHeaders" in value)
  );
}

function readValue(value: unknown, options: ReadOptions): ReadMessage {
  if (!Array.isArray(value)) return readMessage(value, options);
  if (!options.acceptBatch) return invalid("a batch, which this revision no longer has");
  const messages = value.map((item) => readMessage(item, options));
  const bad = messages.find(({ reply }) => reply.kind === "invalid");
  const answer = messages.find(({ reply }) => reply.kind === "result" || reply.kind === "error");
  return {
    reply: (bad ?? answer)?.reply ?? { kind: "none" },
    serverRequests: messages.flatMap(({ serverRequests }) => serverRequests),
  };
}

function readMessage(value: unknown, options: ReadOptions): ReadMessage {
  if (!isObject(value)) return invalid("not an object");
  if (value.jsonrpc !== "2.0") return invalid('"jsonrpc" is not "2.0"');
  if ("method" in value) return readServerMessage(value);
  return readAnswer(value, options);
}

function readServerMessage(value: Record<string, unknown>): ReadMessage {
  const { method, id, params } = value;
  if (typeof method !== "string") return invalid('"method" is not a string');
  if (params !== undefined && !isObject(params)) return invalid('"params" is not an object');
  const extra = extraMember(value, ["jsonrpc", "id", "method", "params"]);
  if (extra !== null) return invalid(`unknown member "${extra}"`);
  if (id === undefined) return NONE;
  if (!isId(id)) return invalid('"id" is neither a string nor a whole number');
  return { ...NONE, serverRequests: [method] };
}

function readAnswer(value: Record<string, unknown>, options: ReadOptions): ReadMessage {
  const extra = extraMember(value, ["jsonrpc", "id", "result", "error"]);
  if (extra !== null) return invalid(`unknown member "${extra}"`);
  const nullId = value.id === null || value.id === undefined;
  if (nullId && !(options.acceptNullId && "error" in value)) return invalid('"id" is missing');
  if (!nullId && value.id !== options.id) return invalid('"id" is not the id of the request');
  if ("result" in value === "error" in value) return invalid('needs either "result" or "error"');
  if ("error" in value) return readError(value.error);
  if (!isObject(value.result)) return invalid('"result" is not an object');
  return { ...NONE, reply: { kind: "result", result: value.result } };
}

function readError(error: unknown): ReadMessage {
  if (!isObject(error)) return invalid('"error" is not an object');
  const { code, message, data } = error;
  if (!Number.isSafeInteger(code)) return invalid('"error.code" is not a whole number');
  if (typeof message !== "string") return invalid('"error.message" is not a string');
  const read: JsonRpcError = { code: code as number, message };
  return {
    ...NONE,
    reply: { kind: "error", error: data === undefined ? read : { ...read, data } },
  };
}

function extraMember(value: object, known: readonly string[]): string | null {
  return Object.keys(value).find((key) => !known.includes(key)) ?? null;
}

function isId(value: unknown): value is JsonRpcId {
  return typeof value === "string" || Number.isSafeInteger(value);
}

function invalid(detail: string): ReadMessage {
  return { ...NONE, reply: { kind: "invalid", detail } };
}
