import {
  errorReply,
  type RecordedRequest,
  type RunningServer,
  soundLegacy,
  soundModern,
  startServer,
  type WireReply,
} from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { probe } from "./harness.ts";

/**
 * The SDKs' own `callTool()` holds results against schemas that `listTools()` brought, and refuses
 * tools by what is listed of them. What a monitor looks for is in the sentinel; the rest is between a
 * tool's author and its callers.
 */
const running: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

const TOOL = "wipe";

interface Quirk {
  /** Of the tool as it is listed; on the last page, since each page makes v1 forget the others. */
  readonly listed?: object;
  /** Of its result; `undefined` removes a member. */
  readonly result?: object;
  /** In place of its result. */
  readonly refusal?: (request: RecordedRequest) => WireReply;
}

const SERVERS = { legacy: soundLegacy, modern: soundModern } as const;
type Era = keyof typeof SERVERS;

async function serve(era: Era, { listed, result, refusal }: Quirk): Promise<RunningServer> {
  const edit = (request: RecordedRequest, reply: WireReply): WireReply => {
    if (request.rpc?.method === "tools/list") return edited(reply, (page) => relist(page, listed));
    if (request.rpc?.method !== "tools/call") return reply;
    return refusal?.(request) ?? edited(reply, (called) => ({ ...called, ...result }));
  };
  const server = await startServer(SERVERS[era]({ edit }));
  running.push(server);
  return server;
}

type Result = Readonly<Record<string, unknown>>;

function edited(reply: WireReply, change: (result: Result) => Result): WireReply {
  const result = reply.message?.["result"] as Result;
  return { ...reply, message: { ...reply.message, result: change(result) } };
}

function relist({ tools, ...page }: Result, listed: object | undefined): Result {
  const all = tools as readonly { readonly name: string }[];
  return {
    ...page,
    tools: all.map((tool) => (tool.name === TOOL ? { ...tool, ...listed } : tool)),
  };
}

const NUMBER = {
  outputSchema: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
};
const TASK = { execution: { taskSupport: "required" } };

const WELL = { modes: [], depth: "sentinel" };

const ROWS: readonly (readonly [name: string, quirk: Quirk, sentinel: object, seen: object])[] = [
  [
    "structured content that its schema does not allow",
    { listed: NUMBER, result: { structuredContent: { n: "seven" } } },
    { contains: "wiped" },
    WELL,
  ],
  [
    "no structured content although there is a schema",
    { listed: NUMBER },
    { contains: "wiped" },
    WELL,
  ],
  [
    "a schema that cannot be compiled",
    { listed: { outputSchema: { type: "object", properties: { n: { type: "nonsense" } } } } },
    { contains: "wiped" },
    WELL,
  ],
  [
    "a schema that points to nowhere",
    { listed: { outputSchema: { type: "object", properties: { n: { $ref: "#/$defs/no" } } } } },
    { contains: "wiped" },
    WELL,
  ],
  [
    "structured content of another kind than the sentinel wants",
    { listed: NUMBER, result: { structuredContent: { n: "seven" } } },
    { structured: { n: 7 } },
    { modes: ["tool-result-mismatch"], depth: "tools" },
  ],
  [
    "a tool that wants tasks and answers all the same",
    { listed: TASK },
    { contains: "wiped" },
    WELL,
  ],
  [
    "a tool that wants tasks and answers with one",
    {
      listed: TASK,
      result: { content: undefined, task: { taskId: "1" } },
    },
    { contains: "wiped" },
    { modes: ["sentinel-unsuitable"], depth: "tools" },
  ],
  [
    "a tool that wants tasks and refuses a plain call",
    {
      listed: TASK,
      refusal: (request) =>
        errorReply(request, 200, { code: -32601, message: "Tool wipe requires a task" }),
    },
    { contains: "wiped" },
    { modes: ["rpc-error"], depth: "tools" },
  ],
];

describe.each(["legacy", "modern"] as const)(
  "callTool() of the %s SDK is not asked about",
  (era) => {
    it.each(ROWS)("%s", async (_name, quirk, expected, seen) => {
      const server = await serve(era, quirk);
      const sentinels = [{ tool: TOOL, allowWrites: true, expect: expected }];
      const { modes, verdict } = await probe(server.url, { era, sentinels });
      expect({ modes, depth: verdict.depth }).toEqual(seen);
      const calls = server.requests.filter(({ rpc }) => rpc?.method === "tools/call");
      expect(calls).toHaveLength(1);
    });
  },
);
