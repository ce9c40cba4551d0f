import type { JsonRpcError } from "../run.ts";
import type { ExchangeCase, Finding } from "./case.ts";
import { METHOD_NOT_FOUND, SESSION_NOT_FOUND } from "./http-rules.ts";

export const RPC = {
  methodNotFound: METHOD_NOT_FOUND,
  invalidParams: -32602,
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedVersion: -32022,
} as const;

/** A JSON-RPC error, whatever its HTTP status. */
export function judgeRpcError(x: ExchangeCase): Finding | null {
  const { reply } = x.exchange;
  if (reply.kind !== "error") return null;
  const { error } = reply;
  const summary = `${x.exchange.request.rpcMethod} answered with JSON-RPC error ${error.code}: ${oneLine(error.message)}`;
  if (error.code === RPC.headerMismatch) return { mode: "header-mismatch", summary };
  if (x.step === "negotiate") return judgeOpening(x, error, summary);
  if (x.era === "modern" && error.code === RPC.unsupportedVersion) {
    return { mode: "protocol-version-mismatch", summary };
  }
  if (isLostSession(x, error)) return { mode: "session-lost", summary };
  return { mode: "rpc-error", summary };
}

function judgeOpening(x: ExchangeCase, error: JsonRpcError, summary: string): Finding {
  if (speaksOtherEra(x, error)) return { mode: "era-mismatch", summary };
  if (error.code === RPC.unsupportedVersion) return { mode: "protocol-version-mismatch", summary };
  return { mode: "negotiation-rejected", summary };
}

/** -32022 to `initialize`: modern only. Anything but a modern code to `server/discover`: legacy. */
function speaksOtherEra(x: ExchangeCase, error: JsonRpcError): boolean {
  if (x.era === "legacy") {
    return x.exchange.request.rpcMethod === "initialize" && error.code === RPC.unsupportedVersion;
  }
  return !isModernCode(error.code);
}

export function isModernCode(code: number): boolean {
  return (
    code === RPC.headerMismatch || code === RPC.missingCapability || code === RPC.unsupportedVersion
  );
}

/** The code alone collides with the SDKs' own time-out; on the wire, in a session, it is the server's. */
function isLostSession(x: ExchangeCase, error: JsonRpcError): boolean {
  return x.era === "legacy" && x.exchange.request.inSession && error.code === SESSION_NOT_FOUND;
}

const MAX_LINE = 200;

export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE - 1)}…`;
}
