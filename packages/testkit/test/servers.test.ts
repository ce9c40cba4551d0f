import net from "node:net";
import tls from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { type Answer, event, json, stream } from "../src/answer.ts";
import { CERTIFICATES, TEST_CA } from "../src/certificates.ts";
import { startFullBacklog } from "../src/full-backlog.ts";
import { type RunningServer, type Script, type ServerOptions, startServer } from "../src/server.ts";
import { exchange, post } from "./raw.ts";

const servers: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(script: Script, options: ServerOptions = {}): Promise<RunningServer> {
  const server = await startServer(script, options);
  servers.push(server);
  return server;
}

const PING = { jsonrpc: "2.0", id: 7, method: "ping" };
const OK = json('{"ok":true}');

describe("what a client sends", () => {
  test("is recorded whole, whatever pieces it comes in", async () => {
    const server = await serve(() => OK);
    const bytes = post({ ...PING, params: { text: "åß" } }, { "X-One": "1" });
    await new Promise<void>((resolve) => {
      const socket = net.connect(server.port, "127.0.0.1", () => {
        const sent = Buffer.from(bytes);
        socket.setNoDelay(true);
        for (const byte of sent) socket.write(Uint8Array.of(byte));
      });
      socket.on("data", () => {
        socket.destroy();
        resolve();
      });
    });
    expect(server.requests).toEqual([
      {
        connection: 1,
        httpMethod: "POST",
        path: "/mcp",
        headers: {
          host: "127.0.0.1",
          "content-type": "application/json",
          "content-length": "65",
          "x-one": "1",
        },
        body: '{"jsonrpc":"2.0","id":7,"method":"ping","params":{"text":"åß"}}',
        rpc: { method: "ping", id: 7, params: { text: "åß" } },
        occurrence: 1,
      },
    ]);
  });

  test("may be chunked", async () => {
    const server = await serve(() => OK);
    const head = "POST /mcp HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    await exchange(server.port, `${head}5\r\n{"jso\r\n3\r\nn":\r\n2\r\n1}\r\n0\r\n\r\n`, "}");
    expect(server.requests.map(({ body, rpc }) => ({ body, rpc }))).toEqual([
      { body: '{"json":1}', rpc: null },
    ]);
  });

  test("is counted per method, over all connections", async () => {
    const server = await serve(() => OK);
    await exchange(server.port, post(PING) + post(PING), /\}(?:.|\s)*\}$/);
    await exchange(server.port, "DELETE /mcp HTTP/1.1\r\nHost: x\r\n\r\n", "}");
    await exchange(server.port, post(PING), "}");
    const seen = server.requests.map((request) => [
      request.connection,
      request.httpMethod,
      request.occurrence,
    ]);
    expect(seen).toEqual([
      [1, "POST", 1],
      [1, "POST", 2],
      [2, "DELETE", 1],
      [3, "POST", 3],
    ]);
  });
});

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const SSE_HEAD =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache, no-transform\r\n";

interface ByteCase {
  readonly name: string;
  readonly answer: Answer;
  readonly received: string;
  readonly end: string;
  /** Where to stop listening to a connection that stays open. */
  readonly until?: string;
}

const BYTES: readonly ByteCase[] = [
  {
    name: "a counted body",
    answer: OK,
    received: `${HEAD}content-length: 11\r\n\r\n{"ok":true}`,
    until: "}",
    end: "open",
  },
  {
    name: "a counted body of more bytes than characters",
    answer: json('{"ok":"å"}'),
    received: `${HEAD}content-length: 11\r\n\r\n{"ok":"\u00c3\u00a5"}`,
    until: "}",
    end: "open",
  },
  {
    name: "an event stream, chunk by chunk",
    answer: stream([{ bytes: ": hi\n\n" }, { bytes: event({ a: 1 }), delayMs: 5 }]),
    received: `${SSE_HEAD}transfer-encoding: chunked\r\n\r\n6\r\n: hi\n\n\r\n1e\r\nevent: message\ndata: {"a":1}\n\n\r\n0\r\n\r\n`,
    until: "0\r\n\r\n",
    end: "open",
  },
  {
    name: "a stream that is never ended",
    answer: stream([{ bytes: "data: 1\n\n" }], "hang"),
    received: `${SSE_HEAD}transfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n`,
    until: "\n\n\r\n",
    end: "open",
  },
  {
    name: "a body cut short by the end of the connection",
    answer: {
      kind: "respond",
      status: 200,
      headers: [["content-length", "11"]],
      chunks: [{ bytes: '{"ok"' }],
      framing: "as-is",
      end: "close",
    },
    received: 'HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{"ok"',
    end: "closed",
  },
  {
    name: "bytes that are no HTTP",
    answer: { kind: "raw", chunks: [{ bytes: "SSH-2.0-x\r\n" }], end: "close" },
    received: "SSH-2.0-x\r\n",
    end: "closed",
  },
  { name: "a close without an answer", answer: { kind: "close" }, received: "", end: "closed" },
  { name: "a reset", answer: { kind: "reset" }, received: "", end: "ECONNRESET" },
];

describe("what a server answers", () => {
  for (const { name, answer, received, end, until } of BYTES) {
    test(`${name}, byte for byte`, async () => {
      const server = await serve(() => answer);
      expect(await exchange(server.port, post(PING), until)).toEqual({ received, end });
    });
  }

  test("nothing at all, on an open connection", async () => {
    const server = await serve(() => ({ kind: "hang" }));
    const socket = net.connect(server.port, "127.0.0.1", () => socket.write(post(PING)));
    let received = 0;
    socket.on("data", (bytes) => {
      received += bytes.length;
    });
    await expect.poll(() => server.requests.length).toBe(1);
    expect([received, server.open()]).toEqual([0, 1]);
    socket.destroy();
    await expect.poll(() => server.open()).toBe(0);
  });

  test("an endless body only as fast as it is read, and no further than the client stays", async () => {
    let made = 0;
    const endless = {
      *[Symbol.iterator]() {
        for (;;) {
          made += 1;
          yield { bytes: Buffer.alloc(65_536, 0x20) };
        }
      },
    };
    const server = await serve(() => ({ ...stream([]), chunks: endless }));
    const socket = net.connect(server.port, "127.0.0.1", () => socket.write(post(PING)));
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
    await expect.poll(() => server.open()).toBe(0);
    expect(made).toBeLessThan(1_000);
  });
});

describe("over TLS", () => {
  function connect(port: number, servername: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = tls.connect({ port, host: "127.0.0.1", servername, ca: TEST_CA }, () => {
        socket.write(post(PING));
      });
      let received = "";
      socket.on("data", (bytes) => {
        received += bytes.toString();
        if (received.endsWith("}")) resolve(received);
      });
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
      socket.on("close", () => resolve(`closed after ${received.length} bytes`));
    });
  }

  const rows = [
    ["sound", "localhost", `${HEAD}content-length: 11\r\n\r\n{"ok":true}`],
    ["sound", "elsewhere.example", "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["expired", "localhost", "CERT_HAS_EXPIRED"],
    ["wrongName", "localhost", "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["selfSigned", "localhost", "DEPTH_ZERO_SELF_SIGNED_CERT"],
  ] as const;
  for (const [certificate, name, outcome] of rows) {
    test(`the ${certificate} certificate as ${name}: ${outcome.split("\r\n")[0]}`, async () => {
      const server = await serve(() => OK, { tls: CERTIFICATES[certificate] });
      expect(await connect(server.port, name)).toBe(outcome);
    });
  }

  test("a reset is a TCP reset", async () => {
    const server = await serve(() => ({ kind: "reset" }), { tls: CERTIFICATES.sound });
    expect(await connect(server.port, "localhost")).toBe("ECONNRESET");
  });
});

test("a full backlog neither accepts nor refuses", async () => {
  const backlog = await startFullBacklog();
  const socket = net.connect(backlog.port, "127.0.0.1");
  const heard: string[] = [];
  socket.on("connect", () => heard.push("connect"));
  socket.on("error", (error: NodeJS.ErrnoException) => heard.push(error.code ?? "error"));
  // Longer than the kernel takes to answer on loopback: nothing can be polled for here.
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect([heard, socket.connecting]).toEqual([[], true]);
  socket.destroy();
  await backlog.close();
});
