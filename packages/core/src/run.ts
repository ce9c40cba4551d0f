import type { CredentialExpiry } from "./credential-expiry.ts";
import type { TokenFailure } from "./token-request.ts";

/**
 * What a probe saw: one attempt, told as steps, each with the HTTP exchanges that made it up.
 * Nothing here is a judgement; `judge()` reads these records and nothing else.
 * Every `…Ms` that is not a duration counts from the start of the attempt.
 */

export const STEPS = [
  "connect",
  "authorize",
  "negotiate",
  "listTools",
  "callTool",
  "stream",
  "concurrency",
  "cors",
  "close",
] as const;
export type StepName = (typeof STEPS)[number];

export const ERAS = ["legacy", "modern"] as const;
/** "legacy" opens with `initialize` (revisions up to 2025-11-25); "modern" is stateless (2026-07-28). */
export type Era = (typeof ERAS)[number];

/** Revisions that the legacy leg can speak, newest first: those of `@modelcontextprotocol/sdk` 1.32. */
export const LEGACY_VERSIONS = [
  "2025-11-25",
  "2025-06-18",
  "2025-03-26",
  "2024-11-05",
  "2024-10-07",
] as const;
export const MODERN_VERSION = "2026-07-28";

export type JsonRpcId = string | number;

export interface JsonRpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** What the response held for the request's JSON-RPC id. */
export type Reply =
  /** Nothing has answered (yet); the exchange's `end` says why. */
  | { readonly kind: "none" }
  | { readonly kind: "result"; readonly result: unknown }
  | { readonly kind: "error"; readonly error: JsonRpcError }
  /** A body that should be JSON and is not. */
  | { readonly kind: "malformed"; readonly detail: string }
  /** JSON that has nothing of JSON-RPC: some other program answers. */
  | { readonly kind: "foreign"; readonly envelope: boolean }
  /** JSON-RPC, but no valid 2.0 answer to this id. */
  | { readonly kind: "invalid"; readonly detail: string };

export const NETWORK_PHASES = ["dns", "tcp", "tls", "send", "body"] as const;
export type NetworkPhase = (typeof NETWORK_PHASES)[number];

/** A failure below HTTP. `code` is Node's (`ECONNREFUSED`, `CERT_HAS_EXPIRED`, …). */
export interface NetworkError {
  readonly phase: NetworkPhase;
  readonly code: string;
}

/**
 * How a response ended: whole; cut by the deadline; over the size cap; broken by the network; or
 * left open by us because its answer had arrived.
 */
export type ExchangeEnd = "complete" | "timed-out" | "too-large" | "network-error" | "left-open";

export interface SseEvent {
  /** When its last byte was read; events that came in one piece have one time. */
  readonly atMs: number;
  /** How long it may have lain unread before that, because the probe itself was busy. */
  readonly lateMs: number;
  /** The SSE `event:` field; `message` when absent. */
  readonly type: string;
  readonly bytes: number;
}

export interface SseEvidence {
  /** Events that carry data; at most {@link MAX_SSE_EVENTS} are kept. */
  readonly events: readonly SseEvent[];
  readonly eventCount: number;
  readonly messages: SseMessages;
  /** An `id:` was seen, so a client may resume after the stream's end. */
  readonly resumable: boolean;
  /** The data of the old HTTP+SSE transport's `endpoint` event, if one came. */
  readonly endpointEvent: boolean;
}

/** The events that clients read: neither comments, nor priming events, nor those under other names. */
export interface SseMessages {
  readonly count: number;
  readonly first: SseEvent | null;
  readonly last: SseEvent | null;
}
export const MAX_SSE_EVENTS = 50;

export interface ExchangeRequest {
  readonly httpMethod: string;
  /** The request named a session that the server had opened. */
  readonly inSession: boolean;
  /** Origin and path; never a query string, which may hold a key. */
  readonly url: string;
  /** JSON-RPC method and id; null for requests that carry none (GET, DELETE, OPTIONS). */
  readonly rpcMethod: string | null;
  readonly rpcId: JsonRpcId | null;
  /** Header names that a preflight asks leave for. */
  readonly asksFor?: readonly string[];
}

export interface ExchangeResponse {
  readonly status: number;
  readonly contentType: string | null;
  /** Only the headers that help to explain a failure, lower-case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly firstByteMs: number;
}

/** One HTTP request and what came of it. */
export interface Exchange {
  readonly request: ExchangeRequest;
  readonly startMs: number;
  readonly response: ExchangeResponse | null;
  /** When the response ended; of one that was left open, when its answer had come. */
  readonly endMs: number;
  readonly end: ExchangeEnd;
  readonly networkError: NetworkError | null;
  /** First 2 kB of the body, decoded leniently; secrets already removed. */
  readonly bodyHead: string;
  readonly bodyBytes: number;
  readonly sse: SseEvidence | null;
  readonly reply: Reply;
  /** JSON-RPC methods of requests that the server sent on this response. */
  readonly serverRequests: readonly string[];
}

export interface ConnectTimings {
  readonly dnsMs: number | null;
  readonly tcpMs: number | null;
  readonly tlsMs: number | null;
  /** Address that answered, e.g. `127.0.0.1`. */
  readonly address: string | null;
  /** End of the server certificate's validity; null without TLS. */
  readonly certificateExpiresAt: string | null;
}

/** Why a step was not taken although the run got to it. */
export type SkipReason =
  | "no-sentinel"
  | "tool-missing"
  | "tool-not-read-only"
  | "no-session"
  | "not-requested"
  | "no-credentials"
  /** What was left of the run's time is less than a client's patience. */
  | "no-time";

export interface StepRecord {
  readonly step: StepName;
  readonly era: Era | null;
  /**
   * The tool, for `callTool` and `stream`, or `GET` for the stream that a GET opens; how many clients,
   * for `concurrency`; null elsewhere.
   */
  readonly label: string | null;
  readonly outcome: "ok" | "failed" | "skipped" | "not-reached";
  readonly startMs: number | null;
  /** From the step's start to its first answer's headers. */
  readonly firstByteMs: number | null;
  readonly durationMs: number | null;
  readonly exchanges: readonly Exchange[];
  readonly connect: ConnectTimings | null;
  /** A failure that no exchange shows: the connection, a secret, or the monitor itself. */
  readonly fault: StepFault | null;
  readonly skipped: SkipReason | null;
}

export type StepFault =
  | { readonly kind: "network"; readonly error: NetworkError }
  | { readonly kind: "connect-timed-out"; readonly phase: NetworkPhase }
  | { readonly kind: "secret-unavailable"; readonly reference: string }
  | { readonly kind: "token-request-failed"; readonly failure: TokenFailure }
  /** The official SDK refused what our own reading of the wire accepts. `name` and `code` only, never its message. */
  | { readonly kind: "sdk-refused"; readonly name: string; readonly code: string | null }
  | { readonly kind: "pagination-loop"; readonly pages: number }
  /** Earlier steps used up the run's time. */
  | { readonly kind: "run-timed-out" }
  /** The run began with no time left: the monitor's own doing. */
  | { readonly kind: "deadline-exhausted" }
  | { readonly kind: "internal"; readonly name: string };

export interface ServerInfo {
  readonly name: string;
  readonly version: string;
}

/** The conversation in one era: a run has one leg, or two when the target's era is "both". */
export interface Leg {
  readonly era: Era;
  readonly protocolVersion: string | null;
  readonly server: ServerInfo | null;
  readonly steps: readonly StepRecord[];
  /** Tools as listed over all pages; null when the list was not obtained. */
  readonly tools: readonly ToolInfo[] | null;
  /** The session could not be ended (DELETE failed). Never changes a verdict. */
  readonly sessionLeft: boolean;
}

/** A tool as the server lists it. `inputSchema` is as received. */
export interface ToolInfo {
  readonly name: string;
  readonly inputSchema: unknown;
  readonly annotations: {
    readonly readOnlyHint?: boolean;
    readonly destructiveHint?: boolean;
  } | null;
}

/** A protected resource's account of itself (RFC 9728). */
export interface ResourceMetadata {
  readonly exchange: Exchange;
  /** Null when the answer is not a JSON object. */
  readonly document: {
    readonly resource: string | null;
    readonly authorizationServers: readonly string[];
  } | null;
}

/** One attempt. */
export interface ProbeRun {
  readonly runId: string;
  readonly target: string;
  readonly vantage: string;
  readonly url: string;
  readonly startedAt: string;
  /** The whole attempt; `judgedDurationMs` in core leaves out era detection and the optional steps. */
  readonly totalMs: number;
  readonly timeoutMs: number;
  /** Credentials were sent: a 401 then is a refusal, not a request for them. */
  readonly authenticated: boolean;
  /** When those credentials end; null when none were sent, or when nobody knows. */
  readonly credentialExpiry: CredentialExpiry | null;
  /** Milliseconds spent on finding out the era; 0 when it was known. */
  readonly detectionMs: number;
  /** The connection that all legs shared. */
  readonly connect: StepRecord;
  readonly authorize: StepRecord;
  readonly legs: readonly Leg[];
  /** What the target's challenge points to, if one was expected and came. */
  readonly resourceMetadata: ResourceMetadata | null;
}
