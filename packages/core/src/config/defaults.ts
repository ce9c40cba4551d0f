import { DEFAULTS, MAX_RUN_TIMEOUT_MS } from "./limits.ts";

export interface Limits {
  readonly clientTimeoutMs: number;
  readonly runTimeoutMs: number;
  readonly slowMs: number;
}

export interface Confirm {
  readonly delaysMs: readonly number[];
  readonly withinMs: number;
}

export type Written<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** Time that an attempt has beyond the answer that a client waits longest for. */
const RUN_ROOM_MS = DEFAULTS.runTimeoutMs - DEFAULTS.clientTimeoutMs;
/** Time that is left for repeats after the longest attempt. */
const CONFIRM_ROOM_MS = DEFAULTS.confirm.withinMs - DEFAULTS.runTimeoutMs;

/** Fills in what was not written; defaults give way to what was, so that they never clash with it. */
export function fillLimits(written: Written<Limits>): Limits {
  const { runTimeoutMs: run } = written;
  const clientTimeoutMs =
    written.clientTimeoutMs ?? Math.min(DEFAULTS.clientTimeoutMs, (run ?? Infinity) - 1);
  return {
    clientTimeoutMs,
    runTimeoutMs: run ?? atLeast(DEFAULTS.runTimeoutMs, clientTimeoutMs + RUN_ROOM_MS),
    slowMs: written.slowMs ?? Math.min(DEFAULTS.slowMs, clientTimeoutMs - 1),
  };
}

/** As {@link fillLimits}: of the usual waits, as many as there is time for. */
export function fillConfirm(
  written: Written<Confirm>,
  { runTimeoutMs }: Pick<Limits, "runTimeoutMs">,
): Confirm {
  const withinMs =
    written.withinMs ?? atLeast(DEFAULTS.confirm.withinMs, runTimeoutMs + CONFIRM_ROOM_MS);
  const usual = DEFAULTS.confirm.delaysMs;
  const fitting = usual.filter((_, index) => sum(usual.slice(0, index + 1)) < withinMs);
  return { delaysMs: written.delaysMs ?? fitting, withinMs };
}

function atLeast(usual: number, needed: number): number {
  return Math.max(usual, Math.min(MAX_RUN_TIMEOUT_MS, needed));
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
