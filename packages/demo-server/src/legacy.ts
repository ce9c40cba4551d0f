import { randomUUID } from "node:crypto";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Request, Response } from "express";
import type { FaultSwitch } from "./faults.ts";
import { SessionRegistry } from "./sessions.ts";
import { ECHO, type Notify, PROGRESS, SENTINEL, SERVER_INFO, told } from "./tools.ts";

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
      if (request.method === "GET")
        return refuse(response.set("allow", "POST, DELETE"), NO_GET_STREAM);
      const id = request.get("mcp-session-id");
      const known = id === undefined ? undefined : sessions.get(id);
      if (id !== undefined && known === undefined && !stateless)
        return refuse(response, NO_SESSION);
      const transport = known ?? (await open());
      if (stateless) response.on("close", () => void transport.close());
      await transport.handleRequest(request, response, request.body);
    },
    sessions: () => sessions.size,
    close: () => sessions.closeAll(),
  };
}

/** What the protocol wants for a session that this process does not know. */
const NO_SESSION = { status: 404, code: -32001, message: "Session not found" };
/**
 * Nothing is ever sent outside an answer, and an open GET would hold a Lambda environment, at its
 * full price, until the function's time-out.
 */
const NO_GET_STREAM = { status: 405, code: -32000, message: "Method not allowed" };

function refuse(response: Response, { status, code, message }: typeof NO_SESSION): void {
  response.status(status).json({ jsonrpc: "2.0", error: { code, message }, id: null });
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
        extra.sendNotification(
          token === undefined
            ? {
                method: "notifications/message",
                params: { level: "info", data: told(step, total) },
              }
            : {
                method: "notifications/progress",
                params: { progressToken: token, progress: step, total },
              },
        );
      return progress(args, { notify, signal: extra.signal });
    },
  );
  return server;
}
