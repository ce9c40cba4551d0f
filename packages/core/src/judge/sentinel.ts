import { query } from "jsonpath-rfc9535";
import type { Sentinel, SentinelExpect } from "../config/index.ts";
import { includes } from "../includes.ts";
import type { Exchange, ToolInfo } from "../run.ts";
import type { Finding } from "./case.ts";
import { asksBack, type CallResult, readCall } from "./results.ts";
import { oneLine } from "./rpc-error-rules.ts";

/** Requests by which a server makes its client do something: no answer can come unattended. */
const ASKING_REQUESTS = new Set(["sampling/createMessage", "elicitation/create", "roots/list"]);

/** AWS's own words for a refused permission; the one rule that reads text. Names the action. */
const ACCESS_DENIED =
  /(AccessDenied(?:Exception)?|UnauthorizedOperation|is not authorized to perform:?)/;
const DENIED_ACTION = /not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9*]+)/;
const DENIED_RESOURCE = /on resource:? (arn:[^\s"',]+)/;

/**
 * Why a sentinel's tool must not be called; null when it may. A name that is listed twice may mean
 * either tool, so the more careful word counts.
 */
export function refuseToCall(tools: readonly ToolInfo[], sentinel: Sentinel): Finding | null {
  const same = tools.filter(({ name }) => name === sentinel.tool);
  return same.map((tool) => refuseTool(tool, sentinel)).find((found) => found !== null) ?? null;
}

function refuseTool(tool: ToolInfo, sentinel: Sentinel): Finding | null {
  if (sentinel.allowWrites) return null;
  const { readOnlyHint, destructiveHint } = tool.annotations ?? {};
  if (destructiveHint !== true && readOnlyHint !== false) return null;
  const hint = destructiveHint === true ? "destructive" : "not read-only";
  return {
    mode: "sentinel-unsuitable",
    summary: `tool "${tool.name}" is annotated as ${hint}, so it was not called`,
  };
}

/** The tool asked its client for something during the call, on the exchange that is given back. */
export function judgeAskingBack(
  exchanges: readonly Exchange[],
  tool: string,
): { readonly finding: Finding; readonly exchange: Exchange } | null {
  for (const exchange of exchanges) {
    const asked = exchange.serverRequests.find((method) => ASKING_REQUESTS.has(method));
    if (asked === undefined) continue;
    const summary = `tool "${tool}" sent ${asked} to its caller`;
    return { finding: { mode: "sentinel-unsuitable", summary }, exchange };
  }
  return null;
}

/** Holds the result of a sentinel call against what is expected of it. */
export function judgeCallResult(result: unknown, sentinel: Sentinel): Finding | null {
  const asking = asksBack(result);
  if (asking !== null) {
    return {
      mode: "sentinel-unsuitable",
      summary: `tool "${sentinel.tool}" answered ${asking} instead of a result`,
    };
  }
  const read = readCall(result);
  if (!read.ok) {
    return { mode: "invalid-result", summary: `tools/call: ${read.detail}`, detail: read.detail };
  }
  if (read.value.isError) return judgeToolError(read.value, sentinel.tool);
  return judgeExpectation(read.value, sentinel);
}

function judgeToolError(call: CallResult, tool: string): Finding {
  const text = call.texts.join("\n");
  if (!ACCESS_DENIED.test(text)) {
    return {
      mode: "tool-call-failed",
      summary: `tool "${tool}" answered with an error: ${oneLine(text)}`,
      detail: oneLine(text),
    };
  }
  const action = DENIED_ACTION.exec(text)?.[1];
  const resource = DENIED_RESOURCE.exec(text)?.[1];
  const what = action === undefined ? "an AWS permission" : `${action}`;
  return {
    mode: "tool-permission-denied",
    summary: `tool "${tool}" lacks ${what}${resource === undefined ? "" : ` on ${resource}`}`,
    detail: action ?? oneLine(text),
  };
}

function judgeExpectation(call: CallResult, sentinel: Sentinel): Finding | null {
  const miss = findMiss(call, sentinel.expect);
  if (miss === null) return null;
  return {
    mode: "tool-result-mismatch",
    summary: `tool "${sentinel.tool}" answered something else: ${miss}`,
    detail: miss,
  };
}

function findMiss(call: CallResult, expect: SentinelExpect): string | null {
  const text = call.texts.join("\n");
  if (expect.contains !== undefined && !text.includes(expect.contains)) {
    return `expected text containing ${quote(expect.contains)}, got ${quote(text)}`;
  }
  if (expect.equals !== undefined && text !== expect.equals) {
    return `expected text ${quote(expect.equals)}, got ${quote(text)}`;
  }
  if (expect.structured !== undefined && !includes(call.structuredContent, expect.structured)) {
    return `expected structured content with ${quote(expect.structured)}, got ${quote(call.structuredContent)}`;
  }
  return expect.jsonPath === undefined ? null : missByPath(call, expect.jsonPath);
}

type JsonPathExpect = NonNullable<SentinelExpect["jsonPath"]>;

/** Looks into the structured content or, without any, into the text read as JSON. */
function missByPath(call: CallResult, expect: JsonPathExpect): string | null {
  const document = call.structuredContent ?? parseText(call.texts.join("\n"));
  if (document === undefined) return `expected JSON for ${expect.path}, got no JSON`;
  const found = query(document as Parameters<typeof query>[0], expect.path);
  if (expect.exists === false) {
    return found.length === 0 ? null : `expected nothing at ${expect.path}, got ${quote(found[0])}`;
  }
  if (found.length === 0) return `nothing at ${expect.path}`;
  if (expect.equals === undefined || found.some((value) => same(value, expect.equals))) return null;
  return `expected ${quote(expect.equals)} at ${expect.path}, got ${quote(found[0])}`;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function quote(value: unknown): string {
  return oneLine(JSON.stringify(value) ?? "nothing");
}

function same(a: unknown, b: unknown): boolean {
  return includes(a, b) && includes(b, a);
}
