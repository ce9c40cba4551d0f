import type { Target } from "./config/index.ts";
import { ERAS, type StepName } from "./run.ts";

/** Steps that only some runs take, since they cost the server more than a plain run does. */
export const EXTRA_STEPS = ["stream", "concurrency", "cors"] as const satisfies readonly StepName[];
export type ExtraStep = (typeof EXTRA_STEPS)[number];

export function isExtraStep(step: StepName): step is ExtraStep {
  return (EXTRA_STEPS as readonly StepName[]).includes(step);
}

/** Without a stream's tool, the GET stream is looked at as often as that would be. */
const GET_STREAM_EVERY_MS = 600_000;

const EVERY_MS: Readonly<Record<ExtraStep, (target: Target) => number | undefined>> = {
  stream: ({ stream, expect }) =>
    stream?.everyMs ?? (expect.getStream ? GET_STREAM_EVERY_MS : undefined),
  concurrency: ({ concurrency }) => concurrency?.everyMs,
  cors: ({ expect }) => expect.cors?.everyMs,
};

/** How often a scheduled run takes the step; null where the target is not configured for it. */
export function everyMsOf(target: Target, step: ExtraStep): number | null {
  return EVERY_MS[step](target) ?? null;
}

/** The further steps that a target is configured for. */
export function extrasOf(target: Target): readonly ExtraStep[] {
  return EXTRA_STEPS.filter((step) => everyMsOf(target, step) !== null);
}

/** Milliseconds that further steps may take beyond what a plain attempt has. */
export function extraTimeMs(target: Target, extras: readonly ExtraStep[]): number {
  const legs = target.era === "both" ? ERAS.length : 1;
  const taken = extrasOf(target).filter((step) => extras.includes(step));
  return legs * taken.length * target.clientTimeoutMs;
}
