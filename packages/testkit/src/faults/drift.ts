import { ERAS, type ToolLists, toolsHash } from "@vigil/core";
import type { Fault } from "../fault.ts";
import { type Spot, spotsOf } from "../moments.ts";
import { play, soundScript } from "../stage.ts";
import { TOOL_PAGES } from "../tools.ts";
import { withResult } from "./make.ts";

interface Listed {
  readonly name: string;
  readonly inputSchema: object;
}

const SOUND: readonly Listed[] = TOOL_PAGES.flat().map(({ name, inputSchema }) => ({
  name,
  inputSchema,
}));
const LIST = { toolsHash: toolsHash(SOUND), toolCount: SOUND.length, tools: SOUND };

/** What the sound servers list, in each era, as it was accepted. */
const ACCEPTED: ToolLists = Object.fromEntries(ERAS.map((era) => [era, LIST]));

/** Changes the tools on every page, as a deployment does. */
function redeploy(spot: Spot, change: (tools: readonly Listed[]) => readonly Listed[]) {
  const edit = withResult(({ tools, ...page }) => ({
    ...page,
    tools: change(tools as readonly Listed[]),
  }));
  const script = soundScript(spot.era, {}, (reply, request) =>
    request.rpc?.method === "tools/list" ? edit(reply, request) : reply,
  );
  return play(spot, script);
}

function rewritten(name: string, inputSchema: object) {
  return (tools: readonly Listed[]) =>
    tools.map((tool) => (tool.name === name ? { ...tool, inputSchema } : tool));
}

function without(name: string) {
  return (tools: readonly Listed[]) => tools.filter((tool) => tool.name !== name);
}

const KEY = { key: { type: "string" } };
const REGION = { region: { type: "string" } };

interface Drifted {
  readonly title: string;
  readonly change: Parameters<typeof redeploy>[1];
  readonly counts: string;
}

/** A server that answers as well as ever, and refuses what its callers send. */
function drifted({ title, change, counts }: Drifted): Fault {
  return {
    code: "tools-drift",
    title,
    // The list is judged at its end.
    spots: spotsOf(["page2"]),
    start: (spot) => redeploy(spot, change),
    monitor: { accepted: ACCEPTED },
    twin: { monitor: { accepted: ACCEPTED } },
    evidence: () => ({ detail: `${counts} since the tools were accepted` }),
  };
}

export const DRIFT_FAULTS: readonly Fault[] = [
  drifted({
    title: "a tool that went",
    change: without("wipe"),
    counts: "0 added, 1 removed, 0 changed",
  }),
  drifted({
    title: "a tool that was renamed",
    change: (tools) =>
      tools.map((tool) => (tool.name === "echo" ? { ...tool, name: "say" } : tool)),
    counts: "1 added, 1 removed, 0 changed",
  }),
  drifted({
    title: "an argument that became necessary",
    change: rewritten("lookup", {
      type: "object",
      properties: { ...KEY, ...REGION },
      required: ["key", "region"],
    }),
    counts: "0 added, 0 removed, 1 changed",
  }),
  drifted({
    title: "an argument of another type",
    change: rewritten("echo", { type: "object", properties: { message: { type: "number" } } }),
    counts: "0 added, 0 removed, 1 changed",
  }),
];

/** The same kind of deployment, after which every caller can go on. */
export const WIDENED = [
  {
    title: "tools and optional arguments that were added since the list was accepted",
    spots: spotsOf(["page2"]),
    start: (spot: Spot) =>
      redeploy(spot, (tools) => [
        ...rewritten("lookup", {
          type: "object",
          description: "Looks up more than before.",
          properties: { ...KEY, ...REGION },
          required: ["key"],
        })(tools),
        { name: `more-${tools.length}`, inputSchema: { type: "object" } },
      ]),
    monitor: { accepted: ACCEPTED },
  },
  {
    title: "the accepted tools in another order",
    spots: spotsOf(["page2"]),
    start: (spot: Spot) => redeploy(spot, (tools) => [...tools].reverse()),
    monitor: { accepted: ACCEPTED },
  },
];
