import { LEGACY_VERSIONS } from "@vigil/core";
import type { Headers } from "./answer.ts";
import {
  answerTo,
  emptyReply,
  errorReply,
  type Framing,
  resultReply,
  type WireReply,
  withHeaders,
} from "./messages.ts";
import type { RecordedRequest } from "./request.ts";
import type { Script } from "./server.ts";
import { argumentsOf, findTool, SERVER_INFO, toolPage } from "./tools.ts";

export interface LegacyOptions {
  readonly framing?: Framing;
  /** Opens an `Mcp-Session-Id` and asks for it afterwards. */
  readonly stateful?: boolean;
  /** Changes what a sound server was about to answer. */
  readonly edit?: (request: RecordedRequest, reply: WireReply) => WireReply;
}

/** A legacy server as the official SDK's serves: `initialize` first, sessions on request. */
export function soundLegacy(options: LegacyOptions = {}): Script {
  const { framing = "json", stateful = true, edit = (_request, reply) => reply } = options;
  const sessions = createSessions(stateful);
  return (request) => answerTo(request, edit(request, replyLegacy(request, sessions)), framing);
}

interface Sessions {
  open(): Headers;
  /** Null when the request may pass. */
  refuse(request: RecordedRequest): WireReply | null;
  end(request: RecordedRequest): WireReply;
}

const SESSION_HEADER = "mcp-session-id";

function createSessions(stateful: boolean): Sessions {
  const ids = new Set<string>();
  let opened = 0;
  return {
    open() {
      if (!stateful) return [];
      opened += 1;
      const id = `0f5a1a52-8d0c-4c0e-9f7e-${String(opened).padStart(12, "0")}`;
      ids.add(id);
      return [[SESSION_HEADER, id]];
    },
    refuse(request) {
      if (!stateful) return null;
      const id = request.headers[SESSION_HEADER];
      if (id === undefined) return badRequest("Bad Request: Mcp-Session-Id header is required");
      return ids.has(id) ? null : sessionNotFound();
    },
    end(request) {
      return ids.delete(request.headers[SESSION_HEADER] ?? "")
        ? emptyReply(200)
        : sessionNotFound();
    },
  };
}

function badRequest(message: string): WireReply {
  return nullIdError(400, -32000, message);
}

export function sessionNotFound(): WireReply {
  return nullIdError(404, -32001, "Session not found");
}

/** What official servers answer before they have read a request's id. */
export function nullIdError(status: number, code: number, message: string): WireReply {
  return { status, headers: [], message: { jsonrpc: "2.0", error: { code, message }, id: null } };
}

function replyLegacy(request: RecordedRequest, sessions: Sessions): WireReply {
  if (request.httpMethod === "DELETE") return sessions.end(request);
  if (request.httpMethod !== "POST") {
    return withHeaders(nullIdError(405, -32000, "Method not allowed."), [
      ["allow", "POST, DELETE"],
    ]);
  }
  if (request.rpc === null) return acceptAnswer(request);
  if (request.rpc.method === "initialize") {
    return withHeaders(initialize(request), sessions.open());
  }
  return sessions.refuse(request) ?? replyInSession(request);
}

/** A client answers requests of the server by POST. */
function acceptAnswer({ body }: RecordedRequest): WireReply {
  return /"(result|error)":/.test(body)
    ? emptyReply(202)
    : nullIdError(400, -32700, "Parse error: Invalid JSON");
}

function initialize(request: RecordedRequest): WireReply {
  const asked = request.rpc?.params.protocolVersion;
  const known = LEGACY_VERSIONS.find((version) => version === asked);
  return resultReply(request, {
    protocolVersion: known ?? LEGACY_VERSIONS[0],
    capabilities: { tools: { listChanged: true } },
    serverInfo: SERVER_INFO,
  });
}

function replyInSession(request: RecordedRequest): WireReply {
  const { method, id, params } = request.rpc ?? { method: "", id: null, params: {} };
  if (id === null) return emptyReply(202);
  switch (method) {
    case "ping":
      return resultReply(request, {});
    case "tools/list":
      return listTools(request, params.cursor);
    case "tools/call":
      return callTool(request, params);
    default:
      return errorReply(request, 200, { code: -32601, message: "Method not found" });
  }
}

function listTools(request: RecordedRequest, cursor: unknown): WireReply {
  const page = toolPage(cursor);
  if (page !== null) return resultReply(request, page);
  return errorReply(request, 200, { code: -32602, message: "Invalid cursor" });
}

function callTool(
  request: RecordedRequest,
  { name, arguments: args }: Readonly<Record<string, unknown>>,
): WireReply {
  const tool = findTool(name);
  if (tool !== null) return resultReply(request, tool.call(argumentsOf(args)));
  const message = `MCP error -32602: Tool ${name} not found`;
  return resultReply(request, { content: [{ type: "text", text: message }], isError: true });
}
