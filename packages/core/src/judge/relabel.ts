import { FAILURE_MODES } from "../failure-modes.ts";
import type { GapWindow } from "../gap/types.ts";
import type { Failure, RunRecord, Verdict } from "../verdict.ts";
import { WORST_FIRST, worstOf } from "../verdict-order.ts";
import { initWord } from "./cold-start.ts";

/**
 * Names a time-out that a repeat did not show: a cold start with proof, otherwise a transient one.
 * `repeatWasWell` is whether some repeat found the target usable. A gap whose window lets clients
 * reach cold environments is proof too.
 */
export function relabelTimeouts(
  first: Verdict,
  repeatWasWell: boolean,
  gap: Pick<GapWindow, "exposure"> | null = null,
): Verdict {
  if (!repeatWasWell) return first;
  const isExposed = gap !== null && gap.exposure !== "shielded";
  // A simultaneous client meets an environment of its own, of which only its own answer can tell.
  const to = ({ evidence }: Failure) =>
    first.coldStart === true || isExposed || initWord(evidence.headers) === "cold"
      ? "cold-start-timeout"
      : "transient-timeout";
  return { ...first, ...renamed(first, { from: "timeout", to }) };
}

/** A record with proof that came after the run: what was called transient is a cold start's then. */
export function withColdStart(record: RunRecord, coldStart: boolean): RunRecord {
  if (!coldStart) return { ...record, coldStart };
  const told = renamed(record, {
    from: "transient-timeout",
    to: () => "cold-start-timeout",
  });
  const modes = [...new Set(told.failures.map(({ mode }) => mode))];
  const [first, ...repeats] = record.attempts;
  return {
    ...record,
    ...told,
    coldStart,
    attempts: first === undefined ? [] : [{ ...first, status: told.status, modes }, ...repeats],
  };
}

type Judged = Pick<Verdict, "status" | "failures">;
type Late = "timeout" | "cold-start-timeout" | "transient-timeout";

interface Renaming {
  readonly from: Late;
  readonly to: (failure: Failure) => Late;
}

function renamed(judged: Judged, { from, to }: Renaming): Judged {
  if (!judged.failures.some(({ mode }) => mode === from)) {
    return { status: judged.status, failures: judged.failures };
  }
  const failures = judged.failures
    .map((failure): Failure => {
      if (failure.mode !== from) return failure;
      const mode = to(failure);
      return { ...failure, mode, remedy: FAILURE_MODES[mode].remedy };
    })
    .sort((a, b) => rank(a) - rank(b));
  return { status: worstOf(failures.map(({ mode }) => FAILURE_MODES[mode].status)), failures };
}

function rank({ mode }: Failure): number {
  return WORST_FIRST.indexOf(FAILURE_MODES[mode].status);
}
