import { randomUUID } from "node:crypto";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import {
  type InitializeRequest,
  isInitializeRequest,
  LATEST_PROTOCOL_VERSION,
  SUPPORTED_PROTOCOL_VERSIONS,
} from "@modelcontextprotocol/sdk/types.js";
import type { Request, Response } from "express";
import { createLegacyServer, type ServerOptions } from "./legacy-server.ts";
import { SessionRegistry } from "./sessions.ts";
import type { SharedSessions } from "./shared-sessions.ts";

/** Who keeps the sessions of clients up to 2025-11-25. */
export type SessionKeeping =
  /** This environment: no other one knows them. */
  | { readonly kind: "memory" }
  /** Nobody: every request stands alone, so that any environment can answer it. */
  | { readonly kind: "stateless" }
  /** A store that every environment asks. */
  | { readonly kind: "shared"; readonly store: SharedSessions };

export interface LegacyOptions extends ServerOptions {
  readonly keeping: SessionKeeping;
  readonly now: () => number;
}

type Handle = (request: Request, response: Response) => Promise<void>;

interface Sessions {
  readonly handle: Handle;
  /** Open sessions in this process; null when it does not keep them. */
  size(): number | null;
  closeAll(): void;
}

export interface LegacySide {
  handle: Handle;
  /** Open sessions in this process; null when it does not keep them. */
  sessions(): number | null;
  close(): void;
}

/** Revisions up to 2025-11-25, on the v1 SDK. */
export function createLegacy(options: LegacyOptions): LegacySide {
  const { handle, size, closeAll } = createSessions(options);
  return {
    async handle(request, response) {
      if (request.method === "GET")
        return refuse(response.set("allow", "POST, DELETE"), NO_GET_STREAM);
      await handle(request, response);
    },
    sessions: size,
    close: closeAll,
  };
}

function createSessions(options: LegacyOptions): Sessions {
  const { keeping } = options;
  const alone = answerAlone(options);
  switch (keeping.kind) {
    case "memory":
      return inMemory(options);
    case "stateless":
      return { handle: alone, size: () => 0, closeAll: () => {} };
    case "shared":
      return { handle: inStore(keeping.store, alone), size: () => null, closeAll: () => {} };
    default:
      return keeping satisfies never;
  }
}

/** Joins a transport to a server of its own. */
function join(transport: StreamableHTTPServerTransport, options: ServerOptions): Promise<void> {
  // The SDK's own transport type is not assignable under exactOptionalPropertyTypes.
  return createLegacyServer(options).connect(transport as Parameters<McpServer["connect"]>[0]);
}

function inMemory(options: LegacyOptions): Sessions {
  const sessions = new SessionRegistry<StreamableHTTPServerTransport>({ now: options.now });
  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => sessions.set(id, transport),
      onsessionclosed: (id) => sessions.delete(id),
    });
    await join(transport, options);
    return transport;
  };
  return {
    async handle(request, response) {
      const id = request.get("mcp-session-id");
      const known = id === undefined ? undefined : sessions.get(id);
      if (id !== undefined && known === undefined) return refuse(response, NO_SESSION);
      const transport = known ?? (await open());
      await transport.handleRequest(request, response, request.body);
    },
    size: () => sessions.size,
    closeAll: () => sessions.closeAll(),
  };
}

/** Answers each request with a server and a transport of its own. */
function answerAlone(options: ServerOptions): Handle {
  return async (request, response) => {
    const transport = new StreamableHTTPServerTransport();
    response.on("close", () => void transport.close());
    await join(transport, options);
    await transport.handleRequest(request, response, request.body);
  };
}

/**
 * The store says whether there is such a session; the answer needs no more of it, so that any
 * environment gives it.
 */
function inStore(store: SharedSessions, answer: Handle): Handle {
  return async (request, response) => {
    const standing = await standingOf(request, store).catch(unknowable);
    switch (standing.kind) {
      case "opened":
        response.set("mcp-session-id", standing.id);
        return answer(request, response);
      case "known":
        return answer(request, response);
      case "ended":
        response.status(200).end();
        return undefined;
      case "refused":
        return refuse(response, standing.refusal);
      default:
        return standing satisfies never;
    }
  };
}

/** How a request stands to its session. */
type Standing =
  | { readonly kind: "opened"; readonly id: string }
  | { readonly kind: "known" | "ended" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

const refused = (refusal: Refusal): Standing => ({ kind: "refused", refusal });

async function standingOf(request: Request, store: SharedSessions): Promise<Standing> {
  const id = request.get("mcp-session-id");
  const opening = [request.body].flat().find(isInitializeRequest);
  if (id === undefined) {
    if (opening === undefined) return refused(NO_ID);
    return { kind: "opened", id: await store.open(settled(opening)) };
  }
  if (request.method === "DELETE") {
    return (await store.end(id)) ? { kind: "ended" } : refused(NO_SESSION);
  }
  if (!(await store.use(id))) return refused(NO_SESSION);
  return opening === undefined ? { kind: "known" } : refused(OPENED_ALREADY);
}

/** Whether there is such a session cannot be said: no 404, which would tell the client to open anew. */
function unknowable(error: unknown): Standing {
  console.error("sessions:", error);
  const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return refused({ status: 500, code: -32603, message: `Sessions cannot be looked up: ${why}` });
}

/** What `initialize` settles, by the SDK's own rule for the revision. */
function settled({ params: { protocolVersion, clientInfo, capabilities } }: InitializeRequest) {
  const known = SUPPORTED_PROTOCOL_VERSIONS.includes(protocolVersion);
  const negotiated = known ? protocolVersion : LATEST_PROTOCOL_VERSION;
  return { protocolVersion: negotiated, clientInfo, capabilities };
}

interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** What the protocol wants for a session that nobody knows. */
const NO_SESSION: Refusal = { status: 404, code: -32001, message: "Session not found" };
/** In the v1 SDK's own words. */
const NO_ID: Refusal = {
  status: 400,
  code: -32000,
  message: "Bad Request: Mcp-Session-Id header is required",
};
const OPENED_ALREADY: Refusal = {
  status: 400,
  code: -32600,
  message: "Invalid Request: Server already initialized",
};
/**
 * Nothing is ever sent outside an answer, and an open GET would hold a Lambda environment, at its
 * full price, until the function's time-out.
 */
const NO_GET_STREAM: Refusal = { status: 405, code: -32000, message: "Method not allowed" };

function refuse(response: Response, { status, code, message }: Refusal): void {
  response.status(status).json({ jsonrpc: "2.0", error: { code, message }, id: null });
}
