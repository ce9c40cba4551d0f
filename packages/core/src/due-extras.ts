import { CLEAN_RUNS } from "./clean-runs.ts";
import type { Target } from "./config/index.ts";
import { EXTRA_STEPS, type ExtraStep, everyMsOf } from "./extra-steps.ts";
import { FAILURE_MODES } from "./failure-modes.ts";
import type { TargetState } from "./state.ts";
import type { RunRecord } from "./verdict.ts";

/** What is remembered of a further step from run to run. */
export interface ExtraTaken {
  /** The run that took it last. */
  readonly at: string;
  /** Runs that it has yet to pass since it failed; 0 when it is well. */
  readonly owed: number;
}

export type ExtrasTaken = { readonly [Step in ExtraStep]?: ExtraTaken };

/**
 * The further steps that a scheduled run takes: what was never taken; what failed, in every run
 * until it is well again, since runs without it would make the target look well; and what has had
 * its `every`. Times are spread over targets and steps by their names, so that not all are due in
 * the same minute: the first interval is shorter for that.
 */
export function dueExtras(
  target: Target,
  state: Pick<TargetState, "vantage" | "extras"> | null,
  at: string,
): readonly ExtraStep[] {
  return EXTRA_STEPS.filter((step) => {
    const everyMs = everyMsOf(target, step);
    if (everyMs === null) return false;
    const last = state?.extras[step];
    if (state === null || last === undefined || last.owed > 0) return true;
    const phaseMs = hash(`${target.name} ${state.vantage} ${step}`) % everyMs;
    const slot = (time: string) => Math.floor((Date.parse(time) - phaseMs) / everyMs);
    return slot(at) > slot(last.at);
  });
}

/** What is remembered after a run, of the steps that the target is still configured for. */
export function nextExtras(
  previous: ExtrasTaken,
  record: RunRecord,
  configured: readonly ExtraStep[],
): ExtrasTaken {
  const taken = EXTRA_STEPS.filter((step) => configured.includes(step)).flatMap((step) => {
    const last = previous[step];
    const next = nextTaken(last, outcomeOf(record, step), record.scheduledAt);
    return next === undefined ? [] : [[step, next] as const];
  });
  return Object.fromEntries(taken);
}

/** A further step that failed before and was not taken: what a clean run says is not the whole. */
export function hidesFailure(
  previous: ExtrasTaken,
  record: RunRecord,
  configured: readonly ExtraStep[],
): boolean {
  return configured.some(
    (step) => (previous[step]?.owed ?? 0) > 0 && outcomeOf(record, step) === null,
  );
}

function nextTaken(
  last: ExtraTaken | undefined,
  outcome: "ok" | "failed" | null,
  at: string,
): ExtraTaken | undefined {
  switch (outcome) {
    case null:
      return last;
    case "failed":
      return { at, owed: CLEAN_RUNS };
    case "ok":
      return { at, owed: Math.max(0, (last?.owed ?? 0) - 1) };
    default:
      return outcome satisfies never;
  }
}

/** Null when the step was not taken, or for a reason that says nothing of the target. */
function outcomeOf({ steps, failures }: RunRecord, step: ExtraStep): "ok" | "failed" | null {
  const failed = failures.filter((failure) => failure.step === step);
  if (failed.some(({ mode }) => FAILURE_MODES[mode].status !== "unknown")) return "failed";
  if (failed.length > 0) return null;
  return steps.some((one) => one.step === step && one.outcome === "ok") ? "ok" : null;
}

/** FNV-1a, 32 bits: spreads names that differ in little. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) {
    value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return value;
}
