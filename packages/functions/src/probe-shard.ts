import type { History } from "@vigil/aws";
import { type Clock, scheduledRun, type Target } from "@vigil/core";
import type { ConfirmedOptions, ConfirmedRun, Gate } from "@vigil/probe";
import { type FollowDeps, follow, type Memory } from "./follow.ts";

export interface ShardInput {
  readonly targets: readonly Target[];
  readonly scheduledAt: string;
  /** `clock.monotonic()` by which every run has ended. */
  readonly deadline: number;
}

/** Carries out one run; never rejects. */
export type Probe = (target: Target, options: ConfirmedOptions) => Promise<ConfirmedRun>;

export interface ShardDeps extends FollowDeps {
  readonly probe: Probe;
  readonly vantage: string;
  readonly clock: Clock;
  readonly history: Pick<History, "states">;
  readonly gate: Gate;
}

/** Probes every target of a shard once, and keeps each run as soon as it has ended. */
export async function probeShard(input: ShardInput, deps: ShardDeps): Promise<void> {
  const isThere = await readStates(deps);
  const occasion = { input, deps, isThere };
  await Promise.all(
    input.targets.map((target) => deps.gate.enter(() => probeTarget(target, occasion))),
  );
}

/** Whether history could be read. */
async function readStates({ history, vantage, log, remembered }: ShardDeps): Promise<boolean> {
  try {
    for (const stored of await history.states()) {
      if (stored.vantage !== vantage) continue;
      const own = remembered.get(stored.target)?.state ?? stored;
      // Another environment may have gone on meanwhile; what it wrote last is then the newer.
      const isAhead = Date.parse(own.lastRunAt) > Date.parse(stored.lastRunAt);
      remembered.set(stored.target, { state: isAhead ? own : stored, stored });
    }
    return true;
  } catch (error) {
    log.trouble("history-unread", { reason: error instanceof Error ? error.name : "unknown" });
    return false;
  }
}

interface Occasion {
  readonly input: ShardInput;
  readonly deps: ShardDeps;
  readonly isThere: boolean;
}

async function probeTarget(target: Target, { input, deps, isThere }: Occasion): Promise<void> {
  const { clock, probe, tools, remembered } = deps;
  const memory: Memory | null = remembered.get(target.name) ?? null;
  const previous = memory?.state ?? null;
  // No run waits for a history that has just shown itself away.
  const baseline = isThere
    ? await tools.accepted(target.name, previous)
    : tools.remembered(target.name);
  const due = {
    previous,
    baseline: baseline?.lists ?? null,
    scheduledAt: input.scheduledAt,
    startMs: clock.monotonic(),
    latestMs: input.deadline,
  };
  const { record, tools: lists } = await probe(target, scheduledRun(target, due));
  await follow({ target, record, lists, memory }, deps);
}
