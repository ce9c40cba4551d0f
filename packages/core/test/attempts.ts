import type { FailureCode, Status } from "../src/failure-modes.ts";
import type { AttemptSummary } from "../src/next-attempt.ts";

export const POLICY = { delaysMs: [2_000, 6_000], withinMs: 20_000 };
export const TIMED_OUT = { mode: "timeout", to: 10_000 } as const;

/** How an attempt went, in short: down, unless it says otherwise. */
export interface Spell {
  readonly status?: Status;
  readonly mode?: FailureCode;
  readonly from?: number;
  readonly to: number;
  readonly retryAfterMs?: number;
}

export function attempt({
  status = "down",
  mode,
  from = 0,
  to,
  retryAfterMs,
}: Spell): AttemptSummary {
  const modes = mode === undefined ? [] : [mode];
  return { status, modes, startMs: from, endMs: to, retryAfterMs: retryAfterMs ?? null };
}
