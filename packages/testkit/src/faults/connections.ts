import net from "node:net";
import { CERTIFICATES, SOUND_UNTIL } from "../certificates.ts";
import type { Fault, HostAddress, Stage, Twin } from "../fault.ts";
import { startFullBacklog } from "../full-backlog.ts";
import { extrasOf, LATER, MOMENTS, type Moment, type Spot, spotsOf } from "../moments.ts";
import { SHORT_TIMEOUT_MS } from "../patience.ts";
import type { RecordedRequest } from "../request.ts";
import { closeServer, listen, startServer, type TlsOptions } from "../server.ts";
import { soundScript, soundStage } from "../stage.ts";

const CONNECT = spotsOf(["connect"]);
const HOUR_MS = 3_600_000;

/** A stage on which no HTTP request is ever made. */
function mute(url: string, close: () => Promise<void>, open = () => 0): Stage {
  return { url, requests: [], struck: () => null, open, close };
}

async function closedPort(): Promise<Stage> {
  const server = net.createServer();
  const port = await listen(server);
  await closeServer(server, []);
  return mute(`http://127.0.0.1:${port}/mcp`, async () => {});
}

async function fullBacklog(): Promise<Stage> {
  const { port, close } = await startFullBacklog();
  return mute(`http://127.0.0.1:${port}/mcp`, close);
}

/** Accepts, and does something else than a TLS handshake once the client has opened one. */
async function noHandshake(act: (socket: net.Socket) => void): Promise<Stage> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    socket.once("data", () => act(socket));
  });
  const port = await listen(server);
  const url = `https://127.0.0.1:${port}/mcp`;
  return mute(
    url,
    () => closeServer(server, sockets),
    () => sockets.size,
  );
}

async function overTls(certificate: TlsOptions, { era }: Spot): Promise<Stage> {
  const server = await startServer(soundScript(era), { tls: certificate });
  return { ...server, struck: () => null };
}

/** The same server under a name that only the resolver knows. */
async function named(spot: Spot): Promise<Stage> {
  const stage = await soundStage(spot);
  const url = new URL(stage.url);
  url.hostname = "orders.example";
  return { ...stage, url: url.href };
}

function unresolved(code: string): () => Promise<readonly HostAddress[]> {
  return () => Promise.reject(Object.assign(new Error(`getaddrinfo ${code}`), { code }));
}

const tlsStage = (spot: Spot) => soundStage(spot, { tls: true });
const TLS_TWIN: Twin = { start: tlsStage };
const NAMED_TWIN: Twin = {
  start: named,
  monitor: { lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]) },
};

const DNS: readonly Fault[] = [
  {
    code: "dns-failure",
    title: "a name that does not exist",
    spots: CONNECT,
    start: named,
    monitor: { lookup: unresolved("ENOTFOUND") },
    evidence: () => ({ networkCode: "ENOTFOUND" }),
    twin: NAMED_TWIN,
  },
  {
    code: "dns-failure",
    title: "a resolver that fails",
    spots: CONNECT,
    start: named,
    monitor: { lookup: unresolved("EAI_AGAIN") },
    evidence: () => ({ networkCode: "EAI_AGAIN" }),
    twin: NAMED_TWIN,
  },
  {
    code: "dns-failure",
    title: "a name without addresses",
    spots: CONNECT,
    start: named,
    monitor: { lookup: () => Promise.resolve([]) },
    evidence: () => ({ networkCode: "ENOTFOUND" }),
    twin: NAMED_TWIN,
  },
  {
    code: "dns-failure",
    title: "a resolver that never answers",
    spots: CONNECT,
    start: named,
    monitor: { lookup: () => new Promise(() => {}) },
    target: { clientTimeoutMs: SHORT_TIMEOUT_MS },
    twin: NAMED_TWIN,
  },
];

/** Whether this is the last request before the one that the spot strikes. */
function isBefore({ moment, era }: Spot, request: RecordedRequest): boolean {
  const order: readonly Moment[] =
    era === "legacy"
      ? ["initialize", "initialized", "page1", "page2", "call"]
      : ["discover", "page1", "page2", "call"];
  // Of the further steps a play takes one, right behind the calls.
  const further = extrasOf({ moment, era }).length > 0;
  const before = further ? "call" : order[order.indexOf(moment) - 1];
  return before !== undefined && MOMENTS[before].matches(request);
}

/** Ends its connection behind the answer before the spot's request, and listens no more. */
async function goneBefore(spot: Spot): Promise<Stage> {
  const sound = soundScript(spot.era);
  const server = await startServer((request) => {
    const answer = sound(request);
    if (answer.kind !== "respond" || !isBefore(spot, request)) return answer;
    server.stopListening();
    return { ...answer, headers: [...answer.headers, ["connection", "close"]], end: "close" };
  });
  return { ...server, struck: () => null };
}

const CONNECTING: readonly Fault[] = [
  {
    code: "connect-refused",
    title: "a port on which nothing listens",
    spots: CONNECT,
    start: closedPort,
    evidence: () => ({ networkCode: "ECONNREFUSED" }),
  },
  {
    code: "connect-refused",
    title: "a server that is gone after its last answer",
    spots: spotsOf(["initialized", ...LATER]),
    start: goneBefore,
    evidence: ({ moment }) => ({
      networkCode: "ECONNREFUSED",
      rpcMethod: MOMENTS[moment].rpcMethod,
    }),
  },
  {
    code: "connect-timeout",
    title: "a listener with a full backlog",
    spots: CONNECT,
    start: fullBacklog,
    target: { clientTimeoutMs: SHORT_TIMEOUT_MS },
  },
  {
    code: "connect-timeout",
    title: "a TLS handshake that is never answered",
    spots: CONNECT,
    start: () => noHandshake(() => {}),
    target: { clientTimeoutMs: SHORT_TIMEOUT_MS },
    twin: TLS_TWIN,
  },
  {
    code: "connection-reset",
    title: "a reset during the TLS handshake",
    spots: CONNECT,
    start: () => noHandshake((socket) => socket.resetAndDestroy()),
    evidence: () => ({ networkCode: "ECONNRESET" }),
    twin: TLS_TWIN,
  },
  {
    code: "connection-reset",
    title: "a close during the TLS handshake",
    spots: CONNECT,
    start: () => noHandshake((socket) => socket.end()),
    evidence: () => ({ networkCode: "ECONNRESET" }),
    twin: TLS_TWIN,
  },
];

function badCertificate(title: string, certificate: TlsOptions, networkCode: string): Fault {
  return {
    code: "tls-failure",
    title,
    spots: CONNECT,
    start: (spot) => overTls(certificate, spot),
    evidence: () => ({ networkCode }),
    twin: TLS_TWIN,
  };
}

const TLS: readonly Fault[] = [
  badCertificate("an expired certificate", CERTIFICATES.expired, "CERT_HAS_EXPIRED"),
  badCertificate(
    "another host's certificate",
    CERTIFICATES.wrongName,
    "ERR_TLS_CERT_ALTNAME_INVALID",
  ),
  badCertificate(
    "a self-signed certificate",
    CERTIFICATES.selfSigned,
    "DEPTH_ZERO_SELF_SIGNED_CERT",
  ),
  {
    code: "tls-failure",
    title: "plain HTTP on a TLS port",
    spots: CONNECT,
    start: () => noHandshake((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    evidence: () => ({ networkCode: "ERR_SSL_WRONG_VERSION_NUMBER" }),
    twin: TLS_TWIN,
  },
  {
    code: "certificate-expiring",
    title: "a certificate with ten days left",
    spots: CONNECT,
    start: tlsStage,
    monitor: { startMs: Date.parse(SOUND_UNTIL) - 10 * 24 * HOUR_MS },
    evidence: () => ({ detail: SOUND_UNTIL }),
  },
];

/** Connections that do not come about, and one that will not much longer. */
export const CONNECTION_FAULTS: readonly Fault[] = [...DNS, ...CONNECTING, ...TLS];
