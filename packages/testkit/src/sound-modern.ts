import { MODERN_VERSION } from "@vigil/core";
import {
  answerTo,
  emptyReply,
  errorReply,
  type Framing,
  resultReply,
  type WireReply,
  withHeaders,
} from "./messages.ts";
import type { RecordedRequest, RpcRequest } from "./request.ts";
import type { Script } from "./server.ts";
import { nullIdError } from "./sound-legacy.ts";
import { argumentsOf, findTool, SERVER_INFO, toolPage } from "./tools.ts";

export interface ModernOptions {
  readonly framing?: Framing;
  /** Changes what a sound server was about to answer. */
  readonly edit?: (request: RecordedRequest, reply: WireReply) => WireReply;
}

const META = "io.modelcontextprotocol";
export const VERSION_META = `${META}/protocolVersion`;
export const CAPABILITIES_META = `${META}/clientCapabilities`;
export const SERVER_META = `${META}/serverInfo`;

/** A modern-only server (2026-07-28): stateless, and strict about headers and `_meta`. */
export function soundModern(options: ModernOptions = {}): Script {
  const { framing = "json", edit = (_request, reply) => reply } = options;
  return (request) => answerTo(request, edit(request, replyModern(request)), framing);
}

function replyModern(request: RecordedRequest): WireReply {
  if (request.httpMethod !== "POST") {
    return withHeaders(nullIdError(405, -32000, "Method not allowed."), [["allow", "POST"]]);
  }
  const { rpc } = request;
  if (rpc === null) return nullIdError(400, -32700, "Parse error: Invalid JSON");
  if (rpc.method === "initialize") return unsupported(request, rpc.params.protocolVersion);
  if (rpc.id === null) return emptyReply(202);
  return refuse(request, rpc) ?? replyTo(request, rpc);
}

function unsupported(request: RecordedRequest, requested: unknown): WireReply {
  return errorReply(request, 400, {
    code: -32022,
    message: `Unsupported protocol version: ${requested}`,
    data: { supported: [MODERN_VERSION], requested },
  });
}

/** The checks that come before a method is looked up; null when all hold. */
function refuse(request: RecordedRequest, rpc: RpcRequest): WireReply | null {
  const meta = argumentsOf(rpc.params._meta);
  const missing = [VERSION_META, CAPABILITIES_META].filter((key) => !(key in meta));
  if (missing.length > 0) return envelopeMissing(request, missing);
  const mismatch = findMismatch(request, rpc, meta[VERSION_META]);
  if (mismatch !== null) return headerMismatch(request, mismatch);
  return meta[VERSION_META] === MODERN_VERSION ? null : unsupported(request, meta[VERSION_META]);
}

function envelopeMissing(request: RecordedRequest, missing: readonly string[]): WireReply {
  return errorReply(request, 400, {
    code: -32602,
    message: `Invalid params: the request is missing the required per-request envelope key(s): ${missing.join(", ")}`,
    data: { envelope: { missing } },
  });
}

/** What the headers say otherwise than the body; null when they agree. */
function findMismatch(request: RecordedRequest, rpc: RpcRequest, version: unknown): string | null {
  const { headers } = request;
  const wanted: readonly (readonly [header: string, value: unknown])[] = [
    ["MCP-Protocol-Version", version],
    ["Mcp-Method", rpc.method],
    ...(rpc.method === "tools/call" ? ([["Mcp-Name", rpc.params.name]] as const) : []),
  ];
  const broken = wanted.find(([header, value]) => headers[header.toLowerCase()] !== value);
  if (broken === undefined) return null;
  const [header, value] = broken;
  const found = headers[header.toLowerCase()];
  const state = found === undefined ? "header is absent" : `header names ${found}`;
  return `the body names ${value} but the required ${header} ${state}`;
}

export function headerMismatch(request: RecordedRequest, mismatch: string): WireReply {
  return errorReply(request, 400, {
    code: -32020,
    message: `Bad Request: the request headers and body disagree: ${mismatch}`,
    data: { mismatch: { header: "(missing)", body: mismatch } },
  });
}

const CACHEABLE = { ttlMs: 0, cacheScope: "private" } as const;

function replyTo(request: RecordedRequest, { method, params }: RpcRequest): WireReply {
  switch (method) {
    case "server/discover":
      return complete(request, {
        supportedVersions: [MODERN_VERSION],
        capabilities: { tools: { listChanged: true } },
        ...CACHEABLE,
      });
    case "tools/list": {
      const page = toolPage(params.cursor);
      if (page !== null) return complete(request, { ...page, ...CACHEABLE });
      return errorReply(request, 200, { code: -32602, message: "Invalid cursor" });
    }
    case "tools/call": {
      const tool = findTool(params.name);
      if (tool !== null) return complete(request, tool.call(argumentsOf(params.arguments)));
      return errorReply(request, 200, { code: -32602, message: `Tool ${params.name} not found` });
    }
    default:
      return errorReply(request, 404, { code: -32601, message: "Method not found" });
  }
}

function complete(request: RecordedRequest, result: object): WireReply {
  return resultReply(request, {
    ...result,
    resultType: "complete",
    _meta: { [SERVER_META]: SERVER_INFO },
  });
}
