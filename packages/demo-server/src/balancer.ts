import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as send,
} from "node:http";
import type { Socket } from "node:net";
import { pipeline } from "node:stream";

/**
 * `request`: each request goes to the next server, so that even one client that asks one thing after
 * another meets both. `connection`: a connection stays where its first request went, as a client on
 * Lambda mostly keeps its warm environment while it asks one thing at a time.
 */
export const BALANCES = ["request", "connection"] as const;
export type Balance = (typeof BALANCES)[number];

export interface BalancerOptions {
  /** Loopback ports of the servers, taken in turn. */
  readonly ports: readonly number[];
  readonly balance: Balance;
}

/** Says which server answered: 1 is the first one. */
export const ENVIRONMENT_HEADER = "x-demo-environment";

/** Stands before several servers and passes requests and answers through, streams as they come. */
export function createBalancer({ ports, balance }: BalancerOptions): Server {
  let turns = 0;
  const ofConnection = new WeakMap<Socket, number>();
  const nextIndex = () => turns++ % ports.length;
  const indexOf = (socket: Socket): number => {
    const index = (balance === "connection" ? ofConnection.get(socket) : undefined) ?? nextIndex();
    ofConnection.set(socket, index);
    return index;
  };
  return createServer((request, response) => {
    if (request.url?.startsWith("/admin")) return refuseAdmin(response, ports);
    const index = indexOf(request.socket);
    response.setHeader(ENVIRONMENT_HEADER, index + 1);
    passOn(request, response, ports[index] ?? 0);
  });
}

/** A fault is switched in one environment: through here it would go to either. */
function refuseAdmin(response: ServerResponse, ports: readonly number[]): void {
  const flags = ports.map((port) => `--port ${port}`).join(" or ");
  const error = `this is a balancer; break one of its servers: ${flags}`;
  response.writeHead(404, { "content-type": "application/json" }).end(JSON.stringify({ error }));
}

function passOn(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url: path, headers } = request;
  const onward = send(
    // A connection for each request: one that is kept may be closed just as it is used.
    { host: "127.0.0.1", port, method, path, headers: endToEnd(headers), agent: false },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
      // A stream may be long in coming. Of all else the head waits for the body: clients that get
      // the two apart, and want no body, give up the connection.
      if (answer.headers["content-type"]?.startsWith("text/event-stream")) response.flushHeaders();
      // Where either side breaks off, so does the other.
      pipeline(answer, response, () => {});
    },
  );
  onward.on("error", () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end("The demo server behind this balancer does not answer.\n");
  });
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}

const HOP_BY_HOP = new Set(["connection", "keep-alive", "transfer-encoding"]);

/** Without what is said between neighbours only. */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}
