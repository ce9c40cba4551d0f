import type { Target } from "./config/index.ts";
import { type ExtraStep, extraTimeMs } from "./extra-steps.ts";
import { CONFIRM_RESERVE_MS } from "./next-attempt.ts";

const MINUTE_MS = 60_000;

/** Milliseconds for the first attempt and its repeats, and for the further steps of each. */
export function longestRunMs(target: Target, extras: readonly ExtraStep[]): number {
  const { runTimeoutMs, confirm } = target;
  const plainMs = Math.max(runTimeoutMs, confirm.withinMs) + CONFIRM_RESERVE_MS;
  return plainMs + extraTimeMs(target, extras);
}

/** As {@link longestRunMs}; but further steps must not take the place of the next minute's run. */
export function scheduledRunMs(target: Target, extras: readonly ExtraStep[]): number {
  return Math.max(longestRunMs(target, []), Math.min(MINUTE_MS, longestRunMs(target, extras)));
}
