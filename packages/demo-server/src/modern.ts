import { type NodeMcpRequestHandler, toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, isLegacyRequest, McpServer } from "@modelcontextprotocol/server";
import type { Request as ExpressRequest } from "express";
import type { FaultSwitch } from "./faults/switch.ts";
import {
  ECHO,
  LOOKUP,
  type Lookup,
  type Notify,
  PROGRESS,
  SENTINEL,
  SERVER_INFO,
  told,
} from "./tools.ts";

export interface ModernOptions {
  readonly faults: FaultSwitch;
  readonly lookup: Lookup | null;
}

export interface ModernSide {
  handle: NodeMcpRequestHandler;
  close(): Promise<void>;
}

/** Revision 2026-07-28, on the v2 SDK: stateless, a server for each request. */
export function createModern(options: ModernOptions): ModernSide {
  const handler = createMcpHandler(() => createServer(options), { legacy: "reject" });
  return { handle: toNodeHandler(handler), close: () => handler.close() };
}

/**
 * Whether a request speaks a revision before 2026-07-28: by the SDK's own rule, but for a bare
 * `server/discover`, which no earlier revision has. Such a caller learns more from a modern error.
 */
export async function speaksLegacy(request: ExpressRequest): Promise<boolean> {
  const message = request.body as { method?: unknown } | undefined;
  if (message?.method === "server/discover") return false;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const { method } = request;
  return isLegacyRequest(new Request("http://localhost/mcp", { method, headers }), request.body);
}

function createServer({ faults, lookup }: ModernOptions): McpServer {
  const server = new McpServer(SERVER_INFO, { capabilities: { tools: {}, logging: {} } });
  const { run: echo, ...echoInfo } = ECHO;
  server.registerTool("echo", echoInfo, (args) => echo(args));
  const { run: sentinel, ...sentinelInfo } = SENTINEL;
  server.registerTool("sentinel", sentinelInfo, () => sentinel(faults));
  const { run: progress, ...progressInfo } = PROGRESS;
  server.registerTool("progress", progressInfo, (args, ctx) => {
    const token = ctx.mcpReq._meta?.progressToken;
    const notify: Notify = (step, total) =>
      token === undefined
        ? // Sent only when the request asks for logs, as this revision wants.
          ctx.mcpReq.log("info", told(step, total))
        : ctx.mcpReq.notify({
            method: "notifications/progress",
            params: { progressToken: token, progress: step, total },
          });
    return progress(args, { notify, signal: ctx.mcpReq.signal });
  });
  if (lookup !== null) server.registerTool("lookup", LOOKUP, lookup);
  return server;
}
