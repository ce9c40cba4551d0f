import type { TIME } from "../faults/time.ts";
import type { TOOLS } from "../faults/tools.ts";
import { type ListedTool, type Play, reply, type Struck, toMethod } from "./play.ts";

/** Answers tools/list with what `edit` makes of the list. */
const relist = (edit: (tools: readonly ListedTool[]) => readonly object[]): Play =>
  toMethod("tools/list", (struck) => reply(struck, { tools: edit(struck.tools) }));

/** Changes one tool of the list. */
const retool = (name: string, changes: Partial<ListedTool>): Play =>
  relist((tools) => tools.map((tool) => (tool.name === name ? { ...tool, ...changes } : tool)));

/** Played by the tool itself. */
const leave: Play = (struck) => struck.leave();

export const TOOL_PLAYS: Readonly<Record<keyof typeof TOOLS, Play>> = {
  "tools-empty": relist(() => []),
  "tools-missing": relist((tools) => tools.filter(({ name }) => name !== "sentinel")),
  "tools-drift": retool("echo", {
    inputSchema: {
      type: "object",
      properties: { message: { type: "string" }, language: { type: "string" } },
      required: ["message", "language"],
    },
  }),
  "tool-call-failed": leave,
  "tool-permission": leave,
  "tool-result-mismatch": leave,
  "sentinel-unsuitable": retool("sentinel", {
    annotations: { readOnlyHint: false, destructiveHint: true },
  }),
};

/** Two of these are over the usual budget of 3 s, each of them below a client's time. */
const SLOW_MS = 1_600;
const SLOW_METHODS: readonly unknown[] = ["initialize", "server/discover", "tools/list"];

export const TIME_PLAYS: Readonly<Record<keyof typeof TIME, Play>> = {
  // Until the client, or the gateway before it, hangs up.
  timeout: () => {},
  "cold-start": (struck) => after(struck.coldMs, struck),
  "cold-start-timeout": (struck) => {
    const { coldMs, response } = struck;
    if (coldMs === 0) return struck.leave();
    response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
    return after(coldMs, { response, leave: () => void response.destroy() });
  },
  slow: (struck) => after(SLOW_METHODS.includes(struck.method) ? SLOW_MS : 0, struck),
};

/** Leaves the request to the servers in a while, unless its client has gone by then. */
function after(ms: number, { response, leave }: Pick<Struck, "response" | "leave">): void {
  if (ms === 0) {
    leave();
    return;
  }
  const timer = setTimeout(leave, ms);
  response.on("close", () => clearTimeout(timer));
}
