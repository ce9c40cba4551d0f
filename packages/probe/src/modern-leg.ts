import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { MODERN_VERSION } from "@vigil/core";
import {
  ASK_FOR_PROGRESS,
  CLIENT_NAME,
  type LegClient,
  type LegClientOptions,
  NO_SCHEMA_VALIDATION,
  RECONNECTION,
  SDK_TIMEOUT_MS,
} from "./leg-client.ts";

/**
 * Revision 2026-07-28, by the v2 SDK, pinned: its `auto` falls back to the legacy era on answers
 * that say nothing of the era, and would hide them.
 */
export function createModernLeg({ url, fetch, send, version }: LegClientOptions): LegClient {
  const client = new Client(
    { name: CLIENT_NAME, version },
    {
      capabilities: {},
      versionNegotiation: { mode: { pin: MODERN_VERSION } },
      // A tool that keeps asking would be called over and over.
      inputRequired: { autoFulfill: false },
      jsonSchemaValidator: NO_SCHEMA_VALIDATION,
    },
  );
  const transport = new StreamableHTTPClientTransport(url, {
    fetch,
    reconnectionOptions: RECONNECTION,
  });
  const options = { timeout: SDK_TIMEOUT_MS };
  return {
    negotiate: () => client.connect(transport, options),
    // listTools() sends nothing when the capability is missing, and callTool() repeats after
    // -32020: both are asked for by name instead.
    listTools: (cursor) =>
      client.request({ method: "tools/list", params: cursor === null ? {} : { cursor } }, options),
    callTool: (name, args) =>
      client.request({ method: "tools/call", params: { name, arguments: { ...args } } }, options),
    streamTool: (name, args) =>
      client.request(
        { method: "tools/call", params: { name, arguments: { ...args } } },
        { ...options, ...ASK_FOR_PROGRESS },
      ),
    get: (at, signal) =>
      send(at, { method: "GET", headers: { accept: "text/event-stream" }, signal }),
    endSession: () => null,
    // A client that is still negotiating does not know its transport yet, and would leave it open.
    close: () => Promise.allSettled([client.close(), transport.close()]),
  };
}
