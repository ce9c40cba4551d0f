import type { Clock, CredentialExpiry, ExtraStep, Target } from "@vigil/core";
import type { Connection } from "./connection.ts";
import type { BoundSigner } from "./signing.ts";

/** What every leg of an attempt shares. */
export interface AttemptContext {
  readonly target: Target;
  readonly url: URL;
  readonly connection: Connection;
  /** A further connection to the target, not opened yet. */
  readonly dial: () => Connection;
  readonly clock: Clock;
  /** `clock.monotonic()` at the attempt's start. */
  readonly startedAt: number;
  readonly version: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Signs each request to the target's origin; null when requests go unsigned. */
  readonly sign: BoundSigner | null;
  readonly authenticated: boolean;
  readonly credentialExpiry: CredentialExpiry | null;
  /** Further steps that were asked for. */
  readonly extras: readonly ExtraStep[];
  readonly redact: (text: string) => string;
  /** Takes further steps, whose time is not taken off the others'. */
  readonly further: (take: () => Promise<void>) => Promise<void>;
  /** Milliseconds until the attempt must have ended. */
  readonly remainingMs: () => number;
  /** A client's patience with one request. */
  readonly patienceMs: number;
  /** What one step may take now: the client's patience or what is left of the run. */
  readonly stepTimeoutMs: () => number;
}
