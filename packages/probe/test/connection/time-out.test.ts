import { once } from "node:events";
import type net from "node:net";
import type { ConnectTimings } from "@vigil/core";
import { describe, expect, test } from "vitest";
import { listen, listenHttp, listenWithFullBacklog, reply } from "./servers.ts";
import { connectionTo, deferred, manualClock, turns } from "./support.ts";

const UNREACHED: ConnectTimings = {
  dnsMs: null,
  tcpMs: null,
  tlsMs: null,
  address: null,
  certificateExpiresAt: null,
};
const LOOPBACK = { address: "127.0.0.1", family: 4 };
const onLoopback = async () => [LOOPBACK];

describe("open times out", () => {
  test("in DNS", async () => {
    const clock = manualClock();
    const url = new URL("https://slow.test/");
    const opening = connectionTo(url, { clock, lookup: () => new Promise(() => {}) }).open(3_000);
    clock.advance(3_000);
    expect(await opening).toEqual({ kind: "timed-out", phase: "dns", timings: UNREACHED });
  });

  test("in TCP, for real: the listener's backlog is full", async () => {
    const { url } = await listenWithFullBacklog();
    const connection = connectionTo(url);
    expect(await connection.open(100)).toEqual({
      kind: "timed-out",
      phase: "tcp",
      timings: UNREACHED,
    });
  });

  test("in TLS, and the server sees the connection close", async () => {
    const clock = manualClock();
    const connection = deferred<net.Socket>();
    const { port } = await listen((socket) =>
      socket.once("data", () => connection.resolve(socket)),
    );
    const url = new URL(`https://localhost:${port}/`);
    const opening = connectionTo(url, { clock, lookup: onLoopback }).open(3_000);
    const socket = await connection.promise;
    clock.advance(3_000);
    expect(await opening).toEqual({
      kind: "timed-out",
      phase: "tls",
      timings: { ...UNREACHED, dnsMs: 0, tcpMs: 0, address: "127.0.0.1" },
    });
    await once(socket.resume(), "close");
  });

  test("and a lookup that answers afterwards opens nothing", async () => {
    const clock = manualClock();
    const server = await listen(() => {});
    const addresses = deferred<readonly (typeof LOOPBACK)[]>();
    const url = new URL(`http://slow.test:${server.port}/`);
    const opening = connectionTo(url, { clock, lookup: () => addresses.promise }).open(3_000);
    clock.advance(3_000);
    const { kind } = await opening;
    addresses.resolve([LOOPBACK]);
    await turns(5);
    expect({ kind, sockets: server.sockets.length }).toEqual({ kind: "timed-out", sockets: 0 });
  });

  test("but not once it is open", async () => {
    const clock = manualClock();
    const { url } = await listenHttp((socket) => socket.write(reply("ok")));
    const connection = connectionTo(url, { clock });
    const { kind } = await connection.open(3_000);
    clock.advance(3_000);
    const response = await connection.fetch(url);
    expect({ kind, text: await response.text() }).toEqual({ kind: "open", text: "ok" });
  });
});
