import { once } from "node:events";
import type net from "node:net";
import zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { coded, listenHttp, reply, reset } from "./servers.ts";
import { deferred, failureOf, opened, poolRounds } from "./support.ts";

const CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

function chunk(bytes: string | Buffer): Buffer {
  const size = Buffer.byteLength(bytes).toString(16);
  return Buffer.concat([Buffer.from(`${size}\r\n`), Buffer.from(bytes), Buffer.from("\r\n")]);
}

function gzipWithWrongChecksum(): Buffer {
  const bytes = zlib.gzipSync("text");
  bytes.writeUInt32LE(1, bytes.length - 8);
  return bytes;
}

async function fetchText(answer: (socket: net.Socket) => void): Promise<unknown> {
  const server = await listenHttp(answer);
  const { fetch } = await opened(server.url);
  const response = await fetch(server.url);
  return failureOf(response.text());
}

describe("a body", () => {
  const SOUND: readonly (readonly [name: string, answer: (socket: net.Socket) => void])[] = [
    ["with a length", (socket) => socket.write(reply("a body"))],
    [
      "in chunks of one segment",
      (socket) => socket.write(`${CHUNKED}2\r\na \r\n4\r\nbody\r\n0\r\n\r\n`),
    ],
    ["up to the end of the connection", (socket) => socket.end("HTTP/1.1 200 OK\r\n\r\na body")],
  ];
  for (const [name, answer] of SOUND) {
    test(`${name} is read whole`, async () => {
      expect(await fetchText(answer)).toEqual({ resolved: "a body" });
    });
  }

  const LENGTH_9 = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort";
  const BROKEN: readonly {
    readonly name: string;
    readonly answer: (socket: net.Socket) => void;
    readonly code: string;
  }[] = [
    { name: "shorter than its length", answer: (it) => it.end(LENGTH_9), code: "ECONNRESET" },
    {
      name: "reset",
      answer: (it) => it.write(LENGTH_9, () => setImmediate(() => reset(it))),
      code: "ECONNRESET",
    },
    {
      name: "without its last chunk",
      answer: (it) => it.end(`${CHUNKED}5\r\nshort\r\n`),
      code: "ECONNRESET",
    },
    {
      name: "with a broken chunk size",
      answer: (it) => it.write(`${CHUNKED}5\r\nshort\r\nxyz\r\n`),
      code: "HPE_INVALID_CHUNK_SIZE",
    },
    {
      name: "in broken gzip",
      answer: (it) => it.write(coded("gzip", Buffer.from("not gzip"))),
      code: "Z_DATA_ERROR",
    },
    {
      name: "in gzip with a wrong checksum",
      answer: (it) => it.write(coded("gzip", gzipWithWrongChecksum())),
      code: "Z_DATA_ERROR",
    },
    {
      name: "in broken br",
      answer: (it) => it.write(coded("br", Buffer.from([0xff, 0xff, 0xff, 0xff]))),
      code: "ERR__ERROR_FORMAT_PADDING_2",
    },
  ];
  for (const { name, answer, code } of BROKEN) {
    test(`${name} breaks: ${code}`, async () => {
      expect(await fetchText(answer)).toEqual({ phase: "body", code });
    });
  }

  test("that breaks has given what came before", async () => {
    const server = await listenHttp((socket) => socket.end(LENGTH_9));
    const { fetch } = await opened(server.url);
    const reader = (await fetch(server.url)).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("short");
    expect(await failureOf(reader?.read() ?? Promise.resolve())).toEqual({
      phase: "body",
      code: "ECONNRESET",
    });
  });

  test("without an end is cancelled at once, and the server sees the socket close", async () => {
    const server = await listenHttp((socket) => {
      socket.write(CHUNKED);
      const drip = () => {
        if (!socket.destroyed) socket.write(chunk("x".repeat(1_000)), () => setImmediate(drip));
      };
      drip();
    });
    const { fetch } = await opened(server.url);
    const reader = (await fetch(server.url)).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    const [socket] = server.sockets;
    if (socket !== undefined && !socket.destroyed) await once(socket, "close");
    expect(await reader?.read()).toEqual({ done: true, value: undefined });
  });

  const ARRIVED = {
    plain: Buffer.from(reply("x".repeat(40_000))),
    compressed: coded("gzip", zlib.gzipSync(Buffer.alloc(1_000_000))),
  };
  for (const [name, answer] of Object.entries(ARRIVED)) {
    test(`that has arrived unread is cancelled and leaves its socket to the next request: ${name}`, async () => {
      const server = await listenHttp((socket) => socket.write(answer));
      const { fetch } = await opened(server.url);
      const { body } = await fetch(server.url);
      await poolRounds(20);
      await body?.cancel();
      await (await fetch(server.url)).body?.cancel();
      expect(server.sockets).toHaveLength(1);
    });
  }

  test("that is silent is cancelled at once, and a fresh socket serves the next request", async () => {
    const server = await listenHttp((socket, { total }) =>
      socket.write(total === 0 ? CHUNKED : reply("next")),
    );
    const { fetch } = await opened(server.url);
    await (await fetch(server.url)).body?.cancel();
    const next = await fetch(server.url);
    expect({ next: await next.text(), sockets: server.sockets.length }).toEqual({
      next: "next",
      sockets: 2,
    });
  });
});

describe("a compressed body", () => {
  const TEXT = `{"tools":[${'"a tool",'.repeat(5_000)}"the last"]}`;
  const gzipped = zlib.gzipSync(TEXT);
  const CODED: readonly (readonly [name: string, coding: string, body: Buffer])[] = [
    ["gzip", "gzip", gzipped],
    ["x-gzip", "X-GZIP", gzipped],
    ["deflate", "deflate", zlib.deflateSync(TEXT)],
    ["raw deflate", "deflate", zlib.deflateRawSync(TEXT)],
    ["br", "br", zlib.brotliCompressSync(TEXT)],
    ["two codings", "gzip, br", zlib.brotliCompressSync(gzipped)],
    ["gzip cut short", "gzip", gzipped.subarray(0, -9)],
    ["br cut short", "br", zlib.brotliCompressSync(TEXT).subarray(0, -1)],
    ["gzip, padded", "gzip", Buffer.concat([gzipped, Buffer.alloc(512)])],
    ["nothing, called gzip", "gzip", Buffer.alloc(0)],
    ["a coding nobody asked for", "zstd", Buffer.from("as it is")],
    ["identity", "identity", Buffer.from("as it is")],
  ];
  for (const [name, coding, body] of CODED) {
    test(`reads as with Node's own fetch: ${name}`, async () => {
      const server = await listenHttp((socket) => socket.end(coded(coding, body)));
      const expected = await (await fetch(server.url)).text();
      const response = await (await opened(server.url)).fetch(server.url);
      expect(await response.text()).toBe(expected);
      expect(response.headers.get("content-encoding")).toBe(coding);
    });
  }

  const STREAMS = {
    gzip: () => zlib.createGzip(),
    deflate: () => zlib.createDeflate(),
    br: () => zlib.createBrotliCompress(),
  };
  for (const [coding, createEncoder] of Object.entries(STREAMS)) {
    test(`gives each event when it is sent: ${coding}`, async () => {
      const seen = [deferred<void>(), deferred<void>()];
      const server = await listenHttp(async (socket) => {
        const encoder = createEncoder();
        encoder.on("data", (bytes: Buffer) => socket.write(chunk(bytes)));
        encoder.on("end", () => socket.write("0\r\n\r\n"));
        socket.write(CHUNKED.replace("\r\n\r\n", `\r\ncontent-encoding: ${coding}\r\n\r\n`));
        // The next event is only sent when the one before it has been read.
        for (const [index, { promise }] of seen.entries()) {
          encoder.write(`data: ${index}\n\n`);
          encoder.flush();
          await promise;
        }
        encoder.end("data: last\n\n");
      });
      const { fetch } = await opened(server.url);
      const events: string[] = [];
      for await (const bytes of (await fetch(server.url)).body ?? []) {
        events.push(Buffer.from(bytes).toString());
        seen[events.length - 1]?.resolve();
      }
      expect(events.join("")).toBe("data: 0\n\ndata: 1\n\ndata: last\n\n");
    });
  }

  test("ends with its data, whatever goes on behind it", async () => {
    const closed = deferred<void>();
    const server = await listenHttp((socket) => {
      socket.on("close", () => closed.resolve());
      socket.write(CHUNKED.replace("\r\n\r\n", "\r\ncontent-encoding: gzip\r\n\r\n"));
      socket.write(chunk(Buffer.concat([zlib.gzipSync("all"), Buffer.alloc(9)])));
    });
    const { fetch } = await opened(server.url);
    expect(await (await fetch(server.url)).text()).toBe("all");
    await closed.promise;
  });
});
