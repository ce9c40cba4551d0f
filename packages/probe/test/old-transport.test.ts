import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { type Answer, json, type RecordedRequest, startServer, stream, text } from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { type Overrides, type ProbeOverrides, probe } from "./harness.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** The old transport as its own SDK serves it; whatever else is asked gets `otherwise`. */
async function oldServer(otherwise: (response: ServerResponse) => void): Promise<string> {
  const transports = new Map<string, SSEServerTransport>();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "GET" && pathname === "/sse") {
      const transport = new SSEServerTransport("/messages", response);
      transports.set(transport.sessionId, transport);
      await new McpServer({ name: "old", version: "1.0.0" }).connect(transport);
    } else if (request.method === "POST" && pathname === "/messages") {
      await transports
        .get(searchParams.get("sessionId") ?? "")
        ?.handlePostMessage(request, response);
    } else {
      otherwise(response);
    }
  };
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/sse`;
}

const NO_ROUTE = (status: number) => (response: ServerResponse) => {
  response.writeHead(status, { "content-type": "text/html" }).end("<pre>Cannot POST /sse</pre>");
};

/** Patience enough for a busy machine; the servers here answer at once. */
const PATIENT: Overrides = { clientTimeoutMs: 5_000, slowMs: 4_999 };
const LONG: ProbeOverrides = { runTimeoutMs: 12_000 };

describe("a server of the old HTTP+SSE transport", () => {
  it.each([
    ["404, as Express has it, auto", 404, "auto"],
    ["405, as FastMCP has it, auto", 405, "auto"],
    ["400, auto", 400, "auto"],
    ["404, legacy", 404, "legacy"],
  ] as const)("is named when POST gets %s", async (_name, status, era) => {
    const url = await oldServer(NO_ROUTE(status));
    const { verdict, run } = await probe(url, { ...PATIENT, era }, LONG);
    expect(verdict.failures.map(({ mode, step }) => [mode, step])).toEqual([
      ["legacy-sse-transport", "negotiate"],
    ]);
    const { summary, evidence } = verdict.failures[0] ?? {};
    expect(summary).toBe(
      `POST is refused (HTTP ${status}), and GET opens with an \`endpoint\` event, as the old HTTP+SSE transport does`,
    );
    expect(evidence).toMatchObject({
      httpStatus: 200,
      contentType: "text/event-stream",
      detail: `POST: HTTP ${status}, text/html; GET: an \`endpoint\` event`,
    });
    expect(evidence?.body).toMatch(/^event: endpoint\ndata: \/messages\?sessionId=/);
    // The question is no part of the server's time.
    const negotiate = run.legs.at(-1)?.steps.find(({ step }) => step === "negotiate");
    expect(negotiate?.exchanges.map(({ request }) => request.httpMethod)).toEqual(["POST", "GET"]);
  });

  it("is named when both eras are to be judged, in the legacy one", async () => {
    const url = await oldServer(NO_ROUTE(404));
    const { verdict } = await probe(url, { ...PATIENT, era: "both" }, LONG);
    expect(verdict.failures.map(({ mode, era }) => [mode, era])).toEqual([
      ["legacy-sse-transport", "legacy"],
      ["http-not-found", "modern"],
    ]);
  });
});

type Script = (request: RecordedRequest) => Answer;

async function serve(script: Script) {
  const server = await startServer(script);
  closing.push(() => server.close());
  return server;
}

const ENDPOINT = stream([{ bytes: "event: endpoint\ndata: /messages?sessionId=1\n\n" }], "hang");
const MESSAGE = stream([{ bytes: 'data: {"jsonrpc":"2.0","method":"ping"}\n\n' }], "hang");
const RPC_ERROR = '{"jsonrpc":"2.0","error":{"code":-32602,"message":"Invalid params"},"id":null}';

interface Row {
  readonly name: string;
  readonly post: Answer;
  readonly get: Answer;
  readonly mode: string;
  readonly gets: number;
}

const GONE = text("Not Found", { status: 404 });

const ROWS: readonly Row[] = [
  { name: "a GET that hangs", post: GONE, get: { kind: "hang" }, mode: "http-not-found", gets: 1 },
  {
    name: "a GET that is reset",
    post: GONE,
    get: { kind: "reset" },
    mode: "http-not-found",
    gets: 1,
  },
  { name: "a GET that is refused", post: GONE, get: GONE, mode: "http-not-found", gets: 1 },
  {
    name: "a GET that opens a stream and says nothing",
    post: GONE,
    get: stream([], "hang"),
    mode: "http-not-found",
    gets: 1,
  },
  {
    name: "a GET that opens another stream",
    post: text("", { status: 405 }),
    get: MESSAGE,
    mode: "http-unexpected",
    gets: 1,
  },
  {
    name: "a GET that brings a page",
    post: text("", { status: 405 }),
    get: text("<html>It works!</html>", { headers: [["content-type", "text/html"]] }),
    mode: "http-unexpected",
    gets: 1,
  },
  {
    name: "an old transport whose POST says 405",
    post: text("", { status: 405 }),
    get: ENDPOINT,
    mode: "legacy-sse-transport",
    gets: 1,
  },
  ...([401, 403, 429, 500, 503] as const).map((status) => ({
    name: `${status} to POST`,
    post: text("", { status }),
    get: ENDPOINT,
    mode: {
      401: "auth-required",
      403: "http-forbidden",
      429: "http-throttled",
      500: "http-server-error",
      503: "http-server-error",
    }[status],
    gets: 0,
  })),
  {
    name: "a JSON-RPC error under 400",
    post: json(RPC_ERROR, { status: 400 }),
    get: ENDPOINT,
    mode: "negotiation-rejected",
    gets: 0,
  },
];

describe("the question by GET", () => {
  it.each(ROWS)("$name", async ({ post, get, mode, gets }) => {
    const server = await serve(({ httpMethod }) => (httpMethod === "GET" ? get : post));
    const { modes } = await probe(server.url, { ...PATIENT, era: "legacy" }, LONG);
    expect(modes).toEqual([mode]);
    const asked = server.requests.filter(({ httpMethod }) => httpMethod === "GET");
    expect(asked).toHaveLength(gets);
    // The server hears of a closed connection a little later.
    await expect.poll(() => server.open(), { timeout: 5_000 }).toBe(0);
  });

  it("ends with the run's time", async () => {
    const server = await serve(({ httpMethod }) =>
      httpMethod === "GET" ? { kind: "hang" } : GONE,
    );
    const { modes, tookMs } = await probe(
      server.url,
      { ...PATIENT, era: "legacy" },
      { runTimeoutMs: 1_000 },
    );
    expect([modes, tookMs < 1_800]).toEqual([["http-not-found"], true]);
  });

  it("is not asked of a server that is watched in the modern era alone", async () => {
    const server = await serve(({ httpMethod }) => (httpMethod === "GET" ? ENDPOINT : GONE));
    const { modes } = await probe(server.url, { ...PATIENT, era: "modern" }, LONG);
    expect(modes).toEqual(["http-not-found"]);
    expect(server.requests.map(({ httpMethod }) => httpMethod)).toEqual(["POST"]);
  });
});
