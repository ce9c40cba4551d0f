/** One piece of an answer's bytes, written by itself after `delayMs`. */
export interface Chunk {
  readonly bytes: string | Uint8Array;
  readonly delayMs?: number;
}

export type Headers = readonly (readonly [name: string, value: string])[];

/** What follows the last chunk. `whole` ends the body as its framing says and keeps the connection. */
export type AnswerEnd = "whole" | "close" | "reset" | "hang";

export interface Respond {
  readonly kind: "respond";
  readonly status: number;
  readonly headers: Headers;
  readonly chunks: Iterable<Chunk>;
  /**
   * `length` counts the chunks and says so first; `chunked` frames each chunk by itself; `as-is`
   * adds nothing, so the headers must say what is true or what shall be broken.
   */
  readonly framing: "length" | "chunked" | "as-is";
  readonly end: AnswerEnd;
  /** Waits before the first byte of the head. */
  readonly delayMs?: number;
}

/** What a scripted server does about one request. */
export type Answer =
  | Respond
  /** Bytes in place of an HTTP answer. */
  | { readonly kind: "raw"; readonly chunks: Iterable<Chunk>; readonly end: AnswerEnd }
  | { readonly kind: "reset" }
  | { readonly kind: "close" }
  /** Never answers, and keeps the connection. */
  | { readonly kind: "hang" };

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  202: "Accepted",
  204: "No Content",
  301: "Moved Permanently",
  302: "Found",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

export const JSON_TYPE = ["content-type", "application/json"] as const;
export const SSE_TYPE = ["content-type", "text/event-stream"] as const;

export interface BodyOptions {
  readonly status?: number;
  readonly headers?: Headers;
}

/** An answer whose body is one piece of text. */
export function text(body: string, { status = 200, headers = [] }: BodyOptions = {}): Respond {
  const chunks = body === "" ? [] : [{ bytes: body }];
  return { kind: "respond", status, headers, chunks, framing: "length", end: "whole" };
}

/** A JSON answer; a string is sent as it stands. */
export function json(body: unknown, { status = 200, headers = [] }: BodyOptions = {}): Respond {
  const bytes = typeof body === "string" ? body : JSON.stringify(body);
  return text(bytes, { status, headers: [JSON_TYPE, ...headers] });
}

/** An event stream; each chunk goes out by itself. */
export function stream(chunks: Iterable<Chunk>, end: AnswerEnd = "whole"): Respond {
  const headers: Headers = [SSE_TYPE, ["cache-control", "no-cache, no-transform"]];
  return { kind: "respond", status: 200, headers, chunks, framing: "chunked", end };
}

/** One SSE event in the form that the official servers send. */
export function event(message: unknown): string {
  const data = typeof message === "string" ? message : JSON.stringify(message);
  return `event: message\ndata: ${data}\n\n`;
}

/** The bytes of an answer's head. */
export function headBytes({ status, headers, framing, chunks }: Respond): string {
  const lines = [`HTTP/1.1 ${status} ${REASONS[status] ?? "Unknown"}`];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  if (framing === "length" && status !== 204) lines.push(`content-length: ${byteCount(chunks)}`);
  if (framing === "chunked") lines.push("transfer-encoding: chunked");
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** The bytes of one chunk under the answer's framing. */
export function chunkBytes(chunk: Chunk, framing: Respond["framing"]): Buffer {
  const bytes = Buffer.from(chunk.bytes as Uint8Array);
  if (framing !== "chunked") return bytes;
  const size = Buffer.from(`${bytes.length.toString(16)}\r\n`);
  return Buffer.concat([size, bytes, Buffer.from("\r\n")]);
}

export const LAST_CHUNK = "0\r\n\r\n";

export function byteCount(chunks: Iterable<Chunk>): number {
  let total = 0;
  for (const { bytes } of chunks) total += Buffer.byteLength(bytes);
  return total;
}

/** Bytes that come one at a time, every 20 ms, over and over. Can be read more than once. */
export function drip(bytes: string, times = 1): Iterable<Chunk> {
  return {
    *[Symbol.iterator]() {
      for (let sent = 0; sent < times; sent += 1) {
        for (const byte of bytes) yield { bytes: byte, delayMs: 20 };
      }
    },
  };
}
