import { getEventListeners, once } from "node:events";
import net from "node:net";
import { describe, expect, test } from "vitest";
import { makeCertificate } from "./certificate.ts";
import { listen, listenHttp, reply, reset } from "./servers.ts";
import { deferred, failureOf, opened, turns } from "./support.ts";

const RPC = '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"n":"é"}}';

describe("a request", () => {
  test("reaches the server as written", async () => {
    const server = await listenHttp((socket) => socket.write(reply("ok")));
    const { fetch } = await opened(server.url);
    await fetch(new URL("/mcp?key=1", server.url), {
      method: "post",
      headers: { "Content-Type": "application/json", "X-Trace": "a" },
      body: RPC,
    });
    const [request] = server.requests;
    expect(request?.head.split("\r\n")).toEqual([
      "POST /mcp?key=1 HTTP/1.1",
      `host: ${server.url.host}`,
      "accept: */*",
      "accept-encoding: gzip, deflate",
      "content-type: application/json",
      "x-trace: a",
      `content-length: ${Buffer.byteLength(RPC)}`,
      "Connection: keep-alive",
    ]);
    expect(Buffer.from(request?.body ?? "", "latin1").toString()).toBe(RPC);
  });

  const HEADERS = {
    "an object": { accept: "text/event-stream" },
    "an array": [["Accept", "text/event-stream"]] as [string, string][],
    Headers: new Headers({ accept: "text/event-stream" }),
  };
  for (const [name, headers] of Object.entries(HEADERS)) {
    test(`takes its headers from ${name}`, async () => {
      const server = await listenHttp((socket) => socket.write(reply("ok")));
      await (await opened(server.url)).fetch(server.url, { headers });
      expect(server.requests[0]?.head).toMatch(/\r\naccept: text\/event-stream\r\n/);
    });
  }

  const form = "application/x-www-form-urlencoded;charset=UTF-8";
  const BODIES = {
    "a string": { body: "a=1", contentType: "text/plain;charset=UTF-8" },
    bytes: { body: new TextEncoder().encode("a=1"), contentType: null },
    URLSearchParams: { body: new URLSearchParams({ a: "1" }), contentType: form },
  };
  for (const [name, { body, contentType }] of Object.entries(BODIES)) {
    test(`takes its body from ${name}`, async () => {
      const server = await listenHttp((socket) => socket.write(reply("ok")));
      await (await opened(server.url)).fetch(server.url, { method: "POST", body });
      const [request] = server.requests;
      const found = /\r\ncontent-type: (.*)\r\n/.exec(request?.head ?? "")?.[1] ?? null;
      expect({ body: request?.body, contentType: found }).toEqual({ body: "a=1", contentType });
    });
  }

  const WRONG: readonly {
    readonly name: string;
    readonly message: string;
    readonly path?: string;
    readonly init?: RequestInit;
  }[] = [
    { name: "another origin", path: "http://other.test/", message: "The URL is of another origin" },
    { name: "credentials", path: "http://u:p@HOST/", message: "The URL has credentials" },
    {
      name: "an invalid header, unquoted",
      init: { headers: { authorization: "Bearer s3cret\n" + "é\u0000" } },
      message: "A request header is not valid",
    },
    {
      name: "a body of another kind",
      init: { method: "POST", body: new Blob(["a"]) },
      message: "A request body must be a string, bytes or URLSearchParams",
    },
  ];
  for (const { name, message, path = "/mcp", init } of WRONG) {
    test(`with ${name} is not sent`, async () => {
      const server = await listenHttp((socket) => socket.write(reply("ok")));
      const { fetch } = await opened(server.url);
      const url = new URL(path.replace("HOST", server.url.host), server.url);
      await expect(fetch(url, init)).rejects.toThrow(new TypeError(message));
      expect(server.requests).toEqual([]);
    });
  }
});

describe("a response", () => {
  test("comes with its status, headers and body", async () => {
    const server = await listenHttp((socket) =>
      socket.write(
        "HTTP/1.1 404 Gone\u0001fishing\r\nX-A: 1\r\nx-a: 2\r\ncontent-length: 2\r\n\r\nno",
      ),
    );
    const response = await (await opened(server.url)).fetch(server.url);
    expect(response).toBeInstanceOf(Response);
    expect([...response.headers]).toEqual([
      ["content-length", "2"],
      ["x-a", "1, 2"],
    ]);
    expect({ status: response.status, text: await response.text() }).toEqual({
      status: 404,
      text: "no",
    });
  });

  test("is not followed when it redirects", async () => {
    const head = "HTTP/1.1 307 Moved\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n";
    const server = await listenHttp((socket) => socket.write(head));
    const response = await (await opened(server.url)).fetch(server.url, { redirect: "follow" });
    expect({ status: response.status, location: response.headers.get("location") }).toEqual({
      status: 307,
      location: "/other",
    });
    expect(server.requests).toHaveLength(1);
  });

  const BODILESS: readonly (readonly [name: string, method: string, answer: string])[] = [
    ["204", "DELETE", "HTTP/1.1 204 No\r\n\r\n"],
    ["205", "POST", "HTTP/1.1 205 No\r\ncontent-length: 0\r\n\r\n"],
    ["205 with a body all the same", "POST", "HTTP/1.1 205 No\r\ncontent-length: 2\r\n\r\nno"],
    ["304", "GET", "HTTP/1.1 304 No\r\ncontent-length: 9\r\n\r\n"],
    ["HEAD", "HEAD", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"],
  ];
  for (const [name, method, answer] of BODILESS) {
    test(`has no body with ${name}, and the socket serves the next request`, async () => {
      const server = await listenHttp((socket, { total }) =>
        socket.write(total === 0 ? answer : reply("next")),
      );
      const { fetch } = await opened(server.url);
      const { body } = await fetch(server.url, { method });
      await turns(3);
      const next = await fetch(server.url);
      expect({ body, next: await next.text(), sockets: server.sockets.length }).toEqual({
        body: null,
        next: "next",
        sockets: 1,
      });
    });
  }

  test("may be announced by 1xx", async () => {
    const hints = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nlink: </a>\r\n\r\n";
    const server = await listenHttp((socket) => socket.write(hints + reply("ok")));
    const response = await (await opened(server.url)).fetch(server.url);
    expect({ status: response.status, text: await response.text() }).toEqual({
      status: 200,
      text: "ok",
    });
  });

  const BROKEN: readonly {
    readonly name: string;
    readonly answer: (socket: net.Socket) => void;
    readonly failure: unknown;
  }[] = [
    {
      name: "a reset before the headers",
      answer: reset,
      failure: { phase: "send", code: "ECONNRESET" },
    },
    {
      name: "a close before the headers",
      answer: (socket) => socket.end(),
      failure: { phase: "send", code: "ECONNRESET" },
    },
    {
      name: "a close amid the headers",
      answer: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-ty"),
      failure: { phase: "send", code: "ECONNRESET" },
    },
    {
      name: "another protocol",
      answer: (socket) => socket.write("SSH-2.0-OpenSSH_9.6\r\n"),
      failure: { phase: "body", code: "HPE_INVALID_CONSTANT" },
    },
    {
      name: "a flood of headers",
      answer: (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${"a".repeat(20_000)}\r\n\r\n`),
      failure: { phase: "body", code: "HPE_HEADER_OVERFLOW" },
    },
    {
      name: "a switch of protocols",
      answer: (socket) =>
        socket.write("HTTP/1.1 101 Switch\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
      failure: { phase: "body", code: "ERR_HTTP_INVALID_STATUS_CODE" },
    },
    {
      name: "a status that HTTP does not know",
      answer: (socket) => socket.write("HTTP/1.1 999 Denied\r\ncontent-length: 0\r\n\r\n"),
      failure: { phase: "body", code: "ERR_HTTP_INVALID_STATUS_CODE" },
    },
  ];
  for (const { name, answer, failure } of BROKEN) {
    test(`fails by name: ${name}`, async () => {
      const server = await listenHttp(answer);
      const { fetch } = await opened(server.url);
      expect(await failureOf(fetch(server.url))).toEqual(failure);
      await turns(3);
      expect(server.requests).toHaveLength(1);
    });
  }

  test("fails by name: a client certificate is asked for after the handshake", async () => {
    const certificate = makeCertificate();
    const server = await listen(() => {}, {
      certificate,
      tls: { requestCert: true, rejectUnauthorized: true },
    });
    const lookup = async () => [{ address: "127.0.0.1", family: 4 }];
    const { fetch } = await opened(server.url, { ca: certificate.cert, lookup });
    expect(await failureOf(fetch(server.url))).toEqual({
      phase: "tls",
      code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    });
  });
});

describe("an aborted request", () => {
  const reason = new Error("enough");

  test("is not sent when it was aborted before", async () => {
    const server = await listenHttp((socket) => socket.write(reply("ok")));
    const { fetch } = await opened(server.url);
    const signal = AbortSignal.abort(reason);
    expect(await failureOf(fetch(server.url, { signal }))).toBe(reason);
    expect(server.requests).toEqual([]);
  });

  test("rejects before the headers, and the server sees the socket close", async () => {
    const arrived = deferred<net.Socket>();
    const server = await listenHttp((socket) => arrived.resolve(socket));
    const { fetch } = await opened(server.url);
    const controller = new AbortController();
    const pending = failureOf(fetch(server.url, { signal: controller.signal }));
    const closed = once(await arrived.promise, "close");
    controller.abort(reason);
    expect(await pending).toBe(reason);
    await closed;
  });

  test("breaks its body, and the server sees the socket close", async () => {
    const server = await listenHttp((socket) =>
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab"),
    );
    const { fetch } = await opened(server.url);
    const controller = new AbortController();
    const response = await fetch(server.url, { signal: controller.signal });
    const [socket] = server.sockets;
    const closed = once(socket ?? new net.Socket(), "close");
    const text = failureOf(response.text());
    controller.abort(reason);
    expect(await text).toBe(reason);
    await closed;
  });

  test("leaves the next one alone", async () => {
    const server = await listenHttp((socket) => socket.write(reply("ok")));
    const { fetch } = await opened(server.url);
    const controller = new AbortController();
    await (await fetch(server.url, { signal: controller.signal })).text();
    const next = await fetch(server.url);
    controller.abort(reason);
    expect({
      text: await next.text(),
      sockets: server.sockets.length,
      listeners: getEventListeners(controller.signal, "abort").length,
    }).toEqual({ text: "ok", sockets: 1, listeners: 0 });
  });
});
