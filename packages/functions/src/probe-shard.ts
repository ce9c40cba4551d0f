import { type History, shouldWriteState } from "@vigil/aws";
import {
  type Clock,
  dueExtras,
  extrasOf,
  nextState,
  pagerInvocationOf,
  type RunRecord,
  scheduledRunMs,
  type Target,
  type TargetState,
} from "@vigil/core";
import type { ConfirmedOptions, ConfirmedRun, Gate } from "@vigil/probe";
import type { Keeper } from "./keeper.ts";
import type { Log } from "./log.ts";

/** What this environment knows of a target. */
interface Memory {
  /** As its last run left it, whether that could be written or not. */
  readonly state: TargetState;
  /** As history last had it; null when it never did. */
  readonly stored: TargetState | null;
}

/** By target; history may be away, or behind. */
export type Remembered = Map<string, Memory>;

export interface ShardInput {
  readonly targets: readonly Target[];
  readonly scheduledAt: string;
  /** `clock.monotonic()` by which every run has ended. */
  readonly deadline: number;
}

/** Carries out one run; never rejects. */
export type Probe = (
  target: Target,
  options: ConfirmedOptions,
) => Promise<Pick<ConfirmedRun, "record">>;

export interface ShardDeps {
  readonly probe: Probe;
  readonly vantage: string;
  readonly clock: Clock;
  readonly history: Pick<History, "states">;
  readonly keeper: Keeper;
  readonly log: Log;
  readonly gate: Gate;
  readonly remembered: Remembered;
}

/** Probes every target of a shard once, and keeps each run as soon as it has ended. */
export async function probeShard(input: ShardInput, deps: ShardDeps): Promise<void> {
  await readStates(deps);
  await Promise.all(
    input.targets.map((target) => deps.gate.enter(() => probeTarget(target, { input, deps }))),
  );
}

async function readStates({ history, vantage, log, remembered }: ShardDeps): Promise<void> {
  try {
    for (const stored of await history.states()) {
      if (stored.vantage !== vantage) continue;
      const own = remembered.get(stored.target)?.state ?? stored;
      // Another environment may have gone on meanwhile; what it wrote last is then the newer.
      const isAhead = Date.parse(own.lastRunAt) > Date.parse(stored.lastRunAt);
      remembered.set(stored.target, { state: isAhead ? own : stored, stored });
    }
  } catch (error) {
    log.trouble("history-unread", { reason: error instanceof Error ? error.name : "unknown" });
  }
}

interface Occasion {
  readonly input: ShardInput;
  readonly deps: ShardDeps;
}

async function probeTarget(target: Target, { input, deps }: Occasion): Promise<void> {
  const { clock, probe } = deps;
  const memory = deps.remembered.get(target.name) ?? null;
  const previous = memory?.state ?? null;
  const { scheduledAt } = input;
  const extras = dueExtras(target, previous, scheduledAt);
  const { record } = await probe(target, {
    kind: "scheduled",
    scheduledAt,
    // A target that no time is left for is told as deadline-exhausted.
    deadline: Math.min(input.deadline, clock.monotonic() + scheduledRunMs(target, extras)),
    eraHint: previous?.era ?? null,
    knownDown: previous?.status === "down",
    extras,
    confirm: true,
  });
  await keep({ target, record, memory }, deps);
}

interface Ended {
  readonly target: Target;
  readonly record: RunRecord;
  readonly memory: Memory | null;
}

async function keep(
  { target, record, memory }: Ended,
  { keeper, clock, remembered }: ShardDeps,
): Promise<void> {
  const { state, events } = nextState(memory?.state ?? null, record, extrasOf(target));
  const stored = memory?.stored ?? null;
  remembered.set(record.target, { state, stored });
  const isNew = await keeper.run(record);
  const page = isNew ? pagerInvocationOf(record, state, events) : null;
  const isDue = shouldWriteState({
    previous: stored,
    next: state,
    lastWrittenAt: stored?.lastRunAt ?? null,
    now: clock.now(),
  });
  await Promise.all([
    page === null ? undefined : keeper.page(page),
    isDue ? keeper.state(state) : undefined,
  ]);
}
