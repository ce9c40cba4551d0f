import type { Sentinel } from "../config/index.ts";
import type { CredentialExpiry } from "../credential-expiry.ts";
import {
  type Era,
  type Exchange,
  LEGACY_VERSIONS,
  MODERN_VERSION,
  type Reply,
  type StepFault,
  type StepRecord,
  type ToolInfo,
} from "../run.ts";
import type { Expectations, Finding, StepFinding } from "./case.ts";
import { judgeClients } from "./concurrency.ts";
import { judgeCors } from "./cors.ts";
import { judgeConnectTimeout, judgeNetworkError } from "./network-rules.ts";
import { judgeExchange } from "./precedence.ts";
import { readDiscover, readInitialize, readToolsPage } from "./results.ts";
import { oneLine, RPC } from "./rpc-error-rules.ts";
import { judgeAskingBack, judgeCallResult } from "./sentinel.ts";
import { judgeTokenFailure } from "./token-rules.ts";

export interface StepContext {
  readonly authenticated: boolean;
  readonly credentialExpiry: CredentialExpiry | null;
  readonly expectations: Expectations;
  /** The server announced the tools capability; null before it was asked. */
  readonly hasTools: boolean | null;
  /** What `callTool` was to find. */
  readonly sentinel: Sentinel | null;
}

/** Judges one step as far as its own exchanges go; null when it is sound. */
export function judgeStep(step: StepRecord, context: StepContext): StepFinding | null {
  if (step.step === "close") return null;
  const { sentinel } = context;
  if (sentinel !== null) {
    const asking = judgeAskingBack(step.exchanges, sentinel.tool);
    if (asking !== null && !hasResult(step)) return asking;
  }
  const seen = judgeSeen(step, context);
  if (seen !== null) return seen;
  if (step.fault === null) return null;
  const finding = judgeFault(step.fault, context.expectations.clientTimeoutMs);
  return { finding, exchange: last(step) };
}

function judgeSeen(step: StepRecord, context: StepContext): StepFinding | null {
  const { cors } = context.expectations.expect;
  if (step.step === "concurrency") return judgeEach(step, context);
  if (step.step !== "cors" || cors === null) return judgeOnce(step, context);
  return judgeCors(step, cors.origin, () => judgeOnce(step, context));
}

function judgeOnce(step: StepRecord, context: StepContext): StepFinding | null {
  return judgeExchanges(step, context) ?? judgeResults(step, context);
}

/** Simultaneous requests are each held to what a single one is. */
function judgeEach(step: StepRecord, context: StepContext): StepFinding | null {
  return judgeClients(step, (exchanges) => judgeOnce({ ...step, exchanges }, context));
}

function judgeExchanges(step: StepRecord, context: StepContext): StepFinding | null {
  const { era } = step;
  if (era === null) return null;
  for (const exchange of step.exchanges) {
    if (exchange.request.rpcMethod === null || wentOn(exchange, step)) continue;
    if (isAbsentToolList(exchange, context)) continue;
    const { authenticated, credentialExpiry } = context;
    const finding = judgeExchange({
      exchange,
      step: step.step,
      era,
      authenticated,
      credentialExpiry,
    });
    if (finding !== null) return { finding, exchange };
  }
  return null;
}

/**
 * A followed redirect, or a stream taken up again by GET, is judged where it ended. A GET that the
 * server refuses took nothing up: then the stream's own end is the failure.
 */
function wentOn(exchange: Exchange, step: StepRecord): boolean {
  if (exchange.reply.kind !== "none") return false;
  const { rpcId, rpcMethod } = exchange.request;
  const later = step.exchanges.slice(step.exchanges.indexOf(exchange) + 1);
  return later.some(
    ({ request, response }) =>
      request.rpcId === rpcId &&
      request.rpcMethod === rpcMethod &&
      (request.httpMethod !== "GET" || response === null || response.status < 300),
  );
}

/** "Method not found" is how a server without the tools capability says that it has none. */
export function isAbsentToolList(
  exchange: Exchange,
  { hasTools }: Pick<StepContext, "hasTools">,
): boolean {
  const { request, reply } = exchange;
  if (request.rpcMethod !== "tools/list" || hasTools !== false) return false;
  return reply.kind === "error" && reply.error.code === RPC.methodNotFound;
}

function judgeResults(step: StepRecord, context: StepContext): StepFinding | null {
  for (const exchange of step.exchanges) {
    if (exchange.reply.kind !== "result" || step.era === null) continue;
    const finding = judgeResult(exchange, exchange.reply, step.era, context);
    if (finding !== null) return { finding, exchange };
  }
  return null;
}

function judgeResult(
  exchange: Exchange,
  { result }: Extract<Reply, { kind: "result" }>,
  era: Era,
  { expectations, sentinel }: StepContext,
): Finding | null {
  switch (exchange.request.rpcMethod) {
    case "initialize":
      return judgeInitialize(result, expectations);
    case "server/discover":
      return judgeDiscover(result, era);
    case "tools/list":
      return unreadable("tools/list", readToolsPage(result));
    case "tools/call":
      return sentinel === null ? null : judgeCallResult(result, sentinel);
    default:
      return null;
  }
}

function judgeInitialize(result: unknown, { expect }: Expectations): Finding | null {
  const read = readInitialize(result);
  if (!read.ok) return unreadable("initialize", read);
  const { protocolVersion } = read.value;
  if (!(LEGACY_VERSIONS as readonly string[]).includes(protocolVersion)) {
    return {
      mode: "protocol-version-mismatch",
      summary: `initialize answered protocol version "${protocolVersion.slice(0, 40)}", which is none that this era knows`,
      detail: `found ${protocolVersion.slice(0, 40)}, known: ${LEGACY_VERSIONS.join(", ")}`,
    };
  }
  // Revisions are dates, so they compare as text.
  if (expect.minProtocolVersion !== null && protocolVersion < expect.minProtocolVersion) {
    return {
      mode: "protocol-version-mismatch",
      summary: `initialize answered ${protocolVersion}, older than expect.minProtocolVersion`,
      detail: `found ${protocolVersion}, expected ${expect.minProtocolVersion} or newer`,
    };
  }
  return null;
}

function judgeDiscover(result: unknown, era: Era): Finding | null {
  if (era !== "modern") return null;
  const read = readDiscover(result);
  // A JSON-RPC reply that is no DiscoverResult is a legacy server's way to answer a stranger.
  if (!read.ok) {
    return {
      mode: "era-mismatch",
      summary: `server/discover was answered with something else (${read.detail})`,
      detail: read.detail,
    };
  }
  if (read.value.supportedVersions.includes(MODERN_VERSION)) return null;
  const found = read.value.supportedVersions.slice(0, 5).join(", ").slice(0, 100);
  return {
    mode: "protocol-version-mismatch",
    summary: `server/discover offers ${found === "" ? "no version" : found}, not ${MODERN_VERSION}`,
    detail: `found ${found}, expected ${MODERN_VERSION}`,
  };
}

function unreadable(
  method: string,
  read: { ok: true } | { ok: false; detail: string },
): Finding | null {
  if (read.ok) return null;
  return { mode: "invalid-result", summary: `${method}: ${read.detail}`, detail: read.detail };
}

function judgeFault(fault: StepFault, timeoutMs: number): Finding {
  switch (fault.kind) {
    case "network":
      return judgeNetworkError(fault.error);
    case "connect-timed-out":
      return judgeConnectTimeout(fault.phase, timeoutMs);
    case "secret-unavailable":
      return {
        mode: "secret-unavailable",
        summary: `${fault.reference} cannot be read`,
        detail: fault.reference,
      };
    case "token-request-failed":
      return judgeTokenFailure(fault.failure);
    case "sdk-refused":
      return {
        mode: "invalid-result",
        summary: `the official SDK refuses this answer (${fault.name}${fault.code === null ? "" : ` ${fault.code}`})`,
        detail: fault.name,
      };
    case "pagination-loop":
      return {
        mode: "pagination-loop",
        summary: `tools/list had not ended after ${fault.pages} pages`,
      };
    case "run-timed-out":
      return { mode: "timeout", summary: "earlier steps used up the run's time" };
    case "deadline-exhausted":
      return { mode: "deadline-exhausted", summary: "no time was left to take this step" };
    case "internal":
      return { mode: "probe-error", summary: `the probe failed: ${fault.name}` };
    default:
      return fault satisfies never;
  }
}

function hasResult(step: StepRecord): boolean {
  return step.exchanges.some(
    ({ request, reply }) => request.rpcMethod === "tools/call" && reply.kind === "result",
  );
}

function last(step: StepRecord): Exchange | null {
  return step.exchanges.at(-1) ?? null;
}

/** Which tools are missing or too few, once every page is read. */
export function judgeTools(
  tools: readonly ToolInfo[],
  { expect, sentinels, stream }: Expectations,
): Finding | null {
  if (tools.length < expect.minTools) {
    const count = tools.length === 0 ? "no tools" : `${tools.length} of ${expect.minTools} tools`;
    return {
      mode: "tools-empty",
      summary: `tools/list returned ${count}`,
      detail: `found ${tools.length}, expected at least ${expect.minTools}`,
    };
  }
  const listed = new Set(tools.map(({ name }) => name));
  const called = [...sentinels, ...(stream === null ? [] : [stream])].map(({ tool }) => tool);
  const wanted = new Set([...expect.tools, ...called]);
  const missing = [...wanted].filter((name) => !listed.has(name)).join(", ");
  if (missing === "") return null;
  const summary = `tools/list lacks ${missing}${namesOf(tools)}`;
  return { mode: "tools-missing", summary, detail: missing };
}

/** How many of a server's tools are named to whoever asked for another. */
const NAMED_TOOLS = 5;

function namesOf(tools: readonly ToolInfo[]): string {
  if (tools.length === 0) return "";
  const names = tools.slice(0, NAMED_TOOLS).map(({ name }) => name);
  return `; it has ${oneLine(names.join(", "))}${tools.length > NAMED_TOOLS ? ", …" : ""}`;
}
