import { ERAS, type Era, FAILURE_CODES, type FailureCode, STEPS, type StepName } from "@vigil/core";
import { BLANKS } from "./blanks.ts";
import type { Fault } from "./fault.ts";
import { FAULTS } from "./faults/index.ts";
import { MOMENTS, type Spot } from "./moments.ts";

/** A fault at one of its places. */
export interface Play {
  readonly fault: Fault;
  readonly spot: Spot;
}

export interface Cell {
  readonly code: FailureCode;
  readonly step: StepName;
  readonly era: Era;
  readonly plays: readonly Play[];
  /** Why nothing is played here; null where something is. */
  readonly blank: string | null;
}

/** Every play, once. */
export const PLAYS: readonly Play[] = FAULTS.flatMap((fault) =>
  fault.spots.map((spot) => ({ fault, spot })),
);

/** The step of a play. */
export function stepOf({ spot }: Play): StepName {
  return MOMENTS[spot.moment].step;
}

/** The whole matrix: every code at every step in every era. */
export function matrix(): readonly Cell[] {
  return FAILURE_CODES.flatMap((code) =>
    STEPS.flatMap((step) => ERAS.map((era) => cell(code, step, era))),
  );
}

function cell(code: FailureCode, step: StepName, era: Era): Cell {
  const plays = PLAYS.filter(
    (play) => play.fault.code === code && stepOf(play) === step && play.spot.era === era,
  );
  return { code, step, era, plays, blank: blankReason(code, step, era) };
}

function blankReason(code: FailureCode, step: StepName, era: Era): string | null {
  const rule = BLANKS.find(
    ({ codes, steps, eras }) =>
      (codes === "all" || codes.includes(code)) && steps.includes(step) && eras.includes(era),
  );
  return rule?.reason ?? null;
}
