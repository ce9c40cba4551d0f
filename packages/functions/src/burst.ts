import { type Clock, longestRunMs, type ProbeInvocation, type Target } from "@vigil/core";
import type { BurstGuard } from "./burst-guard.ts";
import type { Keeper } from "./keeper.ts";
import type { OpenGaps, Probe } from "./probe-shard.ts";

type Burst = Extract<ProbeInvocation, { kind: "burst" }>;

export interface BurstDeps {
  readonly probe: Probe;
  readonly clock: Clock;
  readonly guard: BurstGuard;
  readonly keeper: Keeper;
  /** As the burst began. */
  readonly gaps: OpenGaps;
  /** `clock.monotonic()` by which every run has ended. */
  readonly deadline: number;
}

/** Probes the targets again and again until the burst's end or the invocation's, without repeats. */
export async function burst(
  targets: readonly Target[],
  { everyMs, untilMs }: Burst,
  deps: BurstDeps,
): Promise<void> {
  const { clock } = deps;
  const endMs = Math.min(deps.deadline, clock.monotonic() + untilMs - clock.now());
  for (let at = clock.monotonic(); at < endMs; at += everyMs) {
    await sleepUntil(at, clock);
    await Promise.all(targets.map((target) => burstOnce(target, deps)));
  }
}

async function burstOnce(target: Target, { gaps, ...deps }: BurstDeps) {
  const { probe, clock, guard, keeper, deadline } = deps;
  if (!(await guard(target.name))) return;
  const { record } = await probe(target, {
    kind: "burst",
    scheduledAt: new Date(clock.now()).toISOString(),
    deadline: Math.min(deadline, clock.monotonic() + longestRunMs(target, [])),
    eraHint: null,
    gap: gaps.get(target.name) ?? null,
    knownDown: false,
    extras: [],
    confirm: false,
  });
  await keeper.run(record);
}

function sleepUntil(at: number, clock: Clock): Promise<void> {
  const wait = at - clock.monotonic();
  return new Promise((resolve) => {
    if (wait <= 0) resolve();
    else clock.after(wait, resolve);
  });
}
