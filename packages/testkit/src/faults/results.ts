import { ERAS, type Era } from "@vigil/core";
import type { Fault } from "../fault.ts";
import { errorReply, type RpcError } from "../messages.ts";
import { LATER, type Moment, type Spot, spotsOf } from "../moments.ts";
import { alter, play, soundScript } from "../stage.ts";
import { withResult } from "./make.ts";

type Result = Readonly<Record<string, unknown>>;

interface ResultFault {
  readonly title: string;
  readonly at: readonly Moment[];
  readonly detail: string;
  readonly edit: (result: Result) => Result;
  readonly eras?: readonly Era[];
}

function invalid({ title, at, detail, edit, eras }: ResultFault): Fault {
  return {
    code: "invalid-result",
    title,
    spots: spotsOf(at, eras),
    start: (spot) => alter(spot, withResult(edit)),
    evidence: () => ({ detail }),
  };
}

const LIST: readonly Moment[] = ["page1", "page2", "clients"];
const CALLS: readonly Moment[] = ["call", "stream"];

const INVALID: readonly Fault[] = [
  invalid({
    title: "initialize without serverInfo",
    at: ["initialize"],
    detail: "serverInfo: Invalid input: expected object, received undefined",
    edit: ({ serverInfo: _, ...result }) => result,
  }),
  invalid({
    title: "initialize without a version",
    at: ["initialize"],
    detail: "protocolVersion: Invalid input: expected string, received undefined",
    edit: ({ protocolVersion: _, ...result }) => result,
  }),
  invalid({
    title: "initialize without capabilities",
    at: ["initialize"],
    detail: "capabilities: Invalid input: expected object, received undefined",
    edit: ({ capabilities: _, ...result }) => result,
  }),
  invalid({
    title: "a capability that is a list",
    at: ["initialize"],
    detail: "capabilities.tools: Invalid input: expected record, received array",
    edit: (result) => ({ ...result, capabilities: { tools: [] } }),
  }),
  invalid({
    title: "a list without tools",
    at: LIST,
    detail: "tools: Invalid input: expected array, received undefined",
    edit: ({ tools: _, ...result }) => result,
  }),
  invalid({
    title: "a tool without a name",
    at: LIST,
    detail: "tools.0.name: Invalid input: expected string, received undefined",
    edit: (result) => ({ ...result, tools: [{ inputSchema: { type: "object" } }] }),
  }),
  invalid({
    title: "a tool without an input schema",
    at: LIST,
    detail: "tools.0.inputSchema: Invalid input: expected object, received undefined",
    edit: (result) => ({ ...result, tools: [{ name: "lookup" }] }),
  }),
  invalid({
    title: "an input schema that is no object's",
    at: LIST,
    detail: 'tools.0.inputSchema.type: Invalid input: expected "object"',
    edit: (result) => ({
      ...result,
      tools: [{ name: "lookup", inputSchema: { type: "string" } }],
    }),
  }),
  invalid({
    title: "a property's schema that is a number",
    at: LIST,
    detail: "tools.0.inputSchema.properties.key: expected a JSON Schema: an object or a boolean",
    edit: (result) => ({
      ...result,
      tools: [{ name: "lookup", inputSchema: { type: "object", properties: { key: 7 } } }],
    }),
  }),
  invalid({
    title: "a cursor that is a number",
    at: LIST,
    detail: "nextCursor: Invalid input: expected string, received number",
    edit: (result) => ({ ...result, nextCursor: 2 }),
  }),
  invalid({
    title: "a call's result without content",
    at: CALLS,
    detail: "content: Invalid input: expected array, received undefined",
    edit: ({ content: _, ...result }) => ({ ...result, foo: 1 }),
  }),
  invalid({
    title: "content that is text",
    at: CALLS,
    detail: "content: Invalid input: expected array, received string",
    edit: (result) => ({ ...result, content: "ok" }),
  }),
  invalid({
    title: "content without a type",
    at: CALLS,
    detail: "content.0.type: Invalid input: expected string, received undefined",
    edit: (result) => ({ ...result, content: [{ text: "ok" }] }),
  }),
];

function rpcError(
  title: string,
  status: number,
  error: RpcError,
  eras: readonly Era[] = ERAS,
): Fault {
  return {
    code: "rpc-error",
    title,
    spots: spotsOf(LATER, eras),
    start: (spot) => alter(spot, (_reply, request) => errorReply(request, status, error)),
  };
}

const ERRORS: readonly Fault[] = [
  rpcError("an unhandled error", 200, { code: -32603, message: "Internal error" }),
  rpcError("a method that is not registered", 200, { code: -32601, message: "Method not found" }),
  rpcError(
    "the same, as the modern era sends it",
    404,
    { code: -32601, message: "Method not found" },
    ["modern"],
  ),
  rpcError("arguments refused, with data", 400, {
    code: -32602,
    message: "Invalid params",
    data: { path: ["key"] },
  }),
  rpcError("an application's own code", 200, { code: 4711, message: "E_ORDERS" }),
];

type Cursors = (page: number) => string;

/** A list that goes on for ever, with one tool a page. */
function endless(spot: Spot, cursorOf: Cursors) {
  let page = 0;
  const edit = withResult((result) => {
    page += 1;
    return { ...result, nextCursor: cursorOf(page) };
  });
  const sound = soundScript(spot.era, {}, (reply, request) =>
    request.rpc?.method === "tools/list" ? edit(reply, request) : reply,
  );
  return play(spot, (request) => sound(firstPage(request)));
}

/** Asks for the first page whatever cursor was sent: every page is the first. */
function firstPage(request: Parameters<ReturnType<typeof soundScript>>[0]) {
  if (request.rpc?.method !== "tools/list") return request;
  const { cursor: _, ...params } = request.rpc.params;
  return { ...request, rpc: { ...request.rpc, params } };
}

const LOOPS: readonly Fault[] = [
  {
    code: "pagination-loop",
    title: "the same cursor over and over",
    spots: spotsOf(["page2"]),
    start: (spot) => endless(spot, () => "page-1"),
    forbids: ["tools/call"],
  },
  {
    code: "pagination-loop",
    title: "two cursors in turn",
    spots: spotsOf(["page2"]),
    start: (spot) => endless(spot, (page) => `page-${page % 2}`),
    forbids: ["tools/call"],
  },
  {
    code: "pagination-loop",
    title: "ever new cursors",
    spots: spotsOf(["page2"]),
    start: (spot) => endless(spot, (page) => `page-${page}`),
    forbids: ["tools/call"],
  },
];

export const RESULT_FAULTS: readonly Fault[] = [...INVALID, ...ERRORS, ...LOOPS];
