import type { Clock, Target } from "@vigil/core";
import type { Connection } from "./connection.ts";

/** What every leg of an attempt shares. */
export interface AttemptContext {
  readonly target: Target;
  readonly url: URL;
  readonly connection: Connection;
  readonly clock: Clock;
  /** `clock.monotonic()` at the attempt's start. */
  readonly startedAt: number;
  readonly version: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly authenticated: boolean;
  readonly redact: (text: string) => string;
  /** Milliseconds until the attempt must have ended. */
  readonly remainingMs: () => number;
  /** What one step may take now: the client's patience or what is left of the run. */
  readonly stepTimeoutMs: () => number;
}
