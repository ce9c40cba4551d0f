import type { AwsPlace } from "@vigil/aws";
import type { Target } from "@vigil/core";
import { type Demo, startDemo } from "./demo.ts";
import { DEMO_LOOK_MS, demoLookPlace, demoTarget } from "./demo-target.ts";
import type { WatchFlags } from "./flags.ts";
import { ok, type Result } from "./result.ts";
import type { Configured } from "./targets.ts";

const CONFIG_INTERVAL_MS = 60_000;
const DEMO_INTERVAL_MS = 10_000;

/** Where Lambda answers for a target's function, and to whom. */
export type LookPlace = Pick<AwsPlace, "endpoint" | "credentials">;

/** How the functions behind the targets are looked at. */
export interface LookPlan {
  readonly everyMs: number;
  /** Null: AWS, with the credentials that the process finds. */
  readonly place: LookPlace | null;
}

/** What a watch is to do. */
export interface WatchPlan {
  readonly targets: readonly Target[];
  readonly intervalMs: number;
  /** Where the targets come from, for the banner. */
  readonly source: string;
  readonly looks: LookPlan;
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
    const looks = { everyMs: CONFIG_INTERVAL_MS, place: null };
    return ok({ targets, intervalMs: interval ?? CONFIG_INTERVAL_MS, source, looks, demo: null });
  }
  const demo = await startDemo({ port: demoPort });
  if (!demo.ok) {
    return demo;
  }
  return ok({
    targets: [demoTarget(demo.value.url)],
    intervalMs: interval ?? DEMO_INTERVAL_MS,
    source: "the demo server",
    looks: {
      everyMs: Math.min(DEMO_LOOK_MS, interval ?? DEMO_LOOK_MS),
      place: demoLookPlace(demo.value.url),
    },
    demo: demo.value,
  });
}
