import { EXTRA_STEPS, type ExtraStep, extrasOf, type Target } from "@vigil/core";
import type { CheckFlags } from "./flags.ts";

/** What to write on a target, so that --deep can take the step. */
const HOW: Readonly<Record<ExtraStep, string>> = {
  stream: 'stream: { tool: "progress" }, with a tool that streams its answer',
  concurrency: "concurrency: { clients: 3 }",
  cors: 'expect: { cors: { origin: "https://app.example.com" } }, with the origin of your page',
};

/** Says of each further step that was not taken how to have it taken. */
export function unlookedAt(target: Target, { deep }: Pick<CheckFlags, "deep">): readonly string[] {
  const configured = extrasOf(target);
  if (deep !== true) {
    return configured.length === 0
      ? []
      : [`not looked at without --deep: ${configured.join(", ")}`];
  }
  return EXTRA_STEPS.filter((step) => !configured.includes(step)).map(
    (step) => `${step} was not looked at: the target's config needs ${HOW[step]}`,
  );
}
