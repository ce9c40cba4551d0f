import type { Clock, RunRecord, TargetState } from "@vigil/core";
import type { PageModel, TargetModel } from "@vigil/page";
import type { Observation } from "../monitor.ts";
import { createTargetData, type ReadableHistory, type TargetFacts } from "./target-data.ts";

export interface FeedOptions {
  readonly targets: readonly TargetFacts[];
  readonly history: ReadableHistory;
  readonly clock: Clock;
  readonly timeZone: string;
  readonly version: string;
}

/** What pages are made of, kept up as the watch goes on. */
export interface StatusFeed {
  /** Reads history, one target after the other; what is read shows at once. */
  load(): Promise<void>;
  saw(state: TargetState): void;
  ran(observation: Pick<Observation, "record" | "state">): void;
  /** The run's history is written: reads what it has changed. */
  kept(name: string): Promise<void>;
  /** History could not be written. */
  lost(record: RunRecord, error: unknown): void;
  /** Something that will not mend by itself. */
  failed(trouble: string): void;
  model(): PageModel;
  target(name: string): TargetModel | null;
  health(): Health;
  /** Calls back after each change; the returned function ends that. */
  onChange(fn: () => void): () => void;
}

export interface Health {
  readonly startedAt: string;
  readonly lastRunAt: string | null;
  readonly runs: number;
  readonly lostRuns: number;
  readonly troubles: readonly string[];
}

export function createStatusFeed(options: FeedOptions): StatusFeed {
  const { history, clock, timeZone, version } = options;
  const data = new Map(
    options.targets.map((facts) => [facts.name, createTargetData(facts, history)] as const),
  );
  const changes = createChanges();
  const record = createHealthRecord(clock);
  const { troubles } = record;
  let loading = false;
  const of = (name: string) => data.get(name);
  const model = () => [...data.values()].map((one) => one.model(clock.now()));
  const reading = async (work: () => Promise<void> | undefined) => {
    await tryToRead(work, troubles);
    changes.tell();
  };
  return {
    async load() {
      loading = true;
      for (const one of data.values()) {
        await reading(() => one.load(clock.now()));
      }
      loading = false;
      changes.tell();
    },
    saw: (state) => of(state.target)?.saw(state),
    ran({ record: run, state }) {
      of(run.target)?.saw(state);
      of(run.target)?.ran(run, clock.now());
      record.ran(run);
      changes.tell();
    },
    kept: (name) => reading(() => of(name)?.refresh(clock.now())),
    lost(run, error) {
      record.lost(run, error);
      changes.tell();
    },
    failed(trouble) {
      troubles.set(trouble, trouble);
      changes.tell();
    },
    model: () => ({
      now: clock.now(),
      timeZone,
      version,
      troubles: [...troubles.values()],
      loading,
      targets: model(),
    }),
    target: (name) => of(name)?.model(clock.now()) ?? null,
    health: record.health,
    onChange: changes.listen,
  };
}

type Troubles = Map<string, string>;

async function tryToRead(work: () => Promise<void> | undefined, troubles: Troubles): Promise<void> {
  try {
    await work();
    troubles.delete("read");
  } catch (error) {
    troubles.set("read", `History cannot be read: ${reason(error)}.`);
  }
}

function createHealthRecord(clock: Clock) {
  const troubles: Troubles = new Map();
  const startedAt = new Date(clock.now()).toISOString();
  let [runs, lostRuns] = [0, 0];
  let lastRunAt: string | null = null;
  return {
    troubles,
    ran({ scheduledAt }: RunRecord): void {
      runs += 1;
      lastRunAt = scheduledAt;
    },
    lost({ target, scheduledAt }: RunRecord, error: unknown): void {
      lostRuns += 1;
      const run = `The run of ${target} at ${scheduledAt}`;
      troubles.set("write", `${run} could not be kept: ${reason(error)}.`);
    },
    health: (): Health => ({
      startedAt,
      lastRunAt,
      runs,
      lostRuns,
      troubles: [...troubles.values()],
    }),
  };
}

function createChanges() {
  const listeners = new Set<() => void>();
  return {
    tell(): void {
      for (const listener of listeners) {
        listener();
      }
    },
    listen(fn: () => void): () => void {
      listeners.add(fn);
      return () => void listeners.delete(fn);
    },
  };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
