import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { CallToolResultSchema, ListToolsResultSchema } from "@modelcontextprotocol/sdk/types.js";
import {
  ASK_FOR_PROGRESS,
  CLIENT_NAME,
  type LegClient,
  type LegClientOptions,
  NO_SCHEMA_VALIDATION,
  RECONNECTION,
  SDK_TIMEOUT_MS,
} from "./leg-client.ts";

/** Revisions up to 2025-11-25, by the v1 SDK. */
export function createLegacyLeg({ url, fetch, send, version }: LegClientOptions): LegClient {
  const client = new Client(
    { name: CLIENT_NAME, version },
    { capabilities: {}, jsonSchemaValidator: NO_SCHEMA_VALIDATION },
  );
  const transport = new StreamableHTTPClientTransport(url, {
    fetch,
    reconnectionOptions: RECONNECTION,
  });
  const options = { timeout: SDK_TIMEOUT_MS };
  return {
    // The SDK's own transport type is not assignable under exactOptionalPropertyTypes.
    negotiate: () => client.connect(transport as Transport, options),
    // v1's listTools() returns the first page only, and callTool() goes through tasks: both are
    // asked for by name instead.
    listTools: (cursor) =>
      client.request(
        { method: "tools/list", params: cursor === null ? {} : { cursor } },
        ListToolsResultSchema,
        options,
      ),
    callTool: (name, args) =>
      client.request(
        { method: "tools/call", params: { name, arguments: args } },
        CallToolResultSchema,
        options,
      ),
    streamTool: (name, args) =>
      client.request(
        { method: "tools/call", params: { name, arguments: args } },
        CallToolResultSchema,
        { ...options, ...ASK_FOR_PROGRESS },
      ),
    get: (at, signal) => {
      const { sessionId, protocolVersion } = transport;
      const headers = {
        accept: "text/event-stream",
        ...(sessionId !== undefined && { "mcp-session-id": sessionId }),
        ...(protocolVersion !== undefined && { "mcp-protocol-version": protocolVersion }),
      };
      return send(at, { method: "GET", headers, signal });
    },
    endSession: () => (transport.sessionId === undefined ? null : transport.terminateSession()),
    // A client that is still negotiating does not know its transport yet, and would leave it open.
    close: () => Promise.allSettled([client.close(), transport.close()]),
  };
}
