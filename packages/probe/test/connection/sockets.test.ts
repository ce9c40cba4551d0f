import { once } from "node:events";
import type net from "node:net";
import { describe, expect, test } from "vitest";
import type { LookupAddress } from "../../src/connection.ts";
import { makeCertificate } from "./certificate.ts";
import { listenHttp, reply, reset } from "./servers.ts";
import { connectionTo, failureOf, opened, turns } from "./support.ts";

const LOOPBACK: readonly LookupAddress[] = [{ address: "127.0.0.1", family: 4 }];

describe("sockets", () => {
  test("the opened one serves all requests in turn", async () => {
    const server = await listenHttp((socket, { onSocket }) => socket.write(reply(`${onSocket}`)));
    const { fetch } = await opened(server.url);
    const texts: string[] = [];
    for (let request = 0; request < 4; request++) {
      texts.push(await (await fetch(server.url)).text());
    }
    expect({ texts, sockets: server.sockets.length }).toEqual({
      texts: ["0", "1", "2", "3"],
      sockets: 1,
    });
  });

  test("the same over TLS", async () => {
    const certificate = makeCertificate();
    const answer = (socket: net.Socket) => socket.write(reply("ok"));
    const server = await listenHttp(answer, { certificate });
    const lookup = async () => LOOPBACK;
    const { fetch } = await opened(server.url, { ca: certificate.cert, lookup });
    const texts = [await (await fetch(server.url)).text(), await (await fetch(server.url)).text()];
    expect({ texts, sockets: server.sockets.length }).toEqual({ texts: ["ok", "ok"], sockets: 1 });
    expect(server.requests[0]?.head).toMatch(/\r\naccept-encoding: br, gzip, deflate\r\n/);
  });

  test("concurrent requests get one each, all from one lookup", async () => {
    const waiting: net.Socket[] = [];
    const server = await listenHttp((socket) => {
      waiting.push(socket);
      if (waiting.length === 3) for (const each of waiting) each.write(reply("ok"));
    });
    const names: string[] = [];
    const lookup = async (hostname: string) => {
      names.push(hostname);
      return LOOPBACK;
    };
    const url = new URL(`http://many.test:${server.port}/mcp`);
    const { fetch } = await opened(url, { lookup });
    const responses = await Promise.all([fetch(url), fetch(url), fetch(url)]);
    const texts = await Promise.all(responses.map((response) => response.text()));
    expect({ texts, names, sockets: server.sockets.length }).toEqual({
      texts: ["ok", "ok", "ok"],
      names: ["many.test"],
      sockets: 3,
    });
  });

  test("a request counts from when its bytes go out, or from when a socket is dialled for it", async () => {
    const server = await listenHttp((socket, { onSocket }) => {
      if (onSocket === 1) socket.end(reply("ok"));
      else socket.write(reply("ok"));
    });
    const { fetch } = await opened(server.url);
    const sent: number[] = [];
    for (let request = 0; request < 3; request++) {
      let calls = 0;
      const onSent = () => {
        calls += 1;
      };
      await (await fetch(server.url, { onSent })).text();
      sent.push(calls);
    }
    expect({ sent, sockets: server.sockets.length }).toEqual({ sent: [2, 2, 1], sockets: 2 });
  });

  test("a further one that is refused fails its request alone", async () => {
    const server = await listenHttp(() => {});
    const { fetch } = await opened(server.url);
    const first = failureOf(fetch(server.url));
    while (server.requests.length === 0) await turns(1);
    server.stop();
    expect(await failureOf(fetch(server.url))).toEqual({ phase: "tcp", code: "ECONNREFUSED" });
    server.sockets[0]?.end(reply("ok"));
    expect(await first).toMatchObject({ resolved: { status: 200 } });
  });

  test("without open(), the first request opens one", async () => {
    const server = await listenHttp((socket) => socket.write(reply("ok")));
    const response = await connectionTo(server.url).fetch(server.url);
    expect(await response.text()).toBe("ok");
  });
});

describe("a socket that the server closed while it was idle", () => {
  const CLOSES = {
    "by FIN": (socket: net.Socket) => socket.end(),
    "by RST": reset,
  };
  for (const [name, close] of Object.entries(CLOSES)) {
    test(`${name} before the first request is replaced`, async () => {
      const server = await listenHttp((socket) => socket.write(reply("ok")));
      const { fetch } = await opened(server.url);
      while (server.sockets.length === 0) await turns(1);
      const [socket] = server.sockets;
      if (socket !== undefined) close(socket);
      await turns(5);
      const response = await fetch(server.url);
      expect({ text: await response.text(), requests: server.requests.length }).toEqual({
        text: "ok",
        requests: 1,
      });
    });
  }

  const ROUNDS = 30;
  test("right behind each answer and unannounced is replaced, and no request is repeated", async () => {
    const server = await listenHttp((socket) => socket.end(reply("ok")));
    const { fetch } = await opened(server.url);
    const results: unknown[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      results.push(await failureOf(fetch(server.url, { method: "POST" }).then((it) => it.text())));
    }
    expect(results).toEqual(Array.from({ length: ROUNDS }, () => ({ resolved: "ok" })));
    expect(server.requests).toHaveLength(ROUNDS);
  });

  test("is no excuse for a server that dies on the second request: that one fails, sent once", async () => {
    const server = await listenHttp((socket, { total }) =>
      total === 0 ? socket.write(reply("ok")) : reset(socket),
    );
    const { fetch } = await opened(server.url);
    await (await fetch(server.url)).text();
    const failure = await failureOf(fetch(server.url, { method: "POST", body: "{}" }));
    await turns(5);
    expect({ failure, requests: server.requests.length }).toEqual({
      failure: { phase: "send", code: "ECONNRESET" },
      requests: 2,
    });
  });

  test("is closed on our side too", async () => {
    const server = await listenHttp((socket) => socket.write(reply("ok")));
    const { fetch } = await opened(server.url);
    await (await fetch(server.url)).text();
    const [socket] = server.sockets;
    if (socket === undefined) throw new Error("no socket");
    socket.end();
    await once(socket, "close");
  });
});
