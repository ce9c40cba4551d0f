import { FAILURE_MODES } from "../failure-modes.ts";
import type { StepRecord } from "../run.ts";
import type { Failure } from "../verdict.ts";
import type { StepFinding } from "./case.ts";
import { evidenceOf } from "./evidence.ts";

/** A finding as a failure of a step. */
export function failureOf(step: StepRecord, { finding, exchange }: StepFinding): Failure {
  return {
    mode: finding.mode,
    step: step.step,
    era: step.era,
    summary: finding.summary,
    remedy: FAILURE_MODES[finding.mode].remedy,
    evidence: evidenceOf(exchange, finding),
  };
}
