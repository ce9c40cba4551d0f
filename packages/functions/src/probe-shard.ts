import type { History } from "@vigil/aws";
import { reasonOf } from "@vigil/aws";
import {
  type Clock,
  type RunRecord,
  type ScheduledRun,
  scheduledRun,
  type Target,
} from "@vigil/core";
import type { ConfirmedOptions, ConfirmedRun, Gate } from "@vigil/probe";
import { type FollowDeps, follow, isPaged, type Memory } from "./follow.ts";

export interface ShardInput {
  readonly targets: readonly Target[];
  readonly scheduledAt: string;
  /** `clock.monotonic()` by which every run has ended. */
  readonly deadline: number;
}

/** Carries out one run; never rejects. */
export type Probe = (target: Target, options: ConfirmedOptions) => Promise<ConfirmedRun>;

/** Looks for proof of a cold start in the function's log; null where nothing is to be looked for. */
export type Prove = (
  run: ConfirmedRun,
  target: Target,
) => ((withinMs: number) => Promise<RunRecord>) | null;

export interface ShardDeps extends FollowDeps {
  readonly probe: Probe;
  readonly prove: Prove;
  readonly vantage: string;
  readonly clock: Clock;
  readonly history: Pick<History, "states" | "openGaps">;
  readonly gate: Gate;
}

/** Probes every target of a shard once, and keeps each run as soon as it has ended. */
export async function probeShard(input: ShardInput, deps: ShardDeps): Promise<void> {
  const [isThere, gaps] = await Promise.all([readStates(deps), readGaps(input.targets, deps)]);
  const occasion = { input, deps, isThere, gaps };
  await Promise.all(
    input.targets.map(async (target) => {
      const rest = await deps.gate.enter(() => probeTarget(target, occasion));
      await rest?.();
    }),
  );
}

/** Whether history could be read. */
async function readStates({ history, vantage, keeper, remembered }: ShardDeps): Promise<boolean> {
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
    keeper.failed("history-unread", { reason: reasonOf(error) });
    return false;
  }
}

/** Windows by target, which its runs are marked with. Only functions that are followed have any. */
export type OpenGaps = Awaited<ReturnType<History["openGaps"]>>;

/** None when history is away: a mark that is missing harms less than a run that is late. */
export async function readGaps(
  targets: readonly Target[],
  { history, keeper }: Pick<ShardDeps, "keeper"> & { readonly history: Pick<History, "openGaps"> },
): Promise<OpenGaps> {
  if (targets.every(({ lambda }) => lambda === null)) return new Map();
  try {
    return await history.openGaps();
  } catch (error) {
    keeper.failed("history-unread", { reason: reasonOf(error) });
    return new Map();
  }
}

interface Occasion {
  readonly input: ShardInput;
  readonly deps: ShardDeps;
  readonly isThere: boolean;
  readonly gaps: OpenGaps;
}

/** What is returned is left to do, and holds up no other run: looking for proof of a cold start. */
async function probeTarget(
  target: Target,
  occasion: Occasion,
): Promise<(() => Promise<void>) | null> {
  const { input, deps } = occasion;
  const memory: Memory | null = deps.remembered.get(target.name) ?? null;
  const plan = await planned(target, memory, occasion);
  const run = await deps.probe(target, { ...plan, gap: occasion.gaps.get(target.name) ?? null });
  const { record, tools: lists } = run;
  const ended = { target, record, lists, memory };
  const proof = record.confirmed || isPaged(ended) ? null : deps.prove(run, target);
  if (proof === null) {
    await follow(ended, deps);
    return null;
  }
  return async () => {
    const proven = await proof(input.deadline - deps.clock.monotonic());
    await follow({ ...ended, record: proven }, deps);
  };
}

async function planned(
  target: Target,
  memory: Memory | null,
  { input, deps, isThere }: Occasion,
): Promise<ScheduledRun> {
  const { clock, tools } = deps;
  const previous = memory?.state ?? null;
  // No run waits for a history that has just shown itself away.
  const baseline = isThere
    ? await tools.accepted(target.name, previous)
    : tools.remembered(target.name);
  return scheduledRun(target, {
    previous,
    baseline: baseline?.lists ?? null,
    scheduledAt: input.scheduledAt,
    startMs: clock.monotonic(),
    latestMs: input.deadline,
  });
}
