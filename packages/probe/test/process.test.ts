import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Answer,
  event,
  type RunningServer,
  soundLegacy,
  soundModern,
  startServer,
  stream,
} from "@vigil/testkit";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** What holds a process, or fails it, only shows in a process of its own. */
const folder = mkdtempSync(join(tmpdir(), "vigil-probe-"));
const child = join(folder, "child.mjs");

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, "process-child.ts")],
    outfile: child,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly modes: readonly string[];
  readonly runMs: number;
  /** From the end of the run to the end of the process. */
  readonly lingeredMs: number;
}

function runChild(url: string, era: string, flags: readonly string[] = []): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [...flags, child, url, era],
      { timeout: 15_000 },
      (error, stdout) => {
        if (error !== null) return reject(error);
        const { modes, runMs, endedAt } = JSON.parse(stdout);
        return resolve({ modes, runMs, lingeredMs: Date.now() - endedAt });
      },
    );
  });
}

async function withServer<T>(server: RunningServer, use: (url: string) => Promise<T>): Promise<T> {
  try {
    return await use(server.url);
  } finally {
    await server.close();
  }
}

/** A stream that asks to be resumed and is then never to be had again. */
const PRIMING = "retry: 60000\nid: 1\ndata: \n\n";

describe("a process that ran a probe", () => {
  it.each([
    ["legacy", soundLegacy],
    ["modern", soundModern],
  ] as const)("ends by itself after a sound run (%s)", async (era, sound) => {
    const { modes, lingeredMs } = await withServer(await startServer(sound()), (url) =>
      runChild(url, era),
    );
    expect(modes).toEqual([]);
    expect(lingeredMs).toBeLessThan(1_000);
  });

  it.each([
    ["legacy", soundLegacy],
    ["modern", soundModern],
  ] as const)(
    "ends although the SDK set a timer to take a stream up again (%s)",
    async (era, sound) => {
      const serve = sound();
      const server = await startServer((request) => {
        if (request.httpMethod === "GET") return { kind: "hang" };
        if (request.rpc?.method !== "tools/list") return serve(request);
        return stream([{ bytes: PRIMING }], "reset");
      });
      const { modes, lingeredMs } = await withServer(server, (url) => runChild(url, era));
      expect(modes).toHaveLength(1);
      expect(lingeredMs).toBeLessThan(1_000);
    },
  );

  it.each([
    ["legacy", "empty", "empty-stream"],
    ["modern", "empty", "empty-stream"],
    ["legacy", "silent", "timeout"],
    ["modern", "silent", "timeout"],
    ["auto", "silent", "timeout"],
    ["auto", "endless", "stream-stalled"],
  ])("ends although the opening request was given up (%s, %s)", async (era, how, mode) => {
    const answers: Record<string, Answer> = {
      empty: stream([]),
      silent: { kind: "hang" },
      endless: stream([{ bytes: ": hello\n\n" }], "hang"),
    };
    const server = await startServer(() => answers[how] ?? { kind: "close" });
    const { modes, lingeredMs } = await withServer(server, (url) => runChild(url, era));
    expect(modes).toEqual([mode]);
    expect(lingeredMs).toBeLessThan(1_000);
  });

  it("ends although a resumption was under way at close", async () => {
    const serve = soundLegacy();
    const server = await startServer((request) => {
      if (request.httpMethod === "GET") return { kind: "hang" };
      if (request.rpc?.method !== "tools/list") return serve(request);
      return stream([{ bytes: "retry: 10\nid: 1\ndata: \n\n" }]);
    });
    const { modes, lingeredMs } = await withServer(server, (url) => runChild(url, "legacy"));
    expect(modes).toEqual(["timeout"]);
    expect(lingeredMs).toBeLessThan(1_000);
  });

  it("is not held by a stalled body when garbage is collected meanwhile", async () => {
    // AbortSignal.any() and .timeout() lose their listeners to the collector on Node 20.
    const serve = soundModern();
    const server = await startServer((request) =>
      request.rpc?.method === "tools/list"
        ? stream(
            [{ bytes: ": hello\n\n" }, { bytes: event({ jsonrpc: "2.0", method: "n" }) }],
            "hang",
          )
        : serve(request),
    );
    const { modes, runMs, lingeredMs } = await withServer(server, (url) =>
      runChild(url, "modern", ["--expose-gc"]),
    );
    expect(modes).toEqual(["stream-stalled"]);
    // The run's deadline is 2 s; a held body would last until the child is killed after 15 s.
    expect(runMs).toBeLessThan(4_000);
    expect(lingeredMs).toBeLessThan(1_000);
  });
});
