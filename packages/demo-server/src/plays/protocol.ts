import type { PROTOCOL } from "../faults/protocol.ts";
import {
  json,
  type Play,
  reply,
  replyError,
  type Struck,
  send,
  toMethod,
  toOpening,
  toRequests,
} from "./play.ts";

/** A revision that never was. */
const NO_VERSION = "1999-01-01";
const TOOLS_ONLY = { capabilities: { tools: {} } };
const VERSION_RESULTS: Readonly<Record<string, object>> = {
  initialize: {
    protocolVersion: NO_VERSION,
    ...TOOLS_ONLY,
    serverInfo: { name: "vigil-demo", version: "0.0.1" },
  },
  "server/discover": { supportedVersions: [NO_VERSION], ...TOOLS_ONLY },
};

/** Each side of the server refuses its own era, as a server of the other one would. */
const refuseEra = (struck: Struck): void =>
  struck.method === "initialize"
    ? replyError(
        struck,
        {
          code: -32022,
          message: "Unsupported protocol version: 2025-11-25",
          data: { supported: ["2026-07-28"], requested: "2025-11-25" },
        },
        400,
      )
    : send(
        struck.response,
        json(
          {
            jsonrpc: "2.0",
            error: { code: -32000, message: "Bad Request: Server not initialized" },
            id: null,
          },
          400,
        ),
      );

const rejectOpening = (struck: Struck): void =>
  struck.method === "initialize"
    ? replyError(struck, { code: -32603, message: "Internal error" })
    : replyError(
        struck,
        {
          code: -32021,
          message: "Missing required client capability: elicitation",
          data: { requiredCapabilities: { elicitation: {} } },
        },
        400,
      );

const forgetSession: Play = ({ headers, response, leave }) => {
  if (headers["mcp-session-id"] === undefined) return leave();
  const error = { code: -32001, message: "Session not found" };
  send(response, json({ jsonrpc: "2.0", error, id: null }, 404));
  return undefined;
};

const MODERN_HEADER = "mcp-method";
const HEADER_MISMATCH = {
  code: -32020,
  message: "Header mismatch: Mcp-Method is missing",
};

export const PROTOCOL_PLAYS: Readonly<Record<keyof typeof PROTOCOL, Play>> = {
  "version-mismatch": toOpening((struck) =>
    reply(struck, VERSION_RESULTS[String(struck.method)] ?? {}),
  ),
  "era-mismatch": toOpening(refuseEra),
  "negotiation-rejected": toOpening(rejectOpening),
  "header-mismatch": toRequests((struck) =>
    struck.headers[MODERN_HEADER] === undefined
      ? struck.leave()
      : replyError(struck, HEADER_MISMATCH, 400),
  ),
  "session-lost": forgetSession,
  "malformed-json": toRequests(({ response, id }) =>
    send(
      response,
      json(`INFO request taken\n${JSON.stringify({ jsonrpc: "2.0", id, result: {} })}`),
    ),
  ),
  "invalid-jsonrpc": toRequests((struck) =>
    reply({ ...struck, id: `id-${String(struck.id)}` }, {}),
  ),
  "invalid-result": toMethod("tools/list", (struck) =>
    reply(struck, { tools: struck.tools.map(({ inputSchema: _, ...tool }) => tool) }),
  ),
  "rpc-error": toMethod("tools/list", (struck) =>
    replyError(struck, { code: -32603, message: "Internal error" }),
  ),
  "pagination-loop": toMethod("tools/list", (struck) =>
    reply(struck, { tools: struck.tools, nextCursor: "page-1" }),
  ),
};
