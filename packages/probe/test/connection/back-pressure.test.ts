import v8 from "node:v8";
import { runInNewContext } from "node:vm";
import zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { coded, listenHttp, reply } from "./servers.ts";
import { opened, poolRounds } from "./support.ts";

describe("a body that is read slowly", () => {
  const MEGABYTE = 1024 * 1024;
  const ALLOWED_BYTES = 4 * MEGABYTE;

  const STILL_BYTES = 64 * 1024;

  v8.setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;

  function arrayBufferBytes(): number {
    collectGarbage();
    return process.memoryUsage().arrayBuffers;
  }

  /** Memory for bodies that the process holds once it hardly grows any more. */
  async function heldBytes(): Promise<number> {
    let before = Number.NEGATIVE_INFINITY;
    let now = arrayBufferBytes();
    while (now - before > STILL_BYTES) {
      await poolRounds(50);
      before = now;
      now = arrayBufferBytes();
    }
    return now;
  }

  async function countBytes(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<number> {
    let bytes = 0;
    for (let it = await reader.read(); !it.done; it = await reader.read()) bytes += it.value.length;
    return bytes;
  }

  const SLOW: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly answer: Buffer;
  }[] = [
    {
      name: "30 MB stay with the server",
      bytes: 30 * MEGABYTE,
      answer: Buffer.from(reply("x".repeat(30 * MEGABYTE))),
    },
    {
      name: "a zip bomb stays small",
      bytes: 50 * MEGABYTE,
      answer: coded("gzip", zlib.gzipSync(Buffer.alloc(50 * MEGABYTE))),
    },
  ];
  for (const { name, bytes, answer } of SLOW) {
    test(`${name}, and all of it is there in the end`, async () => {
      const server = await listenHttp((socket) => socket.write(answer));
      const { fetch } = await opened(server.url);
      const before = await heldBytes();
      const reader = (await fetch(server.url)).body?.getReader();
      if (reader === undefined) throw new Error("no body");
      const first = await reader.read();
      expect((await heldBytes()) - before).toBeLessThan(ALLOWED_BYTES);
      expect((first.value?.length ?? 0) + (await countBytes(reader))).toBe(bytes);
    });
  }
});
