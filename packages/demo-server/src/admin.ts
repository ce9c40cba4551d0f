import { json, type RequestHandler, Router } from "express";
import { NO_FAULT, readFault } from "./faults/index.ts";
import type { FaultSwitch } from "./faults/switch.ts";

const LOOPBACK_PEERS = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * Whether the caller is on this machine. The Host header is held against it too: a web page can
 * make a browser here call 127.0.0.1 under a name of its own.
 */
const loopbackOnly: RequestHandler = (request, response, next) => {
  const peer = request.socket.remoteAddress ?? "";
  if (LOOPBACK_PEERS.has(peer) && LOOPBACK_HOST.test(request.get("host") ?? "")) return next();
  response.status(403).json({ error: "faults are switched from this machine only" });
  return undefined;
};

/** `GET` tells which fault is on; `POST {"fault": name}` switches. */
export function createAdmin(faults: FaultSwitch): Router {
  const router = Router();
  router.use(loopbackOnly, json());
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
