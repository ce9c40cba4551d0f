import { describe, expect, it } from "vitest";
import type { CredentialExpiry, Exchange, StepName } from "../../src/index.ts";
import { FAILURE_CODES, PRECEDENCE } from "../../src/index.ts";
import { judgeExchange } from "../../src/judge/precedence.ts";
import { exchange, result, rpcError } from "./build.ts";

const SSE = "text/event-stream";
const NO_MESSAGES = { count: 0, first: null, last: null };
const SILENT = {
  events: [],
  eventCount: 0,
  messages: NO_MESSAGES,
  resumable: false,
  endpointEvent: false,
};
const AMZN = { "x-amzn-requestid": "r" };
const IN_SESSION = { method: "tools/list", id: 1, inSession: true };

interface Row {
  readonly name: string;
  readonly seen: Exchange;
  readonly mode: string | null;
  readonly step?: StepName;
  readonly era?: "legacy" | "modern";
  readonly authenticated?: boolean;
  readonly expiry?: CredentialExpiry;
}

/** Sent 10 ms after the attempt's start, as `exchange()` has it. */
const EXPIRED = { at: "2026-11-22T07:00:00.000Z", leftMs: 10 };
const INVALID_TOKEN = { "www-authenticate": 'Bearer realm="mcp", error="invalid_token"' };

const ROWS: readonly Row[] = [
  { name: "a sound answer", seen: exchange({ reply: result({}) }), mode: null },
  {
    name: "a reset before headers",
    seen: exchange({
      status: null,
      end: "network-error",
      networkError: { phase: "send", code: "ECONNRESET" },
    }),
    mode: "connection-reset",
  },
  {
    name: "a reset after the answer had come",
    seen: exchange({
      reply: result({}),
      end: "network-error",
      networkError: { phase: "body", code: "ECONNRESET" },
    }),
    mode: null,
  },
  {
    name: "a 502 whose body breaks off is a 502",
    seen: exchange({
      status: 502,
      end: "network-error",
      networkError: { phase: "body", code: "ECONNRESET" },
    }),
    mode: "http-server-error",
  },
  {
    name: "an answer over the cap",
    seen: exchange({ end: "too-large" }),
    mode: "response-too-large",
  },
  {
    name: "a 5 MB error page is still its status",
    seen: exchange({ status: 500, end: "too-large" }),
    mode: "http-server-error",
  },
  {
    name: "302",
    seen: exchange({ status: 302, headers: { location: "https://x/login" } }),
    mode: "redirected",
  },
  { name: "401 without credentials", seen: exchange({ status: 401 }), mode: "auth-required" },
  {
    name: "401 with credentials",
    seen: exchange({ status: 401 }),
    mode: "http-unauthorized",
    authenticated: true,
  },
  {
    name: "401 to a token that says itself that it is over",
    seen: exchange({ status: 401 }),
    mode: "credential-expired",
    authenticated: true,
    expiry: { ...EXPIRED, of: "bearer" },
  },
  {
    name: "401 to a token that is good for another millisecond",
    seen: exchange({ status: 401, headers: INVALID_TOKEN }),
    mode: "http-unauthorized",
    authenticated: true,
    expiry: { ...EXPIRED, leftMs: 11, of: "bearer" },
  },
  {
    name: "401 for the token that was given for a time that is over",
    seen: exchange({ status: 401, headers: INVALID_TOKEN }),
    mode: "credential-expired",
    authenticated: true,
    expiry: { ...EXPIRED, of: "oauth" },
  },
  {
    name: "401 for another reason than such a token's end",
    seen: exchange({
      status: 401,
      headers: { "www-authenticate": 'Bearer realm="invalid_token"' },
    }),
    mode: "http-unauthorized",
    authenticated: true,
    expiry: { ...EXPIRED, of: "oauth" },
  },
  {
    name: "a sound answer to a token that is over",
    seen: exchange({ reply: result({}) }),
    mode: null,
    authenticated: true,
    expiry: { ...EXPIRED, of: "bearer" },
  },
  {
    name: "403",
    seen: exchange({ status: 403, body: '{"Message":null}' }),
    mode: "http-forbidden",
  },
  { name: "404 with no session", seen: exchange({ status: 404 }), mode: "http-not-found" },
  {
    name: "404 in a session",
    seen: exchange({ ...IN_SESSION, status: 404 }),
    mode: "session-lost",
  },
  {
    name: "404 in a session for a method that is not there",
    seen: exchange({ ...IN_SESSION, status: 404, reply: rpcError(-32601) }),
    mode: "rpc-error",
    step: "listTools",
  },
  {
    name: "bytes that are no HTTP",
    seen: exchange({
      status: null,
      end: "network-error",
      networkError: { phase: "body", code: "HPE_INVALID_CONSTANT" },
    }),
    mode: "not-mcp-response",
  },
  {
    name: "a body that is not what its content-encoding says",
    seen: exchange({ end: "network-error", networkError: { phase: "body", code: "Z_DATA_ERROR" } }),
    mode: "malformed-json",
  },
  {
    name: "-32022 after a good discover",
    seen: exchange({ method: "tools/list", id: 1, status: 400, reply: rpcError(-32022) }),
    mode: "protocol-version-mismatch",
    step: "listTools",
    era: "modern",
  },
  {
    name: "404 in a session, to initialize",
    seen: exchange({ inSession: true, status: 404 }),
    mode: "http-not-found",
  },
  {
    name: "400 with -32000 after initialize, with no session id",
    seen: exchange({ method: "tools/list", id: 1, status: 400, reply: rpcError(-32000) }),
    mode: "session-lost",
    step: "listTools",
  },
  {
    name: "400 with -32000 to initialize",
    seen: exchange({ status: 400, reply: rpcError(-32000) }),
    mode: "negotiation-rejected",
  },
  {
    name: "200 with -32001 in a session",
    seen: exchange({ ...IN_SESSION, reply: rpcError(-32001) }),
    mode: "session-lost",
    step: "listTools",
  },
  {
    name: "404 with -32601 in the modern era is its JSON-RPC error",
    seen: exchange({ method: "tools/list", id: 1, status: 404, reply: rpcError(-32601) }),
    mode: "rpc-error",
    step: "listTools",
    era: "modern",
  },
  { name: "405", seen: exchange({ status: 405 }), mode: "http-unexpected" },
  {
    name: "429",
    seen: exchange({ status: 429, headers: { "retry-after": "5" } }),
    mode: "http-throttled",
  },
  {
    name: "429 with a JSON-RPC error",
    seen: exchange({ status: 429, reply: rpcError(-32000) }),
    mode: "http-throttled",
  },
  {
    name: "502 from Lambda by its error type",
    seen: exchange({
      status: 502,
      headers: { ...AMZN, "x-amzn-errortype": "InternalServerErrorException" },
    }),
    mode: "function-error",
  },
  {
    name: "502 from Lambda by its exact body",
    seen: exchange({ status: 502, headers: AMZN, body: "Internal Server Error" }),
    mode: "function-error",
  },
  {
    name: "502 of an application behind a Function URL",
    seen: exchange({ status: 502, headers: AMZN, body: "upstream failed" }),
    mode: "http-server-error",
  },
  {
    name: "the same body without AWS's headers",
    seen: exchange({ status: 502, body: "Internal Server Error" }),
    mode: "http-server-error",
  },
  {
    name: "504 from API Gateway",
    seen: exchange({
      status: 504,
      headers: { "x-amz-apigw-id": "g" },
      body: '{"message": "Endpoint request timed out"}',
    }),
    mode: "gateway-timeout",
  },
  {
    name: "503 from an HTTP API",
    seen: exchange({
      status: 503,
      headers: { "apigw-requestid": "g" },
      body: '{"message":"Service Unavailable"}',
    }),
    mode: "gateway-timeout",
  },
  {
    name: "500 with a JSON-RPC error",
    seen: exchange({ status: 500, reply: rpcError(-32603) }),
    mode: "http-server-error",
  },
  { name: "silence", seen: exchange({ status: null, end: "timed-out" }), mode: "timeout" },
  {
    name: "a stream that opens and stays silent",
    seen: exchange({ contentType: SSE, end: "timed-out", sse: SILENT }),
    mode: "stream-stalled",
  },
  {
    name: "an unreadable event before the silence",
    seen: exchange({
      contentType: SSE,
      end: "timed-out",
      sse: SILENT,
      reply: { kind: "malformed", detail: "x" },
    }),
    mode: "malformed-json",
  },
  {
    name: "half a JSON body, then silence",
    seen: exchange({ end: "timed-out", body: '{"jsonrpc"' }),
    mode: "timeout",
  },
  {
    name: "202 to a request",
    seen: exchange({ status: 202, body: "", contentType: null }),
    mode: "empty-response",
  },
  {
    name: "204 to a request",
    seen: exchange({ status: 204, body: "", contentType: null }),
    mode: "empty-response",
  },
  {
    name: "an empty JSON body, before malformed-json",
    seen: exchange({ body: "" }),
    mode: "empty-response",
  },
  {
    name: "an empty page, before not-mcp-response",
    seen: exchange({ body: "", contentType: "text/html" }),
    mode: "empty-response",
  },
  {
    name: "an empty stream",
    seen: exchange({ contentType: SSE, body: ": hi\n\n", sse: SILENT }),
    mode: "empty-stream",
  },
  {
    name: "a stream that ends after other events",
    seen: exchange({ contentType: SSE, sse: { ...SILENT, eventCount: 2 } }),
    mode: "invalid-jsonrpc",
  },
  {
    name: "the old transport's endpoint event",
    seen: exchange({
      contentType: SSE,
      end: "timed-out",
      sse: { ...SILENT, eventCount: 1, endpointEvent: true },
    }),
    mode: "legacy-sse-transport",
  },
  {
    name: "the raw envelope, whatever its content type",
    seen: exchange({
      contentType: "application/octet-stream",
      reply: { kind: "foreign", envelope: true },
    }),
    mode: "lambda-envelope",
  },
  {
    name: "HTML",
    seen: exchange({ contentType: "text/html", reply: { kind: "malformed", detail: "x" } }),
    mode: "not-mcp-response",
  },
  {
    name: "JSON of another program",
    seen: exchange({ reply: { kind: "foreign", envelope: false } }),
    mode: "not-mcp-response",
  },
  {
    name: "an answer as text/plain, which no SDK reads",
    seen: exchange({ contentType: "text/plain", reply: result({}) }),
    mode: "not-mcp-response",
  },
  {
    name: "an answer without a content type",
    seen: exchange({ contentType: null, reply: result({}) }),
    mode: "not-mcp-response",
  },
  {
    name: "broken JSON",
    seen: exchange({ reply: { kind: "malformed", detail: "x" } }),
    mode: "malformed-json",
  },
  {
    name: "a wrong id",
    seen: exchange({ reply: { kind: "invalid", detail: "x" } }),
    mode: "invalid-jsonrpc",
  },
  {
    name: "-32020",
    seen: exchange({ status: 400, reply: rpcError(-32020) }),
    mode: "header-mismatch",
  },
  {
    name: "-32022 to initialize",
    seen: exchange({ status: 400, reply: rpcError(-32022) }),
    mode: "era-mismatch",
  },
  {
    name: "-32022 to server/discover",
    seen: exchange({ method: "server/discover", status: 400, reply: rpcError(-32022) }),
    mode: "protocol-version-mismatch",
    era: "modern",
  },
  {
    name: "-32601 to server/discover",
    seen: exchange({ method: "server/discover", reply: rpcError(-32601) }),
    mode: "era-mismatch",
    era: "modern",
  },
  {
    name: "another error to initialize",
    seen: exchange({ reply: rpcError(-32603) }),
    mode: "negotiation-rejected",
  },
  {
    name: "an error to tools/call",
    seen: exchange({ method: "tools/call", id: 2, reply: rpcError(-32602) }),
    mode: "rpc-error",
    step: "callTool",
  },
  {
    name: "202 to a notification",
    seen: exchange({
      method: "notifications/initialized",
      id: null,
      status: 202,
      body: "",
      contentType: null,
    }),
    mode: null,
  },
  {
    name: "no answer to a notification",
    seen: exchange({
      method: "notifications/initialized",
      id: null,
      status: null,
      end: "timed-out",
    }),
    mode: "timeout",
  },
  {
    name: "a notification in a lost session",
    seen: exchange({ method: "notifications/initialized", id: null, status: 404, inSession: true }),
    mode: "session-lost",
  },
];

describe("precedence", () => {
  const caseOf = ({ seen, step, era, authenticated, expiry }: Row) => ({
    exchange: seen,
    step: step ?? "negotiate",
    era: era ?? "legacy",
    authenticated: authenticated ?? false,
    credentialExpiry: expiry ?? null,
  });

  it.each(ROWS)("$name: $mode", (row) => {
    expect(judgeExchange(caseOf(row))?.mode ?? null).toBe(row.mode);
  });

  it("gives only the codes that each rule declares", () => {
    for (const row of ROWS) {
      for (const rule of PRECEDENCE) {
        const mode = rule.judge(caseOf(row))?.mode;
        if (mode !== undefined) expect(rule.modes).toContain(mode);
      }
    }
  });

  it("declares registered codes only", () => {
    for (const { modes } of PRECEDENCE) {
      for (const mode of modes) expect(FAILURE_CODES).toContain(mode);
    }
  });
});
