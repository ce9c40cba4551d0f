import net from "node:net";
import tls from "node:tls";
import {
  type Answer,
  type AnswerEnd,
  type Chunk,
  chunkBytes,
  headBytes,
  LAST_CHUNK,
} from "./answer.ts";
import { createRequestReader, type ParsedRequest, type RecordedRequest } from "./request.ts";

/** Decides what to do about each request, in the order in which they come. */
export type Script = (request: RecordedRequest) => Answer;

export interface TlsOptions {
  readonly key: string;
  readonly cert: string;
}

export interface ServerOptions {
  readonly tls?: TlsOptions;
  /** Waits before the TLS handshake is answered. */
  readonly handshakeDelayMs?: number;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Every request, in the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Connections that are open now. */
  readonly open: () => number;
  /** Accepts no more connections; those that are open stay. */
  readonly stopListening: () => void;
  readonly close: () => Promise<void>;
}

/** A connection: `raw` is the TCP socket, which can be reset; `wire` carries the bytes. */
interface Connection {
  readonly raw: net.Socket;
  readonly wire: net.Socket;
  readonly number: number;
}

/** Serves a script over HTTP/1.1 with keep-alive, every byte written by hand. */
export async function startServer(
  script: Script,
  options: ServerOptions = {},
): Promise<RunningServer> {
  const log = createLog();
  const sockets = new Set<net.Socket>();
  let opened = 0;
  const begin = (raw: net.Socket, number: number) => {
    const connection = { raw, wire: secure(raw, options.tls), number };
    serve(connection, (parsed) => script(log.record(parsed, number)));
  };
  const server = net.createServer((raw) => {
    sockets.add(raw);
    raw.on("close", () => sockets.delete(raw));
    // A client that hangs up is part of the play.
    raw.on("error", () => {});
    opened += 1;
    beginLater(raw, options.handshakeDelayMs ?? 0, begin.bind(null, raw, opened));
  });
  const port = await listen(server);
  const scheme = options.tls === undefined ? "http" : "https";
  return {
    url: `${scheme}://127.0.0.1:${port}/mcp`,
    port,
    requests: log.requests,
    open: () => sockets.size,
    stopListening: () => void server.close(),
    close: () => closeServer(server, sockets),
  };
}

function createLog() {
  const requests: RecordedRequest[] = [];
  const counts = new Map<string, number>();
  return {
    requests,
    record(parsed: ParsedRequest, connection: number): RecordedRequest {
      const key = `${parsed.httpMethod} ${parsed.rpc?.method ?? ""}`;
      const occurrence = (counts.get(key) ?? 0) + 1;
      counts.set(key, occurrence);
      const request = { ...parsed, connection, occurrence };
      requests.push(request);
      return request;
    },
  };
}

function beginLater(raw: net.Socket, delayMs: number, begin: () => void): void {
  if (delayMs === 0) {
    begin();
    return;
  }
  const timer = setTimeout(begin, delayMs);
  raw.once("close", () => clearTimeout(timer));
}

/** Binds to a free port of 127.0.0.1 and gives it back. */
export function listen(server: net.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as net.AddressInfo).port));
  });
}

export function closeServer(server: net.Server, sockets: Iterable<net.Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}

function secure(raw: net.Socket, options: TlsOptions | undefined): net.Socket {
  if (options === undefined) return raw;
  const wire = new tls.TLSSocket(raw, { isServer: true, ...options });
  wire.on("error", () => raw.destroy());
  return wire;
}

function serve(connection: Connection, answer: (request: ParsedRequest) => Answer): void {
  connection.raw.setNoDelay(true);
  let queue = Promise.resolve();
  const reader = createRequestReader((request) => {
    queue = queue.then(() => (isOpen(connection) ? play(connection, answer(request)) : undefined));
  });
  connection.wire.on("data", (bytes) => reader.push(bytes));
}

function isOpen({ raw }: Connection): boolean {
  return !raw.destroyed;
}

async function play(connection: Connection, answer: Answer): Promise<void> {
  switch (answer.kind) {
    case "respond": {
      await pause(connection, answer.delayMs ?? 0);
      await write(connection, headBytes(answer));
      await writeAll(connection, answer.chunks, answer.framing);
      if (answer.end === "whole" && answer.framing === "chunked")
        await write(connection, LAST_CHUNK);
      return finish(connection, answer.end);
    }
    case "raw":
      await writeAll(connection, answer.chunks, "as-is");
      return finish(connection, answer.end);
    case "reset":
    case "close":
    case "hang":
      return finish(connection, answer.kind);
    default:
      return answer satisfies never;
  }
}

function finish({ raw, wire }: Connection, end: AnswerEnd): void {
  if (end === "reset") raw.resetAndDestroy();
  if (end === "close") wire.end();
}

async function writeAll(
  connection: Connection,
  chunks: Iterable<Chunk>,
  framing: Parameters<typeof chunkBytes>[1],
): Promise<void> {
  for (const chunk of chunks) {
    await pause(connection, chunk.delayMs ?? 0);
    if (!isOpen(connection)) return;
    await write(connection, chunkBytes(chunk, framing));
  }
}

/** Ends when the kernel has taken the bytes, or when the connection is gone. */
function write(connection: Connection, bytes: string | Buffer): Promise<void> {
  if (!isOpen(connection)) return Promise.resolve();
  return untilClosed(connection, (done) => {
    connection.wire.write(bytes, () => done());
    return undefined;
  });
}

function pause(connection: Connection, ms: number): Promise<void> {
  if (ms === 0 || !isOpen(connection)) return Promise.resolve();
  return untilClosed(connection, (done) => {
    const timer = setTimeout(done, ms);
    return () => clearTimeout(timer);
  });
}

/** Ends with `done`, or with the connection; then calls what `start` gave back. */
function untilClosed(
  { raw }: Connection,
  start: (done: () => void) => (() => void) | undefined,
): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      raw.off("close", done);
      cleanUp?.();
      resolve();
    };
    raw.once("close", done);
    const cleanUp = start(done);
  });
}
