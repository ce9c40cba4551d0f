import { event, stream } from "../answer.ts";
import type { Fault, SentinelOverrides } from "../fault.ts";
import { errorReply } from "../messages.ts";
import { type Spot, spotsOf } from "../moments.ts";
import { SHORT_TIMEOUT_MS } from "../patience.ts";
import { alter, play, soundScript, strike } from "../stage.ts";
import { ACCESS_DENIED } from "./aws-bodies.ts";
import { withResult } from "./make.ts";

const CALL = spotsOf(["call"]);
const ANY_CALL = spotsOf(["call", "stream"]);
const LIST = spotsOf(["page1"]);
const NO_CALL = { forbids: ["tools/call"] } as const;

/** Changes every page of the list. */
function relist(spot: Spot, edit: Parameters<typeof withResult>[0]) {
  const change = withResult(edit);
  const script = soundScript(spot.era, {}, (reply, request) =>
    request.rpc?.method === "tools/list" ? change(reply, request) : reply,
  );
  return play(spot, script);
}

type Listed = readonly { readonly name: string }[];

const LISTS: readonly Fault[] = [
  {
    code: "tools-empty",
    title: "an empty list",
    spots: LIST,
    start: (spot) => relist(spot, ({ nextCursor: _, ...result }) => ({ ...result, tools: [] })),
    evidence: () => ({ detail: "found 0, expected at least 1" }),
    ...NO_CALL,
  },
  {
    code: "tools-empty",
    title: "fewer tools than expected",
    spots: LIST,
    start: (spot) => relist(spot, ({ nextCursor: _, ...result }) => result),
    target: { expect: { minTools: 3 } },
    evidence: () => ({ detail: "found 2, expected at least 3" }),
  },
  {
    code: "tools-empty",
    title: "a server that registered no tools, and so has no list",
    spots: LIST,
    start: withoutTools,
    evidence: () => ({ detail: "found 0, expected at least 1" }),
    ...NO_CALL,
  },
  {
    code: "tools-missing",
    title: "an expected tool that is not listed",
    spots: spotsOf(["page2"]),
    start: (spot) =>
      relist(spot, (result) => ({
        ...result,
        tools: (result.tools as Listed).filter(({ name }) => name !== "wipe"),
      })),
    target: { expect: { tools: ["lookup", "wipe"] } },
    evidence: () => ({ detail: "wipe" }),
  },
  {
    code: "tools-missing",
    title: "a sentinel's tool that is not listed",
    spots: spotsOf(["page2"]),
    start: (spot) =>
      relist(spot, (result) => ({
        ...result,
        tools: (result.tools as Listed).filter(({ name }) => name !== "lookup"),
      })),
    evidence: () => ({ detail: "lookup" }),
    ...NO_CALL,
  },
];

function withoutTools(spot: Spot) {
  const script = soundScript(spot.era, {}, (reply, request) => {
    const method = request.rpc?.method;
    if (method === "tools/list") {
      const status = spot.era === "modern" ? 404 : 200;
      return errorReply(request, status, { code: -32601, message: "Method not found" });
    }
    const opening = method === "initialize" || method === "server/discover";
    return opening
      ? withResult((result) => ({ ...result, capabilities: {} }))(reply, request)
      : reply;
  });
  return play(spot, script);
}

function called(
  code: Fault["code"],
  title: string,
  result: object,
  detail: string,
  sentinel?: SentinelOverrides,
): Fault {
  return {
    code,
    title,
    // The stream's tool may say anything but an error.
    spots: code === "tool-result-mismatch" ? CALL : ANY_CALL,
    start: (spot) =>
      alter(
        spot,
        withResult(({ structuredContent: _, ...sound }) => ({ ...sound, ...result })),
      ),
    evidence: () => ({ detail }),
    ...(sentinel !== undefined && { target: { sentinels: [sentinel] } }),
  };
}

function says(text: string) {
  return { content: [{ type: "text", text }] };
}

function lookup(expect: SentinelOverrides["expect"]): SentinelOverrides {
  return { tool: "lookup", arguments: { key: "health" }, expect };
}

const CALLS: readonly Fault[] = [
  called(
    "tool-call-failed",
    "a tool that reports its error",
    { ...says("connect ETIMEDOUT 10.0.3.7:5432"), isError: true },
    "connect ETIMEDOUT 10.0.3.7:5432",
  ),
  called(
    "tool-call-failed",
    "a tool that is listed and not found",
    { ...says("MCP error -32602: Tool lookup not found"), isError: true },
    "MCP error -32602: Tool lookup not found",
  ),
  called(
    "tool-permission-denied",
    "an action that the role may not take",
    { ...says(ACCESS_DENIED), isError: true },
    "dynamodb:Query",
  ),
  called(
    "tool-permission-denied",
    "a refusal that names no action",
    { ...says("AccessDenied: Access Denied"), isError: true },
    "AccessDenied: Access Denied",
  ),
  called(
    "tool-result-mismatch",
    "another text",
    says("stale"),
    'expected text containing "ok", got "stale"',
  ),
  called(
    "tool-result-mismatch",
    "not quite the text",
    says("ok: health "),
    'expected text "ok: health", got "ok: health "',
    lookup({ equals: "ok: health" }),
  ),
  called(
    "tool-result-mismatch",
    "another value in the structured content",
    { ...says("ok"), structuredContent: { key: "health", state: "failing" } },
    'expected structured content with {"state":"ok"}, got {"key":"health","state":"failing"}',
    lookup({ structured: { state: "ok" } }),
  ),
  called(
    "tool-result-mismatch",
    "another value at a JSON path",
    { ...says("ok"), structuredContent: { key: "health", state: "failing" } },
    'expected "ok" at $.state, got "failing"',
    lookup({ jsonPath: { path: "$.state", equals: "ok" } }),
  ),
  called(
    "tool-result-mismatch",
    "nothing at a JSON path",
    { ...says("ok"), structuredContent: { key: "health" } },
    "nothing at $.state",
    lookup({ jsonPath: { path: "$.state" } }),
  ),
];

const SAMPLING = event(
  '{"jsonrpc":"2.0","id":"server-1","method":"sampling/createMessage","params":{"messages":[],"maxTokens":1}}',
);

const UNSUITABLE: readonly Fault[] = [
  {
    code: "sentinel-unsuitable",
    title: "a tool that is annotated as destructive",
    spots: CALL,
    start: (spot) => play(spot, soundScript(spot.era)),
    target: { sentinels: [{ tool: "wipe", arguments: {}, expect: { contains: "wiped" } }] },
    // The same call of a tool that says nothing of itself.
    twin: {
      target: {
        sentinels: [{ tool: "echo", arguments: { message: "ok" }, expect: { equals: "ok" } }],
      },
    },
    ...NO_CALL,
  },
  {
    code: "sentinel-unsuitable",
    title: "a tool that is listed again, as destructive",
    spots: CALL,
    start: (spot) =>
      relist(spot, (result) => ({
        ...result,
        tools: [
          ...(result.tools as Listed),
          {
            name: "lookup",
            inputSchema: { type: "object" },
            annotations: { destructiveHint: true },
          },
        ],
      })),
    ...NO_CALL,
  },
  {
    code: "sentinel-unsuitable",
    title: "a tool that asks its user for input",
    spots: spotsOf(["call", "stream"], ["modern"]),
    start: (spot) =>
      alter(
        spot,
        withResult(({ _meta }) => ({
          _meta,
          resultType: "input_required",
          requestState: "eyJzdGVwIjoxfQ",
        })),
      ),
  },
  {
    code: "sentinel-unsuitable",
    title: "a tool that answers with a task",
    spots: spotsOf(["call", "stream"], ["legacy"]),
    start: (spot) =>
      alter(
        spot,
        withResult(() => ({ task: TASK })),
      ),
  },
  {
    code: "sentinel-unsuitable",
    title: "a tool that asks for sampling and gives up",
    spots: spotsOf(["call", "stream"], ["legacy"]),
    start: (spot) => strike(spot, () => stream([{ bytes: SAMPLING }])),
  },
  {
    code: "sentinel-unsuitable",
    title: "a tool that asks for sampling and waits",
    spots: spotsOf(["call", "stream"], ["legacy"]),
    start: (spot) => strike(spot, () => stream([{ bytes: SAMPLING }], "hang")),
    target: { clientTimeoutMs: SHORT_TIMEOUT_MS },
  },
];

const TASK = {
  taskId: "786512e2",
  status: "working",
  createdAt: "2026-11-22T08:00:00Z",
  lastUpdatedAt: "2026-11-22T08:00:00Z",
  ttl: 60_000,
} as const;

export const TOOL_FAULTS: readonly Fault[] = [...LISTS, ...CALLS, ...UNSUITABLE];
