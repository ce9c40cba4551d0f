import { compareTools, type ToolsComparison } from "../drift/compare-tools.ts";
import { breakingText } from "../drift/summary.ts";
import { listFor, type ToolLists } from "../drift/tool-lists.ts";
import { type Redactor, redactTools } from "../redact.ts";
import type { Leg } from "../run.ts";
import { toolsHash } from "../tools-hash.ts";
import type { Drift, Failure } from "../verdict.ts";
import type { Finding } from "./case.ts";
import { failureOf } from "./failure.ts";

/** What a run is held against beyond its target's configuration. */
export interface JudgeContext {
  /** The tools that were accepted; null while there are none. */
  readonly baseline: ToolLists | null;
  /** Takes secrets out of what the target lists, as was done to the baseline. */
  readonly redact?: Redactor;
}

interface LegDrift {
  readonly drift: Drift | null;
  readonly failures: readonly Failure[];
}

/** The leg's verdict, and how its tools differ from the accepted ones of its era. */
export function withDrift<T extends { readonly failures: readonly Failure[] }>(
  judged: T,
  leg: Leg,
  context: JudgeContext,
): T & LegDrift {
  const comparison = compareWithAccepted(leg, context);
  const { failures } = judged;
  const drift = comparison === null ? null : driftOf(comparison);
  const step = leg.steps.findLast(({ step: name }) => name === "listTools");
  // What is missing, or too few, says more than that the list has changed.
  const told = failures.some((failure) => failure.step === "listTools");
  if (drift?.breaking !== true || comparison === null || told || step === undefined) {
    return { ...judged, drift };
  }
  const { added, removed, changed } = drift;
  const finding: Finding = {
    mode: "tools-drift",
    summary: breakingText(comparison),
    detail: `${added} added, ${removed} removed, ${changed} changed since the tools were accepted`,
  };
  const failure = failureOf(step, { finding, exchange: step.exchanges.at(-1) ?? null });
  return { ...judged, drift, failures: [...failures, failure] };
}

/** Null when there is nothing to compare, or nothing has changed. */
function compareWithAccepted(
  { era, tools }: Leg,
  { baseline, redact = (text) => text }: JudgeContext,
): ToolsComparison | null {
  const accepted = baseline === null ? null : listFor(baseline, era);
  if (accepted === null || tools === null || toolsHash(tools) === accepted.toolsHash) return null;
  const comparison = compareTools(accepted.tools, redactTools(tools, redact));
  const { added, removed, changed } = comparison;
  return added.length + removed.length + changed.length === 0 ? null : comparison;
}

function driftOf({ added, removed, changed, breaking }: ToolsComparison): Drift {
  return { added: added.length, removed: removed.length, changed: changed.length, breaking };
}

/** Of two legs, what breaks callers; else the last one's. */
export function worstDrift(legs: readonly LegDrift[]): Drift | null {
  const found = legs.flatMap(({ drift }) => (drift === null ? [] : [drift]));
  return found.find(({ breaking }) => breaking) ?? found.at(-1) ?? null;
}
