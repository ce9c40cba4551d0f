import { type ExtraStep, extrasOf, type ToolInfo } from "@vigil/core";
import { takeConcurrency } from "./concurrency-step.ts";
import { takeCors } from "./cors-step.ts";
import type { OpenLeg } from "./open-leg.ts";
import { notReached, skipped } from "./take-step.ts";
import { takeStream } from "./take-stream.ts";

/** Takes one further step on a leg that has listed its tools, and keeps its record. */
export type TakeExtra = (leg: OpenLeg, tools: readonly ToolInfo[]) => Promise<void>;

const TAKE: Readonly<Record<ExtraStep, TakeExtra>> = {
  stream: takeStream,
  concurrency: takeConcurrency,
  cors: takeCors,
};

function askedOf(leg: OpenLeg): readonly ExtraStep[] {
  return extrasOf(leg.target).filter((step) => leg.extras.includes(step));
}

/** Notes that the run did not get to the further steps. */
export function noExtras(leg: OpenLeg): void {
  for (const step of askedOf(leg)) leg.keep(notReached(step, leg.era, null));
}

/**
 * The further steps that were asked for, in the order of the run. One that would be cut short is
 * left for another run: its time-out would say nothing of the server.
 */
export async function takeExtras(leg: OpenLeg, tools: readonly ToolInfo[]): Promise<void> {
  for (const step of askedOf(leg)) {
    if (leg.hasTime) await TAKE[step](leg, tools);
    else leg.keep(skipped({ step, era: leg.era, label: null, reason: "no-time" }));
  }
}
