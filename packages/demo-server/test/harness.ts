import type { AddressInfo } from "node:net";
import {
  Client as ModernClient,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { onTestFinished } from "vitest";
import { type AppOptions, createApp } from "../src/app.ts";
import type { FaultName } from "../src/faults/index.ts";
import { FaultSwitch } from "../src/faults/switch.ts";

export const MODERN_VERSION = "2026-07-28";
export const ERAS = ["legacy", "modern"] as const;
export type Era = (typeof ERAS)[number];

export interface Running {
  readonly origin: string;
  /** Where it speaks MCP. */
  readonly url: string;
  readonly faults: FaultSwitch;
  readonly sessions: () => number | null;
}

export const STATELESS = { kind: "stateless" } as const;

export interface StartOptions extends Partial<AppOptions> {
  readonly fault?: FaultName;
}

/** The demo server on loopback, until the test has finished. */
export async function start({ fault, ...options }: StartOptions = {}): Promise<Running> {
  const faults = options.faults ?? new FaultSwitch(fault ?? null);
  const { app, sessions, close } = createApp({
    faults,
    era: "dual",
    keeping: { kind: "memory" },
    lookup: null,
    initType: "local",
    inLambda: false,
    deployment: { gapMs: 45_000, coldMs: 20_000 },
    now: () => 0,
    ...options,
  });
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, url: `${origin}/mcp`, faults, sessions };
}

export interface Progress {
  readonly progress: number;
  readonly total?: number | undefined;
}

/** What these tests ask of either SDK's client. */
export interface TestClient {
  readonly version: () => string | undefined;
  readonly sessionId: () => string | undefined;
  listTools(): Promise<string[]>;
  call(
    name: string,
    args?: Record<string, unknown>,
    onprogress?: (progress: Progress) => void,
  ): Promise<Record<string, unknown>>;
  /** Ends the session as a good client does. */
  leave(): Promise<void>;
}

const INFO = { name: "test", version: "0.0.0" };

async function connectLegacy(url: string): Promise<TestClient> {
  const client = new LegacyClient(INFO);
  const transport = new LegacyTransport(new URL(url));
  onTestFinished(() => client.close());
  let version: string | undefined;
  transport.setProtocolVersion = (negotiated) => {
    version = negotiated;
  };
  await client.connect(transport as Parameters<LegacyClient["connect"]>[0]);
  return {
    version: () => version,
    sessionId: () => transport.sessionId,
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name, args = {}, onprogress) =>
      client.callTool({ name, arguments: args }, undefined, onprogress && { onprogress }),
    leave: () => transport.terminateSession(),
  };
}

async function connectModern(url: string): Promise<TestClient> {
  const client = new ModernClient(INFO, { versionNegotiation: { mode: { pin: MODERN_VERSION } } });
  const transport = new StreamableHTTPClientTransport(new URL(url));
  onTestFinished(() => client.close());
  await client.connect(transport);
  return {
    version: () => client.getNegotiatedProtocolVersion(),
    sessionId: () => transport.sessionId,
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name, args = {}, onprogress) =>
      client.callTool({ name, arguments: args }, onprogress && { onprogress }),
    leave: async () => {},
  };
}

/** A connected client of the era's own official SDK. */
export const connect: Readonly<Record<Era, (url: string) => Promise<TestClient>>> = {
  legacy: connectLegacy,
  modern: connectModern,
};

const META = {
  "io.modelcontextprotocol/protocolVersion": MODERN_VERSION,
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": INFO,
};

type Params = Readonly<Record<string, unknown>>;

/** One JSON-RPC request as the era writes it, without any SDK. */
export function ask(url: string, era: Era, method: string, params: Params = {}): Promise<Response> {
  const modern = era === "modern";
  const { _meta, ...rest } = params;
  const meta = modern ? { _meta: { ...META, ...(_meta as object) } } : {};
  return post(
    url,
    JSON.stringify({ jsonrpc: "2.0", id: 7, method, params: { ...rest, ...meta } }),
    {
      ...(modern && { "mcp-protocol-version": MODERN_VERSION, "mcp-method": method }),
      ...(modern && typeof rest["name"] === "string" && { "mcp-name": rest["name"] }),
    },
  );
}

/** How a client of the era opens. */
export function open(url: string, era: Era): Promise<Response> {
  return era === "modern"
    ? ask(url, era, "server/discover")
    : ask(url, era, "initialize", {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: INFO,
      });
}

export function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body,
  });
}

/** The JSON-RPC message of an answer, whether it came as JSON or as one event. */
export async function messageOf(response: Response): Promise<unknown> {
  const body = await response.text();
  return JSON.parse(/^data: (.+)$/m.exec(body)?.[1] ?? body);
}
