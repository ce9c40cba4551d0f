import type { Target } from "@vigil/core";
import { type Demo, startDemo } from "./demo.ts";
import { demoTarget } from "./demo-target.ts";
import type { WatchFlags } from "./flags.ts";
import { ok, type Result } from "./result.ts";
import type { Configured } from "./targets.ts";

const CONFIG_INTERVAL_MS = 60_000;
const DEMO_INTERVAL_MS = 10_000;

/** What a watch is to do. */
export interface WatchPlan {
  readonly targets: readonly Target[];
  readonly intervalMs: number;
  /** Where the targets come from, for the banner. */
  readonly source: string;
  /** The server that was started because there is no config; null with one. */
  readonly demo: Demo | null;
}

/** The demo's, when there is no config: its server is started here. */
export async function planWatch(
  { interval, demoPort }: WatchFlags,
  configured: Configured | null,
): Promise<Result<WatchPlan>> {
  if (configured !== null) {
    const { targets, shownPath: source } = configured;
    return ok({ targets, intervalMs: interval ?? CONFIG_INTERVAL_MS, source, demo: null });
  }
  const demo = await startDemo({ port: demoPort });
  if (!demo.ok) {
    return demo;
  }
  return ok({
    targets: [demoTarget(demo.value.url)],
    intervalMs: interval ?? DEMO_INTERVAL_MS,
    source: "the demo server",
    demo: demo.value,
  });
}
