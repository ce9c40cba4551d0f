import type { JsonRpcId } from "@vigil/core";

/** A request as it came over the socket. */
export interface RecordedRequest {
  /** Which connection of the server brought it, from 1. */
  readonly connection: number;
  readonly httpMethod: string;
  readonly path: string;
  /** Names in lower case; of a repeated header the last value. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly rpc: RpcRequest | null;
  /** How often this HTTP method and JSON-RPC method have been asked, this one included. */
  readonly occurrence: number;
}

export interface RpcRequest {
  readonly method: string;
  /** Null for a notification. */
  readonly id: JsonRpcId | null;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A request before the server has counted it. */
export type ParsedRequest = Omit<RecordedRequest, "connection" | "occurrence">;

const HEAD_END = "\r\n\r\n";

/** Cuts a connection's bytes into requests; `push` takes bytes as they come. */
export function createRequestReader(onRequest: (request: ParsedRequest) => void) {
  let buffered = Buffer.alloc(0);
  return {
    push(bytes: Buffer): void {
      buffered = Buffer.concat([buffered, bytes]);
      for (let read = readRequest(buffered); read !== null; read = readRequest(buffered)) {
        buffered = buffered.subarray(read.length);
        onRequest(read.request);
      }
    },
  };
}

function readRequest(bytes: Buffer): { request: ParsedRequest; length: number } | null {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const [requestLine = "", ...lines] = bytes.toString("latin1", 0, headEnd).split("\r\n");
  const [httpMethod = "", path = ""] = requestLine.split(" ");
  const headers = Object.fromEntries(lines.map(readHeader));
  const bodyStart = headEnd + HEAD_END.length;
  const body = isChunked(headers)
    ? readChunked(bytes, bodyStart)
    : readCounted(bytes, bodyStart, Number(headers["content-length"] ?? 0));
  if (body === null) return null;
  const text = body.bytes.toString("utf8");
  return {
    request: { httpMethod, path, headers, body: text, rpc: readRpc(text) },
    length: body.end,
  };
}

function readHeader(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function isChunked(headers: Readonly<Record<string, string>>): boolean {
  return headers["transfer-encoding"]?.toLowerCase() === "chunked";
}

interface Body {
  readonly bytes: Buffer;
  /** Offset of the first byte after the body. */
  readonly end: number;
}

function readCounted(bytes: Buffer, start: number, length: number): Body | null {
  if (bytes.length < start + length) return null;
  return { bytes: bytes.subarray(start, start + length), end: start + length };
}

function readChunked(bytes: Buffer, start: number): Body | null {
  const parts: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd === -1) return null;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (bytes.length < end) return null;
    if (size === 0) return { bytes: Buffer.concat(parts), end };
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = end;
  }
}

function readRpc(text: string): RpcRequest | null {
  const value = parseObject(text);
  if (value === null || typeof value.method !== "string") return null;
  const { id, params } = value;
  return {
    method: value.method,
    id: typeof id === "string" || typeof id === "number" ? id : null,
    params: isObject(params) ? params : {},
  };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
