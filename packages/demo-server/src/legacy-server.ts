import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
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

export interface ServerOptions {
  readonly faults: FaultSwitch;
  readonly lookup: Lookup | null;
}

/** A server of the v1 SDK with all tools. */
export function createLegacyServer({ faults, lookup }: ServerOptions): McpServer {
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
  if (lookup !== null) server.registerTool("lookup", LOOKUP, lookup);
  return server;
}
