import type {
  Clock,
  Era,
  ExtraStep,
  GapWindow,
  ProbeRun,
  RequestSigner,
  RunKind,
  RunRecord,
  ToolLists,
  Verdict,
} from "@vigil/core";

import type { TokenCache } from "./oauth/token-cache.ts";

/** Resolves a secret reference such as `env:ORDERS_TOKEN`; null when it cannot be had. */
export type SecretResolver = (reference: string) => Promise<string | null>;

export interface ProbeDeps {
  readonly vantage: string;
  readonly clock: Clock;
  readonly secrets: SecretResolver;
  /** Told of the secrets that went with a request which was refused, so that they are read anew. */
  readonly refused?: (references: readonly string[]) => void;
  /** Signs for targets with `auth: sigv4()`; without it they are `unknown`. */
  readonly sign?: RequestSigner;
  /** Keeps OAuth tokens from run to run; without it each run gets its own. */
  readonly tokens?: TokenCache;
  /** Version that the probe gives as `vigil/<version>`. */
  readonly version: string;
  /** Makes run ids and trace ids; must be unguessable enough not to collide. */
  readonly randomId: () => string;
  /** Opens the attempt's connection; the default speaks HTTP/1.1 over real sockets. */
  readonly openConnection?: import("./connection.ts").OpenConnection;
}

export interface ConfirmedOptions {
  readonly kind: RunKind;
  /** ISO 8601; the minute that this run stands for. */
  readonly scheduledAt: string;
  /** `clock.monotonic()` value by which the run must have ended, further steps included. */
  readonly deadline: number;
  readonly eraHint: Era | null;
  /** The tools that were accepted; without them a list is held against nothing. */
  readonly baseline?: ToolLists | null;
  /** The deployment gap window that is open, if one is. */
  readonly gap?: Pick<GapWindow, "openedAt" | "exposure"> | null;
  /** The target is already known to be down: a failure then needs no repeats. */
  readonly knownDown: boolean;
  /** Further steps to take in every attempt, where the target is configured for them. */
  readonly extras: readonly ExtraStep[];
  /** Repeats a failed first attempt; false for `--no-confirm`. */
  readonly confirm: boolean;
}

/**
 * A run with everything that was seen. Only `record` and `tools` may be kept or shown: they are free
 * of secrets.
 */
export interface ConfirmedRun {
  readonly record: RunRecord;
  /** What the first attempt listed; null when it did not come to the end of every list. */
  readonly tools: ToolLists | null;
  readonly attempts: readonly { readonly run: ProbeRun; readonly verdict: Verdict }[];
}
