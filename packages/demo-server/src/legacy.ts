import { randomUUID } from "node:crypto";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Request, Response } from "express";
import type { FaultSwitch } from "./faults.ts";
import { SessionRegistry } from "./sessions.ts";
import { ECHO, type Notify, PROGRESS, SENTINEL, SERVER_INFO } from "./tools.ts";

export interface LegacyOptions {
  readonly faults: FaultSwitch;
  /** Stateless: every request stands alone, so that any environment can answer it. */
  readonly stateless: boolean;
  readonly now: () => number;
}

export interface LegacySide {
  handle(request: Request, response: Response): Promise<void>;
  /** Open sessions in this process. */
  sessions(): number;
  close(): void;
}

/** Revisions up to 2025-11-25, on the v1 SDK. */
export function createLegacy({ faults, stateless, now }: LegacyOptions): LegacySide {
  const sessions = new SessionRegistry<StreamableHTTPServerTransport>({ now });
  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport(
      stateless
        ? {}
        : {
            sessionIdGenerator: randomUUID,
            onsessioninitialized: (id) => sessions.set(id, transport),
            onsessionclosed: (id) => sessions.delete(id),
          },
    );
    // The SDK's own transport type is not assignable under exactOptionalPropertyTypes.
    await createServer(faults).connect(transport as Parameters<McpServer["connect"]>[0]);
    return transport;
  };
  return {
    async handle(request, response) {
      const id = request.get("mcp-session-id");
      const known = id === undefined ? undefined : sessions.get(id);
      if (id !== undefined && known === undefined && !stateless) return refuse(response);
      const transport = known ?? (await open());
      if (stateless) response.on("close", () => void transport.close());
      await transport.handleRequest(request, response, request.body);
    },
    sessions: () => sessions.size,
    close: () => sessions.closeAll(),
  };
}

/** What the protocol wants for a session that this process does not know. */
function refuse(response: Response): void {
  response
    .status(404)
    .json({ jsonrpc: "2.0", error: { code: -32001, message: "Session not found" }, id: null });
}

function createServer(faults: FaultSwitch): McpServer {
  const server = new McpServer(SERVER_INFO, { capabilities: { tools: {}, logging: {} } });
  const { run: echo, inputSchema: echoInput, ...echoInfo } = ECHO;
  server.registerTool("echo", { ...echoInfo, inputSchema: echoInput }, (args) => echo(args));
  const { run: sentinel, ...sentinelInfo } = SENTINEL;
  server.registerTool("sentinel", sentinelInfo, () => sentinel(faults));
  const { run: progress, inputSchema: progressInput, ...progressInfo } = PROGRESS;
  server.registerTool(
    "progress",
    { ...progressInfo, inputSchema: progressInput },
    (args, extra) => {
      const token = extra._meta?.progressToken;
      const notify: Notify = (step, total) =>
        token === undefined
          ? extra.sendNotification({
              method: "notifications/message",
              params: { level: "info", data: `step ${step} of ${total}` },
            })
          : extra.sendNotification({
              method: "notifications/progress",
              params: { progressToken: token, progress: step, total },
            });
      return progress(args, notify);
    },
  );
  return server;
}
