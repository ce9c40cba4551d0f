import { json, type RequestHandler, Router } from "express";
import type { DeploymentPlay } from "./deployment/play.ts";
import { NO_FAULT, readFault } from "./faults/index.ts";
import type { FaultSwitch } from "./faults/switch.ts";

const LOOPBACK_PEERS = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * Whether the caller is on this machine. The Host header is held against it too: a web page can
 * make a browser here call 127.0.0.1 under a name of its own.
 */
export const loopbackOnly: RequestHandler = (request, response, next) => {
  const peer = request.socket.remoteAddress ?? "";
  if (LOOPBACK_PEERS.has(peer) && LOOPBACK_HOST.test(request.get("host") ?? "")) return next();
  response.status(403).json({ error: "faults are switched from this machine only" });
  return undefined;
};

export interface AdminOptions {
  readonly faults: FaultSwitch;
  readonly deployments: DeploymentPlay;
}

/** `/fault`: `GET` tells which is on, `POST {"fault": name}` switches. `/deployment`: see below. */
export function createAdmin({ faults, deployments }: AdminOptions): Router {
  const router = Router();
  router.use(loopbackOnly, json(), deploymentAdmin(deployments));
  router.get("/fault", (_request, response) => {
    response.json({ fault: faults.fault ?? NO_FAULT });
  });
  router.post("/fault", (request, response) => {
    const read = readFault((request.body as { fault?: unknown } | undefined)?.fault);
    if (!read.ok) {
      response.status(400).json({ error: read.problem });
      return;
    }
    faults.set(read.fault);
    response.json({ fault: read.fault ?? NO_FAULT });
  });
  return router;
}

/** `GET` tells how far it is; `POST {"action": "start" | "hold" | "release"}` plays one. */
function deploymentAdmin(deployments: DeploymentPlay): Router {
  const router = Router();
  const tell = () => ({
    ...deployments.now,
    held: deployments.isHeld,
    gapMs: deployments.times.gapMs,
    coldMs: deployments.times.coldMs,
  });
  router.get("/deployment", (_request, response) => void response.json(tell()));
  router.post("/deployment", (request, response) => {
    const problem = act(deployments, (request.body as { action?: unknown } | undefined)?.action);
    if (problem === null) response.json(tell());
    else response.status(409).json({ error: problem });
  });
  return router;
}

/** What is in the way; null when nothing was. */
function act(deployments: DeploymentPlay, action: unknown): string | null {
  switch (action) {
    case "start":
    case "hold":
      if (deployments.start({ hold: action === "hold" })) return null;
      return deployments.isHeld
        ? "a deployment is held already; --release lets it end"
        : "a deployment goes on already; it ends by itself";
    case "release":
      return deployments.release() ? null : "no deployment is held";
    default:
      return `there is no action ${JSON.stringify(action)?.slice(0, 60) ?? "nothing"}; use start, hold or release`;
  }
}
