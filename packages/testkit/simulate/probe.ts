import { shouldWriteState } from "@vigil/aws";
import {
  datapointsOf,
  type News,
  nextState,
  type PagerInvocation,
  pagerInvocationOf,
  type RunRecord,
  scheduledRun,
  type TargetState,
} from "@vigil/core";
import { isStale } from "../../functions/src/invocation-time.ts";
import { sample } from "./distributions.ts";
import { takeRun } from "./run.ts";
import { deliver, everyMinute, type Wires, type World } from "./world.ts";

/** One execution environment of the probe function: what it remembers outlives its invocations. */
interface Environment {
  isBusy: boolean;
  /** As its last run left it, and as history last had it. */
  memory: Memory | null;
}

interface Memory {
  readonly state: TargetState;
  readonly stored: TargetState | null;
}

/** The probe in one vantage; it does what packages/functions does in probe-shard.ts and follow.ts. */
export class Probe {
  readonly #world: World;
  readonly #wires: Wires;
  readonly #vantage: string;
  readonly #isFastWayAlive: boolean;
  readonly #environments: Environment[] = [];
  /** Minutes whose run is written: another delivery of one writes nothing. */
  readonly #written = new Set<string>();

  constructor(world: World, wires: Wires, at: { vantage: string; isFastWayAlive: boolean }) {
    this.#world = world;
    this.#wires = wires;
    this.#vantage = at.vantage;
    this.#isFastWayAlive = at.isFastWayAlive;
  }

  start(): void {
    everyMinute(this.#world, (minuteMs) => {
      const scheduledAt = new Date(minuteMs).toISOString();
      deliver(this.#world, "asyncDelay", () => this.#invoke(scheduledAt));
    });
  }

  #invoke(scheduledAt: string): void {
    const { agenda, target, wire } = this.#world;
    const startMs = agenda.now;
    if (isStale(scheduledAt, startMs)) return;
    const environment = this.#free();
    const memory = this.#remember(environment);
    const previous = memory?.state ?? null;
    const plan = scheduledRun(target, { previous, baseline: null, scheduledAt, startMs });
    const run = takeRun(target, plan, wire, { startMs, vantage: this.#vantage });
    agenda.at(run.endMs + sample("tableCall", this.#world.random), () =>
      this.#follow(run.record, environment, memory),
    );
  }

  /** Lambda gives one that is free, or starts another. */
  #free(): Environment {
    const found = this.#environments.find(({ isBusy }) => !isBusy);
    const environment = found ?? { isBusy: false, memory: null };
    if (found === undefined) this.#environments.push(environment);
    environment.isBusy = true;
    return environment;
  }

  /** Another environment may have gone on meanwhile; what is stored is then the newer. */
  #remember(environment: Environment): Memory | null {
    const stored = this.#world.store.states.get(this.#vantage) ?? null;
    if (stored === null) return environment.memory;
    const own = environment.memory?.state ?? stored;
    const isAhead = Date.parse(own.lastRunAt) > Date.parse(stored.lastRunAt);
    environment.memory = { state: isAhead ? own : stored, stored };
    return environment.memory;
  }

  #follow(record: RunRecord, environment: Environment, memory: Memory | null): void {
    const { agenda, random } = this.#world;
    environment.isBusy = false;
    if (this.#written.has(record.scheduledAt)) return;
    this.#written.add(record.scheduledAt);
    if (record.confirmed) {
      this.#world.confirmed.set(record.scheduledAt, record.attempts.length - 1);
    }
    const { state, events } = nextState(memory?.state ?? null, record, []);
    environment.memory = { state, stored: memory?.stored ?? null };
    const told = pagerInvocationOf(record, state, events);
    // While a target is unwell each minute has the pager look at what waits.
    const isUnwell = state.status === "down" || state.status === "degraded";
    if ((told !== null || isUnwell) && this.#isFastWayAlive) {
      const news = told === null ? null : newsOf(told);
      deliver(this.#world, "asyncDelay", () => this.#wires.page(news));
    }
    const stored = memory?.stored ?? null;
    const lastWrittenAt = stored?.lastRunAt ?? null;
    if (shouldWriteState({ previous: stored, next: state, lastWrittenAt, now: agenda.now })) {
      agenda.after(sample("tableCall", random), () => this.#write(state, stored, environment));
    }
    this.#wires.publish(datapointsOf(record, "lean"), this.#vantage);
  }

  #write(state: TargetState, over: TargetState | null, environment: Environment): void {
    const { states } = this.#world.store;
    const isTheirs = (states.get(this.#vantage)?.lastRunAt ?? null) !== (over?.lastRunAt ?? null);
    if (isTheirs) {
      environment.memory = null;
      return;
    }
    states.set(this.#vantage, state);
    const isSame = environment.memory?.state.lastRunAt === state.lastRunAt;
    if (isSame) environment.memory = { state, stored: state };
  }
}

function newsOf({ target, vantage, at, to, modes, lastGoodRunAt }: PagerInvocation): News | null {
  return to === "unknown" ? null : { target, vantage, at, status: to, modes, lastGoodRunAt };
}
