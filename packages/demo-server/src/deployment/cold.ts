import type { Socket } from "node:net";
import type { RequestHandler } from "express";
import type { DeploymentPlay } from "./play.ts";

/** Nothing is provisioned while a deployment's gap is open: whoever comes anew waits for an environment. */
export function playColdStarts(play: DeploymentPlay): RequestHandler {
  const served = new WeakSet<Socket>();
  return ({ socket }, response, next) => {
    const isCold = play.isOpen && !served.has(socket);
    served.add(socket);
    if (!isCold) return next();
    const timer = setTimeout(next, play.times.coldMs);
    response.on("close", () => clearTimeout(timer));
    return undefined;
  };
}
