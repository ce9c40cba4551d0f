import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import { Worker } from "node:worker_threads";
import { onTestFinished } from "vitest";
import type { Certificate } from "./certificate.ts";

interface TestServer {
  readonly url: URL;
  readonly port: number;
  /** Every socket that was accepted, in order. */
  readonly sockets: readonly net.Socket[];
  /** Accepts no more; sockets stay. */
  stop(): void;
  close(): Promise<void>;
}

interface ServerOptions {
  readonly certificate?: Certificate;
  readonly tls?: tls.TlsOptions;
}

/** A server on a real loopback socket that does exactly what `onSocket` says. */
export async function listen(
  onSocket: (socket: net.Socket) => void,
  { certificate, tls: tlsOptions }: ServerOptions = {},
): Promise<TestServer> {
  const raw = new Set<net.Socket>();
  const sockets: net.Socket[] = [];
  const accept = (socket: net.Socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    onSocket(socket);
  };
  const server =
    certificate === undefined
      ? net.createServer(accept)
      : tls.createServer({ ...certificate, ...tlsOptions }, accept).on("tlsClientError", () => {});
  server.on("connection", (socket: net.Socket) => raw.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      // Called at once, with an error that tells nothing new, when it is closed already.
      server.close(() => resolve());
      for (const socket of raw) socket.destroy();
    });
  onTestFinished(close);
  const origin =
    certificate === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
  return { url: new URL("/mcp", origin), port, sockets, stop: () => server.close(), close };
}

interface SeenRequest {
  readonly head: string;
  readonly body: string;
  /** How many requests came before it on its socket, and on the whole server. */
  readonly onSocket: number;
  readonly total: number;
}

interface HttpTestServer extends TestServer {
  readonly requests: readonly SeenRequest[];
}

/** Reads whole requests; what comes back is up to `answer`, byte for byte. */
export async function listenHttp(
  answer: (socket: net.Socket, request: SeenRequest) => void,
  options: ServerOptions = {},
): Promise<HttpTestServer> {
  const requests: SeenRequest[] = [];
  const server = await listen((socket) => {
    let received = "";
    let onSocket = 0;
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      received += chunk;
      for (let end = requestEnd(received); end !== null; end = requestEnd(received)) {
        const [head = ""] = received.split("\r\n\r\n", 1);
        const body = received.slice(head.length + 4, end);
        const request = { head, body, onSocket: onSocket++, total: requests.length };
        received = received.slice(end);
        requests.push(request);
        answer(socket, request);
      }
    });
  }, options);
  return { ...server, requests };
}

function requestEnd(received: string): number | null {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd < 0) return null;
  const length = /^content-length: (\d+)/im.exec(received.slice(0, headEnd))?.[1] ?? "0";
  const end = headEnd + 4 + Number(length);
  return received.length >= end ? end : null;
}

/** A plain answer with a content length. */
export function reply(body: string, headers: readonly string[] = []): string {
  const lines = ["HTTP/1.1 200 OK", `content-length: ${Buffer.byteLength(body)}`, ...headers];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** A whole answer whose body is `body`, in `coding`. */
export function coded(coding: string, body: Buffer): Buffer {
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: ${coding}\r\ncontent-length: ${body.length}`;
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]);
}

/** Sends a RST instead of a FIN. */
export function reset(socket: net.Socket): void {
  socket.resetAndDestroy();
}

interface FullBacklog {
  readonly url: URL;
  readonly port: number;
  /** Accepts from now on; who waits gets in with its next SYN, about a second after its first. */
  drain(): void;
}

const BACKLOG = 1;
const BLOCKED_LISTENER = `
const { parentPort, workerData } = require("node:worker_threads");
const server = require("node:net").createServer((socket) => {
  socket.on("error", () => {});
  socket.on("data", () => socket.write("HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok"));
});
server.listen({ port: 0, host: "127.0.0.1", backlog: ${BACKLOG} }, () => {
  parentPort.postMessage(server.address().port);
  Atomics.wait(workerData, 0, 0);
});
`;

/** A listener whose thread sleeps, with its queue of unaccepted connections full: SYNs get no answer. */
export async function listenWithFullBacklog(): Promise<FullBacklog> {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(BLOCKED_LISTENER, { eval: true, workerData: gate });
  const [port] = (await once(worker, "message")) as [number];
  const drain = () => {
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
  };
  const fillers = Array.from({ length: BACKLOG + 1 }, () => net.connect(port, "127.0.0.1"));
  for (const filler of fillers) filler.on("error", () => {});
  onTestFinished(async () => {
    drain();
    for (const filler of fillers) filler.destroy();
    await worker.terminate();
  });
  await Promise.all(fillers.map((filler) => once(filler, "connect")));
  return { url: new URL(`http://127.0.0.1:${port}/`), port, drain };
}
