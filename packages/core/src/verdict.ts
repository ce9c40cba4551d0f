import type { FailureCode, Status } from "./failure-modes.ts";
import type { Era, JsonRpcError, ServerInfo, SkipReason, StepName } from "./run.ts";

export const DEPTHS = ["none", "handshake", "tools", "sentinel"] as const;
/** How far the run could look: negotiated, listed every page, passed every sentinel. */
export type Depth = (typeof DEPTHS)[number];

/** What a reader needs to believe a failure; unreached values are null. */
export interface FailureEvidence {
  readonly httpStatus: number | null;
  readonly contentType: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** First 2 kB at most. */
  readonly body: string | null;
  readonly bytes: number | null;
  readonly rpcMethod: string | null;
  readonly rpcError: JsonRpcError | null;
  readonly sseEventsMs: readonly number[] | null;
  readonly networkCode: string | null;
  /** Expected against found, a tool's name, a limit: whatever the rule compared. */
  readonly detail: string | null;
}

export interface Failure {
  readonly mode: FailureCode;
  readonly step: StepName;
  readonly era: Era | null;
  /** One line, in terms of what happened here. */
  readonly summary: string;
  readonly remedy: string;
  readonly evidence: FailureEvidence;
}

/** How many tools differ from the accepted ones. */
export interface Drift {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** A caller whose arguments were valid may now be refused. */
  readonly breaking: boolean;
}

/** The judgement of one attempt. */
export interface Verdict {
  readonly status: Status;
  readonly depth: Depth;
  /** Worst first; empty exactly when the status is `up`. */
  readonly failures: readonly Failure[];
  readonly era: Era | "both" | null;
  readonly protocolVersion: string | null;
  readonly server: ServerInfo | null;
  readonly toolCount: number | null;
  /** `sha256:` and 64 hex digits over names and input schemas, whatever their order. */
  readonly toolsHash: string | null;
  /** Null when the tools are the accepted ones, and when there is nothing to hold them against. */
  readonly drift: Drift | null;
  /** True or false only on proof. */
  readonly coldStart: boolean | null;
  /** The slowest first byte among simultaneous clients; null when none were sent. */
  readonly coldSampleMs: number | null;
  readonly durationMs: number;
  /** Things worth knowing that change no status, e.g. why no sentinel was called. */
  readonly notes: readonly string[];
}

export const RUN_KINDS = ["scheduled", "burst", "manual"] as const;
export type RunKind = (typeof RUN_KINDS)[number];

export interface RecordedStep {
  readonly step: StepName;
  readonly era?: Era;
  readonly label?: string;
  readonly outcome: "ok" | "failed" | "skipped" | "not-reached";
  readonly startMs: number | null;
  readonly durationMs: number | null;
  readonly firstByteMs: number | null;
  readonly skipped?: SkipReason;
  /** Of a stream: the messages that came, and when the first few and the last one did. */
  readonly events?: { readonly count: number; readonly atMs: readonly number[] };
}

export interface RecordedAttempt {
  readonly startedAt: string;
  readonly durationMs: number;
  readonly status: Status;
  readonly modes: readonly FailureCode[];
}

/**
 * A run as everyone sees it: `--json` (one object a line), history and the log.
 * Steps, durations and failures are the first attempt's.
 */
export interface RunRecord {
  readonly schema: 1;
  readonly runId: string;
  readonly kind: RunKind;
  readonly target: string;
  readonly vantage: string;
  readonly scheduledAt: string;
  readonly startedAt: string;
  readonly status: Status;
  /** Every repeat failed too. False for a run whose first attempt was well. */
  readonly confirmed: boolean;
  readonly depth: Depth;
  readonly era: Era | "both" | null;
  readonly protocolVersion: string | null;
  readonly server: ServerInfo | null;
  readonly toolCount: number | null;
  readonly toolsHash: string | null;
  readonly drift: Drift | null;
  readonly coldStart: boolean | null;
  readonly coldSampleMs: number | null;
  readonly durationMs: number;
  readonly sessionLeft: boolean;
  readonly steps: readonly RecordedStep[];
  readonly failures: readonly Failure[];
  readonly attempts: readonly RecordedAttempt[];
  readonly notes: readonly string[];
  /** The deployment gap window that the run fell into, by its start. */
  readonly gap: string | null;
}
