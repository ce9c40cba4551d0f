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

/** States as this environment last knew them, for when history cannot be read. */
export type Remembered = Map<string, TargetState>;

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
  const states = await readStates(deps);
  await Promise.all(
    input.targets.map((target) =>
      deps.gate.enter(() => probeTarget(target, states.get(target.name) ?? null, { input, deps })),
    ),
  );
}

async function readStates({ history, vantage, log, remembered }: ShardDeps): Promise<Remembered> {
  try {
    for (const state of await history.states()) {
      if (state.vantage === vantage) remembered.set(state.target, state);
    }
  } catch (error) {
    log.trouble("history-unread", { reason: error instanceof Error ? error.name : "unknown" });
  }
  return new Map(remembered);
}

interface Occasion {
  readonly input: ShardInput;
  readonly deps: ShardDeps;
}

async function probeTarget(
  target: Target,
  previous: TargetState | null,
  { input, deps }: Occasion,
): Promise<void> {
  const { clock, probe } = deps;
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
  await keep({ target, record, previous }, deps);
}

interface Ended {
  readonly target: Target;
  readonly record: RunRecord;
  readonly previous: TargetState | null;
}

async function keep(
  { target, record, previous }: Ended,
  { keeper, clock, remembered }: ShardDeps,
): Promise<void> {
  const { state, events } = nextState(previous, record, extrasOf(target));
  remembered.set(record.target, state);
  const isNew = await keeper.run(record);
  const page = isNew ? pagerInvocationOf(record, state, events) : null;
  const lastWrittenAt = previous?.lastRunAt ?? null;
  const isDue = shouldWriteState({ previous, next: state, lastWrittenAt, now: clock.now() });
  await Promise.all([
    page === null ? undefined : keeper.page(page),
    isDue ? keeper.state(state) : undefined,
  ]);
}
