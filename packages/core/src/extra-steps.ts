import type { StepName } from "./run.ts";

/** Steps that only some runs take, since they cost the server more than a plain run does. */
export const EXTRA_STEPS = ["stream", "concurrency", "cors"] as const satisfies readonly StepName[];
export type ExtraStep = (typeof EXTRA_STEPS)[number];
