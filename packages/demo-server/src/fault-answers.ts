import type { RequestHandler, Response } from "express";
import type { FaultName, FaultSwitch } from "./faults.ts";

/** A revision that never was. */
const NO_VERSION = "1999-01-01";

/**
 * Stands before the real servers and answers in their place where the fault that is on says so.
 * `tool-permission` is not here: it is the tool's own answer.
 */
export function playFaults(faults: FaultSwitch): RequestHandler {
  return (request, response, next) => {
    const delayMs = faults.takeDelayMs();
    if (delayMs > 0) {
      const timer = setTimeout(next, delayMs);
      response.on("close", () => clearTimeout(timer));
      return;
    }
    const message = request.body as { method?: unknown; id?: unknown } | undefined;
    const { fault } = faults;
    if (fault === null || !answer(fault, message ?? {}, response)) next();
  };
}

interface Message {
  readonly method?: unknown;
  readonly id?: unknown;
}

/** Answers in the servers' place; false when this request is left to them. */
function answer(fault: FaultName, { method, id }: Message, response: Response): boolean {
  switch (fault) {
    case "adapter-missing":
      // What a plain handler behind the URL would say to anything.
      response.status(200).json("Hello from Lambda!");
      return true;
    case "version-mismatch":
      return reply(response, id, OLD_VERSIONS[String(method)]);
    case "tools-empty":
      return reply(response, id, method === "tools/list" ? NO_TOOLS : undefined);
    case "streaming-off":
      if (id === undefined) return false;
      // Not by Express's own means, which would add a charset that real streams have not.
      response.writeHead(200, { "content-type": "text/event-stream" }).end();
      return true;
    case "tool-permission":
    case "cold-start":
      return false;
    default:
      return fault satisfies never;
  }
}

const MODERN_LIST = { resultType: "complete", ttlMs: 0, cacheScope: "private" } as const;
/** Good in both eras: the older one ignores what it does not know. */
const NO_TOOLS = { ...MODERN_LIST, tools: [] };
const OLD_VERSIONS: Readonly<Record<string, object>> = {
  initialize: {
    protocolVersion: NO_VERSION,
    capabilities: { tools: {} },
    serverInfo: { name: "vigil-demo", version: "0.0.1" },
  },
  "server/discover": {
    ...MODERN_LIST,
    supportedVersions: [NO_VERSION],
    capabilities: { tools: {} },
  },
};

function reply(response: Response, id: unknown, result: object | undefined): boolean {
  if (result === undefined) return false;
  response.status(200).json({ jsonrpc: "2.0", id, result });
  return true;
}
