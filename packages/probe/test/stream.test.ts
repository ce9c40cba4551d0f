import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Worker } from "node:worker_threads";
import { McpServer as V1Server } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { soundLegacy, startServer } from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { type Overrides, probe } from "./harness.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const PAUSE_MS = 150;
const STREAM = { tool: "progress", minEvents: 3, minSpreadMs: PAUSE_MS };
const PATIENT: Overrides = { era: "legacy", clientTimeoutMs: 8_000, slowMs: 7_999 };
const LONG = { runTimeoutMs: 20_000, extras: ["stream"] } as const;

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

interface Served {
  readonly json?: boolean;
  readonly annotations?: { readonly destructiveHint: boolean };
}

/** A server of the official SDK whose tool tells of its progress when it is asked to. */
function officialServer({ json = false, annotations = { destructiveHint: false } }: Served = {}) {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const server = new V1Server({ name: "real", version: "1.0.0" });
    server.registerTool("progress", { annotations }, async ({ _meta, sendNotification }) => {
      const progressToken = _meta?.progressToken;
      for (let progress = 1; progress <= 2; progress += 1) {
        if (progressToken !== undefined) {
          const params = { progressToken, progress, total: 2 };
          await sendNotification({ method: "notifications/progress", params });
        }
        await new Promise((done) => setTimeout(done, PAUSE_MS));
      }
      return { content: [{ type: "text", text: "done" }] };
    });
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: json });
    // The SDK's own transport type is not assignable under exactOptionalPropertyTypes.
    await server.connect(transport as Parameters<V1Server["connect"]>[0]);
    await transport.handleRequest(request, response);
  };
  return listen(createServer((request, response) => void answer(request, response)));
}

describe("the stream step with a server of the official SDK", () => {
  it("sees its events one by one, and leaves them out of the run's time", async () => {
    const { verdict, run } = await probe(
      await officialServer(),
      { ...PATIENT, stream: STREAM },
      LONG,
    );
    expect(verdict.failures).toEqual([]);
    const step = run.legs[0]?.steps.find(({ step: name }) => name === "stream");
    expect(step).toMatchObject({ outcome: "ok", label: "progress" });
    expect(step?.exchanges[0]?.sse?.messages.count).toBe(3);
    expect(step?.durationMs).toBeGreaterThanOrEqual(2 * PAUSE_MS);
  });

  it("misses them when the server answers in JSON", async () => {
    const url = await officialServer({ json: true });
    const { verdict } = await probe(url, { ...PATIENT, stream: STREAM }, LONG);
    expect(verdict.failures.map(({ mode, step }) => [mode, step])).toEqual([
      ["stream-absent", "stream"],
    ]);
  });

  it("does not call a destructive tool, and says so", async () => {
    const url = await officialServer({ annotations: { destructiveHint: true } });
    const { verdict, run } = await probe(url, { ...PATIENT, stream: STREAM }, LONG);
    expect(verdict.failures.map(({ mode, step }) => [mode, step])).toEqual([
      ["sentinel-unsuitable", "stream"],
    ]);
    const step = run.legs[0]?.steps.find(({ step: name }) => name === "stream");
    expect(step).toMatchObject({
      outcome: "skipped",
      skipped: "tool-not-read-only",
      exchanges: [],
    });
  });

  it("calls it when writes are allowed", async () => {
    const url = await officialServer({ annotations: { destructiveHint: true } });
    const stream = { ...STREAM, allowWrites: true };
    expect((await probe(url, { ...PATIENT, stream }, LONG)).modes).toEqual([]);
  });

  it("tells once of a tool that is not listed", async () => {
    const stream = { ...STREAM, tool: "gone" };
    const { modes, run } = await probe(await officialServer(), { ...PATIENT, stream }, LONG);
    expect(modes).toEqual(["tools-missing"]);
    const step = run.legs[0]?.steps.find(({ step: name }) => name === "stream");
    expect(step).toMatchObject({ outcome: "skipped", skipped: "tool-missing" });
  });

  it("is left out of a plain run", async () => {
    const { run } = await probe(
      await officialServer(),
      { ...PATIENT, stream: STREAM },
      { runTimeoutMs: 20_000 },
    );
    expect(run.legs[0]?.steps.map(({ step }) => step)).toEqual(["negotiate", "listTools"]);
  });

  it("opens the GET stream without a tool to call", async () => {
    const url = await officialServer();
    const { modes, run } = await probe(url, { ...PATIENT, expect: { getStream: true } }, LONG);
    expect(modes).toEqual([]);
    const step = run.legs[0]?.steps.find(({ step: name }) => name === "stream");
    expect(step).toMatchObject({ outcome: "ok", label: "GET" });
    expect(step?.exchanges[0]).toMatchObject({
      end: "left-open",
      response: { status: 200, contentType: "text/event-stream" },
    });
  });
});

describe("a run that breaks before its stream", () => {
  it.each([
    ["in the list", "tools/list"],
    ["in a sentinel's call", "tools/call"],
  ])("%s tells of that alone", async (_name, method) => {
    const sound = soundLegacy();
    const server = await startServer((request) =>
      request.rpc?.method === method ? { kind: "reset" } : sound(request),
    );
    closing.push(() => server.close());
    const sentinels = [{ tool: "lookup", arguments: { key: "health" } }];
    const stream = { tool: "echo" };
    const { modes, run } = await probe(server.url, { ...PATIENT, stream, sentinels }, LONG);
    expect(modes).toEqual(["connection-reset"]);
    const steps = run.legs[0]?.steps.map(({ step, outcome }) => [step, outcome]);
    expect(steps).toContainEqual(["stream", "not-reached"]);
  });
});

/** A sound server with an event loop of its own; it tells when it begins to stream. */
const ELSEWHERE = `
const { createServer } = require("node:http");
const { parentPort } = require("node:worker_threads");
const { text } = require("node:stream/consumers");
const event = (message) => "data: " + JSON.stringify({ jsonrpc: "2.0", ...message }) + "\\n\\n";
const note = (progress) => event({ method: "notifications/progress", params: { progressToken: 1, progress } });
const RESULTS = {
  initialize: { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "far", version: "1" } },
  "tools/list": { tools: [{ name: "progress", inputSchema: { type: "object" } }] },
};
const server = createServer(async (request, response) => {
  const { id, method } = JSON.parse((await text(request)) || "{}");
  if (method === "tools/call") {
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    parentPort.postMessage("streaming");
    const pieces = [note(1), note(2), event({ id, result: { content: [] } })];
    pieces.forEach((piece, i) => setTimeout(() => response.write(piece), 100 + i * ${PAUSE_MS}));
    setTimeout(() => response.end(), 200 + 3 * ${PAUSE_MS});
  } else if (RESULTS[method]) {
    const body = JSON.stringify({ jsonrpc: "2.0", id, result: RESULTS[method] });
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  } else {
    response.writeHead(202).end();
  }
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

async function serverElsewhere(onStreaming: () => void): Promise<string> {
  const worker = new Worker(ELSEWHERE, { eval: true });
  closing.push(() => worker.terminate());
  const [port] = await once(worker, "message");
  worker.on("message", onStreaming);
  return `http://127.0.0.1:${port}/mcp`;
}

function beBusy(forMs: number): void {
  const until = performance.now() + forMs;
  while (performance.now() < until);
}

describe("a probe that is busy while the events come", () => {
  it("does not take them for buffered", async () => {
    const url = await serverElsewhere(() => beBusy(1_500));
    const { verdict } = await probe(url, { ...PATIENT, stream: STREAM }, LONG);
    expect([verdict.status, ...verdict.failures.map(({ mode }) => mode)]).toEqual([
      "unknown",
      "probe-error",
    ]);
    expect(verdict.failures[0]?.summary).toMatch(/^the probe was too busy to time the events/);
  });

  it("and one that is not sees them in time", async () => {
    const url = await serverElsewhere(() => {});
    expect((await probe(url, { ...PATIENT, stream: STREAM }, LONG)).modes).toEqual([]);
  });
});
