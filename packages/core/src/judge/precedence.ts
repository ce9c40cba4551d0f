import type { FailureCode } from "../failure-modes.ts";
import { answered, judgeContent, judgeEmpty, judgeEnvelope, judgeTimeout } from "./body-rules.ts";
import type { ExchangeCase, Finding } from "./case.ts";
import { judgeStatus } from "./http-rules.ts";
import { judgeNetworkError } from "./network-rules.ts";
import { judgeRpcError } from "./rpc-error-rules.ts";

export interface Rule {
  readonly name: string;
  /** Codes the rule can give, for the documentation and for the tests that hold it to them. */
  readonly modes: readonly FailureCode[];
  readonly judge: (x: ExchangeCase) => Finding | null;
}

/** The order in which an exchange is read: the first rule that has something to say names it. */
export const PRECEDENCE: readonly Rule[] = [
  {
    name: "network",
    modes: [
      "connection-reset",
      "tls-failure",
      "dns-failure",
      "connect-refused",
      "connect-timeout",
      "not-mcp-response",
      "http-unexpected",
      "malformed-json",
    ],
    judge: judgeNetwork,
  },
  { name: "size", modes: ["response-too-large"], judge: judgeSize },
  {
    name: "HTTP status",
    modes: [
      "redirected",
      "auth-required",
      "http-unauthorized",
      "credential-expired",
      "http-forbidden",
      "http-throttled",
      "session-lost",
      "http-not-found",
      "http-unexpected",
      "function-error",
      "gateway-timeout",
      "http-server-error",
    ],
    judge: judgeStatus,
  },
  {
    name: "time",
    modes: ["timeout", "stream-stalled", "legacy-sse-transport"],
    judge: judgeTimeout,
  },
  {
    name: "emptiness",
    modes: ["empty-response", "empty-stream", "legacy-sse-transport", "invalid-jsonrpc"],
    judge: judgeEmpty,
  },
  { name: "content", modes: ["lambda-envelope", "not-mcp-response"], judge: judgeContent },
  { name: "JSON-RPC envelope", modes: ["malformed-json", "invalid-jsonrpc"], judge: judgeEnvelope },
  {
    name: "JSON-RPC error",
    modes: [
      "header-mismatch",
      "era-mismatch",
      "protocol-version-mismatch",
      "negotiation-rejected",
      "session-lost",
      "rpc-error",
    ],
    judge: judgeRpcError,
  },
];

export function judgeExchange(x: ExchangeCase): Finding | null {
  for (const rule of PRECEDENCE) {
    const finding = rule.judge(x);
    if (finding !== null) return finding;
  }
  return null;
}

/** A break after the answer had come, or in the body of an error answer, is not the cause. */
function judgeNetwork(x: ExchangeCase): Finding | null {
  const { networkError, response } = x.exchange;
  if (networkError === null || answered(x)) return null;
  if (response !== null && response.status >= 300) return null;
  return judgeNetworkError(networkError);
}

function judgeSize(x: ExchangeCase): Finding | null {
  const { end, response, bodyBytes } = x.exchange;
  if (end !== "too-large" || answered(x)) return null;
  if (response !== null && response.status >= 300) return null;
  return { mode: "response-too-large", summary: `cut off after ${bodyBytes} bytes` };
}
