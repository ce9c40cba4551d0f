import type { Era, StepRecord } from "../run.ts";
import type { StepFinding } from "./case.ts";

/**
 * Answers that speak of the way, not of the era: asking again in the other era would get the same.
 * 408 and 407 are among the http-unexpected ones and are told apart by status.
 */
const CONCLUSIVE = new Set([
  "auth-required",
  "http-unauthorized",
  "credential-expired",
  "http-forbidden",
  "http-throttled",
  "redirected",
  "connection-reset",
  "header-mismatch",
]);
const CONCLUSIVE_STATUS = new Set([407, 408]);

/**
 * The other era, when the failed opening in `step` suggests it; null when the failure stands.
 * `known` says that the target has negotiated in this era before: then it takes clear evidence.
 */
export function otherEra(step: StepRecord, found: StepFinding, known: boolean): Era | null {
  const { mode } = found.finding;
  if (step.era === "legacy") return mode === "era-mismatch" ? "modern" : null;
  if (mode === "era-mismatch") return "legacy";
  if (CONCLUSIVE.has(mode)) return null;
  const status = found.exchange?.response?.status ?? null;
  if (status !== null && CONCLUSIVE_STATUS.has(status)) return null;
  if (status !== null && status >= 400 && status < 500) return "legacy";
  // Silence, a foreign page or a 5xx say nothing of the era; a legacy client may still fare better.
  return known ? null : "legacy";
}
