import { once } from "node:events";
import type net from "node:net";
import { describe, expect, test } from "vitest";
import { runChild } from "./child.ts";
import { listen, listenHttp, listenWithFullBacklog, reply } from "./servers.ts";
import { AMPLE_MS, connectionTo, failureOf, opened, turns } from "./support.ts";

const DESTROYED = "ERR_STREAM_DESTROYED";
const ENDLESS = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nbody\r\n";

describe("destroy", () => {
  test("ends an open() in DNS", async () => {
    const url = new URL("http://slow.test/");
    const connection = connectionTo(url, { lookup: () => new Promise(() => {}) });
    const opening = connection.open(AMPLE_MS);
    connection.destroy();
    const error = { phase: "dns", code: DESTROYED };
    expect(await opening).toMatchObject({ kind: "failed", error });
  });

  test("ends an open() in TCP", async () => {
    const { url } = await listenWithFullBacklog();
    const connection = connectionTo(url);
    const opening = connection.open(AMPLE_MS);
    await turns(2);
    connection.destroy();
    const error = { phase: "tcp", code: DESTROYED };
    expect(await opening).toMatchObject({ kind: "failed", error });
  });

  test("ends an open() in TLS, and the server sees the socket close", async () => {
    const server = await listen(() => {});
    const lookup = async () => [{ address: "127.0.0.1", family: 4 }];
    const connection = connectionTo(new URL(`https://localhost:${server.port}/`), { lookup });
    const opening = connection.open(AMPLE_MS);
    while (server.sockets.length === 0) await turns(1);
    await turns(2);
    connection.destroy();
    const error = { phase: "tls", code: DESTROYED };
    expect(await opening).toMatchObject({ kind: "failed", error });
    await closed(server.sockets);
  });

  test("ends requests before their headers, while their sockets are opened and in their bodies", async () => {
    const server = await listenHttp((socket, { total }) => total > 0 && socket.write(ENDLESS));
    const connection = await opened(server.url);
    const waiting = failureOf(connection.fetch(server.url));
    while (server.requests.length === 0) await turns(1);
    const read = failureOf((await connection.fetch(server.url)).text());
    const unread = await connection.fetch(server.url);
    const connecting = failureOf(connection.fetch(server.url));
    connection.destroy();
    expect(await Promise.all([waiting, connecting, read, failureOf(unread.text())])).toEqual([
      { phase: "send", code: DESTROYED },
      { phase: "send", code: DESTROYED },
      { phase: "body", code: DESTROYED },
      { phase: "body", code: DESTROYED },
    ]);
    await closed(server.sockets);
  });

  test("closes idle sockets, twice is as good as once, and nothing can be sent or opened after it", async () => {
    const server = await listenHttp((socket) => socket.write(reply("ok")));
    const connection = await opened(server.url);
    await (await connection.fetch(server.url)).text();
    connection.destroy();
    connection.destroy();
    const failure = await failureOf(connection.fetch(server.url));
    const result = await connection.open(AMPLE_MS);
    await closed(server.sockets);
    expect({ failure, result, requests: server.requests.length }).toMatchObject({
      failure: { phase: "send", code: DESTROYED },
      result: { kind: "failed", error: { phase: "dns", code: DESTROYED } },
      requests: 1,
    });
  });

  test("keeps what the last body had given", async () => {
    const server = await listenHttp((socket) => socket.write(reply("whole")));
    const connection = await opened(server.url);
    const response = await connection.fetch(server.url);
    await turns(5);
    connection.destroy();
    expect(await response.text()).toBe("whole");
  });
});

async function closed(sockets: readonly net.Socket[]): Promise<void> {
  for (const socket of sockets) {
    if (!socket.destroyed) await once(socket.resume(), "close");
  }
}

const CHILD = `
import { openConnection } from "./connection.ts";
import { systemClock } from "./clock.ts";
const { http, silent, full } = JSON.parse(process.argv[2]);
const LONG_MS = 600_000;
const lookup = async () => [{ address: "127.0.0.1", family: 4 }];
const connections = [];
const connect = (url, options) => {
  const connection = openConnection(new URL(url), { clock: systemClock, lookup, ...options });
  connections.push(connection);
  return connection;
};
const tell = (promise) => promise.then(
  (it) => it.error ?? it.kind ?? it.status ?? it,
  (it) => it.failure ?? it,
);
const inDns = connect("http://slow.test/", { lookup: () => new Promise(() => {}) }).open(LONG_MS);
const inTcp = connect(full).open(LONG_MS);
const inTls = connect(silent.replace("http://127.0.0.1", "https://localhost")).open(LONG_MS);
const idle = connect(http);
const idleOpen = await idle.open(LONG_MS);
await (await idle.fetch(http + "ok")).text();
const busy = connect(http);
const { signal } = new AbortController();
const waiting = tell(busy.fetch(http + "silent", { signal }));
const unread = await busy.fetch(http + "endless", { signal });
const read = tell((await busy.fetch(http + "endless")).text());
const cancelled = await busy.fetch(http + "endless");
await cancelled.body.cancel();
const connecting = tell(busy.fetch(http + "silent"));
for (const connection of connections) connection.destroy();
const results = [tell(inDns), tell(inTcp), tell(inTls), idleOpen.kind, waiting, unread.status, read, connecting];
console.log(JSON.stringify(await Promise.all(results)));
`;

test("a process ends by itself once its connections are destroyed, whatever they were doing", async () => {
  const server = await listenHttp((socket, { head }) => {
    if (head.startsWith("GET /ok ")) socket.write(reply("ok"));
    if (head.startsWith("GET /endless ")) socket.write(ENDLESS);
  });
  const silent = await listen(() => {});
  const full = await listenWithFullBacklog();
  const urls = { http: new URL("/", server.url), silent: silent.url, full: full.url };
  expect(await runChild(CHILD, urls)).toEqual([
    { phase: "dns", code: DESTROYED },
    { phase: "tcp", code: DESTROYED },
    { phase: "tls", code: DESTROYED },
    "open",
    { phase: "send", code: DESTROYED },
    200,
    { phase: "body", code: DESTROYED },
    { phase: "send", code: DESTROYED },
  ]);
});
