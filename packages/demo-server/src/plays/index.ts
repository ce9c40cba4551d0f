import type { RequestHandler } from "express";
import { z } from "zod";
import type { FaultName } from "../faults/index.ts";
import type { FaultSwitch } from "../faults/switch.ts";
import { ECHO, LOOKUP, type Lookup, PROGRESS, SENTINEL } from "../tools.ts";
import { FRONT_DOOR_PLAYS } from "./front-door.ts";
import { HOSTING_PLAYS } from "./hosting.ts";
import type { ListedTool, Play } from "./play.ts";
import { PROTOCOL_PLAYS } from "./protocol.ts";
import { TIME_PLAYS, TOOL_PLAYS } from "./tools.ts";

const PLAYS: Readonly<Record<FaultName, Play>> = {
  ...FRONT_DOOR_PLAYS,
  ...HOSTING_PLAYS,
  ...PROTOCOL_PLAYS,
  ...TOOL_PLAYS,
  ...TIME_PLAYS,
};

interface Message {
  readonly method?: unknown;
  readonly id?: unknown;
  readonly params?: unknown;
}

export interface PlayOptions {
  readonly faults: FaultSwitch;
  readonly lookup: Lookup | null;
}

/**
 * Stands before the real servers and answers in their place where the fault that is on says so. The
 * servers know nothing of it, so that none mends every fault at once, in open sessions too.
 */
export function playFaults({ faults, lookup }: PlayOptions): RequestHandler {
  const tools = { legacy: listed(lookup, "legacy"), modern: listed(lookup, "modern") };
  return (request, response, next) => {
    const coldMs = faults.takeDelayMs();
    if (faults.fault === null) return next();
    const { method, id, params } = (request.body ?? {}) as Message;
    const { method: httpMethod, headers } = request;
    const era = headers["mcp-method"] === undefined ? "legacy" : "modern";
    const leave = () => next();
    PLAYS[faults.fault]({
      httpMethod,
      headers,
      method,
      id,
      params,
      response,
      coldMs,
      tools: tools[era],
      leave,
    });
    return undefined;
  };
}

/** The tools as the era's own SDK lists them, so that a fault changes nothing but what it is about. */
function listed(lookup: Lookup | null, era: keyof typeof DIALECTS): readonly ListedTool[] {
  const { target, more } = DIALECTS[era];
  const tools = { echo: ECHO, sentinel: SENTINEL, progress: PROGRESS, lookup: LOOKUP };
  return Object.entries(tools)
    .filter(([name]) => name !== "lookup" || lookup !== null)
    .map(([name, tool]) => ({
      name,
      description: tool.description,
      inputSchema:
        "inputSchema" in tool
          ? z.toJSONSchema(tool.inputSchema, { io: "input", target })
          : { type: "object", properties: {} },
      annotations: tool.annotations,
      ...more,
    }));
}

const DIALECTS = {
  legacy: { target: "draft-7", more: { execution: { taskSupport: "forbidden" } } },
  modern: { target: "draft-2020-12", more: {} },
} as const;
