import type { OpenConnection } from "../../src/index.ts";

/** An answer before it is cut into chunks: what an edit works on. */
export interface Wire {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly chunks: readonly Uint8Array[];
}

export interface Asked {
  readonly method: string;
  readonly id: string | number | null;
}

export type Framing = "json" | "sse";
export type Era = "legacy" | "modern";

const TOOLS = [
  {
    name: "lookup",
    description: "Looks up the state of one key.",
    inputSchema: { type: "object", properties: { key: { type: "string" } }, required: ["key"] },
    annotations: { title: "Look up", readOnlyHint: true },
  },
  { name: "echo", inputSchema: { type: "object" } },
];
const CALLED = {
  content: [{ type: "text", text: "all ok" }],
  structuredContent: { state: "ok" },
  isError: false,
};
const CAPABILITIES = { tools: { listChanged: true }, logging: {} };
const SERVER = { name: "orders", version: "1.4.0", title: "Orders" };
const CACHED = { resultType: "complete", ttlMs: 0, cacheScope: "private" };

/** Valid results by method. */
export const RESULTS: Readonly<Record<Era, Readonly<Record<string, object>>>> = {
  legacy: {
    initialize: {
      protocolVersion: "2025-11-25",
      capabilities: CAPABILITIES,
      serverInfo: SERVER,
      instructions: "Ask for keys.",
    },
    "tools/list": { tools: TOOLS },
    "tools/call": CALLED,
  },
  modern: {
    "server/discover": {
      ...CACHED,
      supportedVersions: ["2026-07-28"],
      capabilities: CAPABILITIES,
      _meta: { "io.modelcontextprotocol/serverInfo": SERVER },
    },
    "tools/list": { ...CACHED, tools: TOOLS },
    "tools/call": { ...CALLED, resultType: "complete" },
  },
};

const encoder = new TextEncoder();

export function validAnswer(era: Era, framing: Framing, { method, id }: Asked): Wire {
  if (id === null) return { status: 202, headers: [], chunks: [] };
  const message = JSON.stringify({ jsonrpc: "2.0", id, result: RESULTS[era][method] ?? {} });
  if (framing === "json") {
    return {
      status: 200,
      headers: [["content-type", "application/json"]],
      chunks: [encoder.encode(message)],
    };
  }
  return {
    status: 200,
    headers: [["content-type", "text/event-stream"]],
    chunks: [encoder.encode(`: open\n\nevent: message\ndata: ${message}\n\n`)],
  };
}

/** A connection without a network: every answer is the script's. */
export function scripted(answer: (asked: Asked) => Wire): OpenConnection {
  return () => ({
    open: async () => ({
      kind: "open",
      timings: {
        dnsMs: null,
        tcpMs: 0,
        tlsMs: null,
        address: "127.0.0.1",
        certificateExpiresAt: null,
      },
    }),
    fetch: async (_url, init = {}) => {
      if (typeof init.body !== "string") return new Response(null, { status: 405 });
      const { method, id } = JSON.parse(init.body);
      const { status, headers, chunks } = answer({ method: String(method), id: id ?? null });
      const bodyless = status === 204 || chunks.length === 0;
      const body = bodyless ? null : new ReadableStream<Uint8Array>({ start: fill(chunks) });
      return new Response(body, {
        status,
        headers: headers.map(([n, v]): [string, string] => [n, v]),
      });
    },
    destroy: () => {},
  });
}

function fill(chunks: readonly Uint8Array[]) {
  return (controller: ReadableStreamDefaultController<Uint8Array>) => {
    for (const chunk of chunks) controller.enqueue(chunk);
    controller.close();
  };
}
