import type { FailureCode, Status } from "./failure-modes.ts";
import type { Era } from "./run.ts";

/** Degraded is shown once this many of the last {@link DEGRADED_WINDOW} runs were not clean. */
export const DEGRADED_RUNS = 3;
export const DEGRADED_WINDOW = 5;
/** Clean runs in a row before a target is called well again. */
export const CLEAN_RUNS = 2;

/** What people see of a target from one vantage, carried from run to run. */
export interface TargetState {
  readonly target: string;
  readonly vantage: string;
  readonly status: Status;
  /** When `status` began. */
  readonly since: string;
  /** Modes of the run that set `status`; empty when up. */
  readonly modes: readonly FailureCode[];
  /** Statuses of the last runs, newest last, at most {@link DEGRADED_WINDOW}. */
  readonly recent: readonly Status[];
  readonly lastRunAt: string;
  readonly lastGoodRunAt: string | null;
  /** Era that the last negotiated run spoke: the hint for the next one. */
  readonly era: Era | null;
  /** Tools of the first good run. */
  readonly baseline: { readonly toolsHash: string; readonly toolCount: number; readonly at: string } | null;
}
