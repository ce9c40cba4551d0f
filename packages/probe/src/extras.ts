import { EXTRA_STEPS, type ExtraStep, type ToolInfo } from "@vigil/core";
import type { OpenLeg } from "./open-leg.ts";

/** Takes one further step on a leg that has listed its tools, and keeps its record. */
export type TakeExtra = (leg: OpenLeg, tools: readonly ToolInfo[]) => Promise<void>;

const TAKE: Partial<Readonly<Record<ExtraStep, TakeExtra>>> = {};

/** The further steps that were asked for, in the order of the run. */
export async function takeExtras(leg: OpenLeg, tools: readonly ToolInfo[]): Promise<void> {
  for (const step of EXTRA_STEPS) {
    if (leg.extras.includes(step)) await TAKE[step]?.(leg, tools);
  }
}
