import type { Target } from "@vigil/core";
import { type Demo, startDemo } from "./demo.ts";
import { demoTarget } from "./demo-target.ts";
import type { WatchFlags } from "./flags.ts";
import type { Io } from "./io.ts";
import { ok, type Result } from "./result.ts";
import { configuredTargets } from "./targets.ts";

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

/** The config's targets, or else the demo server, started here. */
export async function planWatch(flags: WatchFlags, io: Io): Promise<Result<WatchPlan>> {
  const configured = await configuredTargets(io.cwd, flags.config);
  if (!configured.ok) {
    return configured;
  }
  if (configured.value !== null) {
    const { targets, shownPath } = configured.value;
    const intervalMs = flags.interval ?? CONFIG_INTERVAL_MS;
    return ok({ targets, intervalMs, source: shownPath, demo: null });
  }
  const demo = await startDemo({ port: flags.demoPort });
  if (!demo.ok) {
    return demo;
  }
  return ok({
    targets: [demoTarget(demo.value.url)],
    intervalMs: flags.interval ?? DEMO_INTERVAL_MS,
    source: "the demo server",
    demo: demo.value,
  });
}
