import {
  createIncidentKeeper,
  createToolKeeper,
  type History,
  type IncidentKeeper,
  type ToolHistory,
  type ToolKeeper,
} from "@vigil/aws";
import {
  type Clock,
  extrasOf,
  type GapWindow,
  nextState,
  type RunRecord,
  type StateEvent,
  scheduledRun,
  type Target,
  type TargetState,
  type ToolLists,
} from "@vigil/core";
import type { ConfirmedOptions, ConfirmedRun } from "@vigil/probe";
import type { Tick } from "./scheduler.ts";

/** Kept back from the next tick, so that a run is written down before it. */
const RECORD_RESERVE_MS = 1_000;

/** A run and what it changed. */
export interface Observation {
  readonly record: RunRecord;
  readonly lateMs: number;
  readonly previous: TargetState | null;
  readonly state: TargetState;
  readonly events: readonly StateEvent[];
}

export interface MonitorOptions {
  readonly targets: readonly Target[];
  readonly vantage: string;
  /** From one run of a target to the next. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly probe: (target: Target, options: ConfirmedOptions) => Promise<ConfirmedRun>;
  /** The deployment gap window that is open, which runs are marked by. */
  readonly gapOf: (target: string) => GapWindow | null;
  /** Looks for proof of a cold start, within this time. */
  readonly prove: (run: ConfirmedRun, asked: ProofTime) => Promise<RunRecord>;
  readonly history: Pick<
    History,
    "getState" | "lastRun" | "openIncident" | "putIncident" | "putState" | "recordRun"
  > &
    ToolHistory;
  readonly onRun: (observation: Observation) => void;
  /** History could not be written; the watch goes on. */
  readonly onLost: (record: RunRecord, error: unknown) => void;
}

interface ProofTime {
  readonly target: Target;
  readonly withinMs: number;
}

export interface Monitor {
  /** Takes up where the last watch ended. */
  resume(): Promise<readonly TargetState[]>;
  /** One run of one target: probe, state, history. */
  runOnce(name: string, tick: Tick): Promise<void>;
}

export function createMonitor(options: MonitorOptions): Monitor {
  const { targets, vantage, history, clock } = options;
  const byName = new Map(targets.map((target) => [target.name, target]));
  const states = new Map<string, TargetState>();
  const incidents = createIncidentKeeper(options);
  // The table is on this machine: each run can ask it.
  const tools = createToolKeeper({ history, clock, trustMs: 0 });
  return {
    async resume() {
      for (const { name } of targets) {
        const state = await history.getState(name, vantage);
        if (state !== null) {
          states.set(name, state);
        }
        await finishLastRun(name, options);
      }
      return [...states.values()];
    },
    async runOnce(name, tick) {
      const target = byName.get(name);
      if (target === undefined) {
        throw new Error(`There is no target ${name} to run`);
      }
      const previous = states.get(name) ?? null;
      const nextTickMs = clock.monotonic() - tick.lateMs + options.intervalMs;
      const baseline = (await tools.accepted(name, previous))?.lists ?? null;
      const scheduledAt = new Date(tick.scheduledAt).toISOString();
      const due = { previous, baseline, scheduledAt, startMs: clock.monotonic() };
      const gap = options.gapOf(name);
      const run = await options.probe(target, { ...scheduledRun(target, due), gap });
      const record = await proven(run, { target, nextTickMs }, options);
      const { state, events } = nextState(previous, record, extrasOf(target));
      states.set(name, state);
      options.onRun({ record, lateMs: tick.lateMs, previous, state, events });
      const kept = { record, lists: run.tools, previous, state };
      await keep(kept, { ...options, incidents, tools });
    },
  };
}

/** The last watch may have ended between writing a run and adding it to its hour. */
async function finishLastRun(
  target: string,
  { history, vantage, intervalMs: everyMs }: MonitorOptions,
): Promise<void> {
  const record = await history.lastRun(target, vantage);
  if (record !== null) {
    await history.recordRun(record, { everyMs });
  }
}

/** What is told of a run at once waits for no proof, and the next run neither. */
async function proven(
  run: ConfirmedRun,
  { target, nextTickMs }: { readonly target: Target; readonly nextTickMs: number },
  { clock, prove }: MonitorOptions,
): Promise<RunRecord> {
  if (run.record.confirmed) {
    return run.record;
  }
  return prove(run, { target, withinMs: nextTickMs - RECORD_RESERVE_MS - clock.monotonic() });
}

interface Kept {
  readonly record: RunRecord;
  readonly lists: ToolLists | null;
  readonly previous: TargetState | null;
  readonly state: TargetState;
}

interface Keepers {
  readonly incidents: IncidentKeeper;
  readonly tools: ToolKeeper;
}

/** Each is tried whatever becomes of the others. */
async function keep(
  { record, lists, previous, state }: Kept,
  { history, intervalMs: everyMs, onLost, incidents, tools }: MonitorOptions & Keepers,
): Promise<void> {
  const writes = [
    history.recordRun(record, { everyMs }),
    history.putState(state),
    incidents.follow({ record, previous, state }),
    tools.keep({ record, lists, previous }),
  ];
  const lost = (await Promise.allSettled(writes)).find(({ status }) => status === "rejected");
  if (lost?.status === "rejected") {
    onLost(record, lost.reason);
  }
}
