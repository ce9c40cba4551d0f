import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { createAdmin, loopbackOnly } from "./admin.ts";
import { playColdStarts } from "./deployment/cold.ts";
import { createLambdaApi } from "./deployment/lambda-api.ts";
import { DeploymentPlay, type DeploymentTimes } from "./deployment/play.ts";
import type { FaultSwitch } from "./faults/switch.ts";
import { createLegacy, type SessionKeeping } from "./legacy.ts";
import { createModern, speaksLegacy } from "./modern.ts";
import { playFaults } from "./plays/index.ts";
import type { Lookup } from "./tools.ts";

export const ERAS = ["dual", "legacy", "modern"] as const;
export type ServedEra = (typeof ERAS)[number];

export interface AppOptions {
  readonly faults: FaultSwitch;
  /** Of the deployments that are played. */
  readonly deployment: DeploymentTimes;
  readonly era: ServedEra;
  readonly keeping: SessionKeeping;
  /** The tool `lookup`; null where no table is configured. */
  readonly lookup: Lookup | null;
  /** `AWS_LAMBDA_INITIALIZATION_TYPE`, or `local` outside Lambda. */
  readonly initType: string;
  /** Then nothing can be switched or played by a call, and the Function URL answers for CORS. */
  readonly inLambda: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface App {
  readonly app: Express;
  /** Open legacy sessions in this process; null when it does not keep them. */
  readonly sessions: () => number | null;
  readonly close: () => Promise<void>;
}

/** The MCP server at `/mcp`, health at `/health` and at `/` for the adapter's readiness check. */
export function createApp(options: AppOptions): App {
  const { faults, era, inLambda } = options;
  // Shared by all requests of this environment: built once, at init.
  const legacy = createLegacy(options);
  const modern = createModern(options);
  const app = express();
  app.disable("x-powered-by");
  app.get(["/", "/health"], (_request, response) => {
    response.json({ status: "ok", era, sessions: legacy.sessions() });
  });
  if (!inLambda) {
    const deployments = new DeploymentPlay({ now: options.now, times: options.deployment });
    app.use("/admin", createAdmin({ faults, deployments }));
    app.use("/lambda", loopbackOnly, createLambdaApi(deployments));
    app.all("/mcp", cors(faults), playColdStarts(deployments));
  }
  app.all(
    "/mcp",
    refuseOtherMethods,
    tellInit(options),
    express.json({ limit: "1mb" }),
    playFaults(options),
    async (request, response) => {
      const asLegacy = era === "legacy" || (era === "dual" && (await speaksLegacy(request)));
      if (asLegacy) await legacy.handle(request, response);
      else await modern.handle(request, response, request.body);
    },
  );
  app.use(tellError);
  return {
    app,
    sessions: legacy.sessions,
    async close() {
      legacy.close();
      await modern.close();
    },
  };
}

const ALLOWED_HEADERS =
  "content-type, authorization, mcp-session-id, mcp-protocol-version, mcp-method, mcp-name, last-event-id";

/** For browsers. On Lambda the Function URL's own CORS settings do this; only one of them may. */
const cors =
  (faults: FaultSwitch): RequestHandler =>
  (request, response, next) => {
    if (faults.fault === "cors-blocked") return next();
    response.set({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
      "access-control-allow-headers": ALLOWED_HEADERS,
      "access-control-expose-headers": "mcp-session-id",
    });
    if (request.method !== "OPTIONS") return next();
    response.status(204).end();
    return undefined;
  };

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "DELETE"]);

/** Before the SDKs see them: a web-standard Request cannot even be made of TRACE. */
const refuseOtherMethods: RequestHandler = ({ method }, response, next) => {
  if (METHODS.has(method)) return next();
  const error = { code: -32000, message: "Method not allowed" };
  response.status(405).set("allow", "POST, DELETE").json({ jsonrpc: "2.0", error, id: null });
  return undefined;
};

/** Lambda initialises such environments ahead of any request: nobody waits for that. */
const INITIALISED_AHEAD = "provisioned-concurrency";

/**
 * Says on each answer how its environment was when the request came, so that a monitor can prove a
 * cold start instead of guessing one from latency: `cold; type=on-demand; since-init-ms=12` on the
 * first, `warm; type=on-demand` on all later ones.
 */
function tellInit({ faults, initType, now }: AppOptions): RequestHandler {
  let initAt = now();
  let cold = initType !== INITIALISED_AHEAD;
  return (_request, response, next) => {
    if (faults.playsCold) {
      initAt = now();
      cold = true;
    }
    const since = Math.round(now() - initAt);
    const word = cold ? `cold; type=${initType}; since-init-ms=${since}` : `warm; type=${initType}`;
    response.set("x-lambda-init", word);
    cold = false;
    next();
  };
}

/** What JSON-RPC says to a body that cannot be read; Express would answer with a page of HTML. */
const tellError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  const { status = 500, type } = error as { status?: number; type?: string };
  const [code, message] =
    type === "entity.parse.failed"
      ? [-32700, "Parse error: the body is no JSON object"]
      : status < 500
        ? [-32600, `Invalid request: ${type}`]
        : [-32603, "Internal error"];
  if (status >= 500) console.error(error);
  response.status(status).json({ jsonrpc: "2.0", error: { code, message }, id: null });
  return undefined;
};
