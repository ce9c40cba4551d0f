import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { text } from "node:stream/consumers";
import { McpServer as V1Server } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createMcpHandler, McpServer as V2Server } from "@modelcontextprotocol/server";
import { HttpTransport } from "@tmcp/transport-http";
import { McpServer as LiteServer, StreamableHttpTransport } from "mcp-lite";
import { McpServer as TinyServer } from "tmcp";

/** Servers that others wrote, each behind its own library, on loopback. */
export interface RealServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

type FetchHandler = (request: Request) => Promise<Response | null | undefined>;

const INFO = { name: "real", version: "1.0.0" };
const ok = () => ({ content: [{ type: "text" as const, text: "ok" }] });

export async function v1Stateless(): Promise<RealServer> {
  return serve((request, response) => answerV1(request, response, newV1Transport()));
}

export async function v1Stateful(): Promise<RealServer> {
  const sessions = new Map<string, Promise<StreamableHTTPServerTransport>>();
  return serve(async (request, response) => {
    const id = request.headers["mcp-session-id"];
    const known = typeof id === "string" ? sessions.get(id) : undefined;
    const transport = known ?? newV1Transport((made, session) => sessions.set(session, made));
    await answerV1(request, response, transport);
  });
}

async function newV1Transport(
  keep?: (made: Promise<StreamableHTTPServerTransport>, id: string) => void,
): Promise<StreamableHTTPServerTransport> {
  const server = new V1Server(INFO);
  server.registerTool("sentinel", { description: "says ok" }, ok);
  const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport(
    keep === undefined
      ? {}
      : {
          sessionIdGenerator: () => crypto.randomUUID(),
          onsessioninitialized: (id) => keep(Promise.resolve(transport), id),
        },
  );
  // The SDK's own transport type is not assignable under exactOptionalPropertyTypes.
  await server.connect(transport as Parameters<V1Server["connect"]>[0]);
  return transport;
}

async function answerV1(
  request: IncomingMessage,
  response: ServerResponse,
  transport: Promise<StreamableHTTPServerTransport>,
): Promise<void> {
  await (await transport).handleRequest(request, response);
}

export async function v2(legacy: "stateless" | "reject"): Promise<RealServer> {
  const handler = createMcpHandler(
    () => {
      const server = new V2Server(INFO);
      server.registerTool("sentinel", { description: "says ok" }, ok);
      return server;
    },
    { legacy },
  );
  return serveFetch((request) => handler.fetch(request));
}

export async function mcpLite(): Promise<RealServer> {
  const server = new LiteServer(INFO);
  server.tool("sentinel", { description: "says ok", handler: ok });
  return serveFetch(new StreamableHttpTransport().bind(server));
}

export async function tmcp(): Promise<RealServer> {
  const server = new TinyServer(
    { ...INFO, description: "a tiny server" },
    { adapter: undefined, capabilities: { tools: {} } },
  );
  server.tool({ name: "sentinel", description: "says ok" }, ok);
  const transport = new HttpTransport(server, { path: "/mcp" });
  return serveFetch((request) => transport.respond(request));
}

/** The reference server, as its authors start it. */
export async function everything(): Promise<RealServer> {
  const port = await freePort();
  const main = createRequire(import.meta.url).resolve(
    "@modelcontextprotocol/server-everything/dist/index.js",
  );
  const child = spawn(process.execPath, [main, "streamableHttp"], {
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for await (const line of child.stderr) if (String(line).includes("listening")) break;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    close: async () => {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function serveFetch(handler: FetchHandler): Promise<RealServer> {
  return serve(async (incoming, outgoing) => {
    const { method = "GET" } = incoming;
    const body = method === "POST" ? await text(incoming) : null;
    const request = new Request(`http://127.0.0.1${incoming.url}`, {
      method,
      body,
      headers: Object.entries(incoming.headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]),
    });
    const response = (await handler(request)) ?? new Response(null, { status: 404 });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.flushHeaders();
    for await (const chunk of response.body ?? []) outgoing.write(chunk);
    outgoing.end();
  });
}

async function serve(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<RealServer> {
  const server: Server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
