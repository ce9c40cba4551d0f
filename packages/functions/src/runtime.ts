import {
  createIncidentKeeper,
  createToolKeeper,
  type History,
  type IncidentKeeper,
  type ToolKeeper,
} from "@vigil/aws";
import {
  type Clock,
  type ProbeInvocation,
  readProbeInvocation,
  shardTargets,
  type Target,
  type TargetState,
  type VigilConfig,
} from "@vigil/core";
import type { Gate } from "@vigil/probe";
import { burst } from "./burst.ts";
import { createBurstGuard } from "./burst-guard.ts";
import type { Environment } from "./environment.ts";
import type { Remembered } from "./follow.ts";
import { refuse, telling } from "./invocation-error.ts";
import {
  isAhead,
  isStale,
  MAX_AHEAD_MINUTES,
  type ReportTimes,
  reportTimes,
  runBudgetMs,
} from "./invocation-time.ts";
import { Keeper, type Kept, type Sinks, type Untold } from "./keeper.ts";
import type { Log } from "./log.ts";
import { type Probe, type Prove, probeShard, readGaps } from "./probe-shard.ts";

/** Of Lambda's context, what the probe needs. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

export type Outcome = { readonly outcome: "stale" } | ({ readonly outcome: "probed" } & Kept);

export interface RuntimeOptions {
  readonly environment: Environment;
  readonly config: VigilConfig;
  readonly clock: Clock;
  readonly historyOf: (shard: number) => History;
  readonly sinks: Omit<Sinks, "history">;
  readonly log: Log;
  readonly probe: Probe;
  readonly prove: Prove;
  readonly gate: Gate;
  /** Another one each time. */
  readonly randomId: () => string;
}

/**
 * For so long a baseline is trusted that its target lists. Reading it each minute would cost 200
 * targets 200 × 43,200 reads a month: $1.08 at one read unit (4 kB packed) each, $0.125 a million.
 * Every 15 minutes it is $0.07; a target that differs from its baseline adds half a cent a month.
 */
const BASELINE_TRUST_MS = 15 * 60_000;

/** What can be asked for, for whoever asks by hand. */
const EVENTS =
  'Send {"shard": 0, "scheduledAt": "2026-11-22T08:00:00Z"}, or {"targets": ["name"], "everyMs": 5000, "untilMs": 1795334400000}.';

type Invocation<Kind> = Extract<ProbeInvocation, { kind: Kind }>;

/** What keeps a shard's incidents and tools. */
interface Following {
  readonly incidents: IncidentKeeper;
  readonly tools: ToolKeeper;
}

/** What one environment keeps from invocation to invocation. */
export class Runtime {
  readonly #options: RuntimeOptions;
  readonly #shards: readonly (readonly Target[])[];
  readonly #remembered: Remembered = new Map();
  readonly #untold: Untold = { failures: 0 };
  /** By shard: what they know outlives an invocation. */
  readonly #keepers = new Map<number, Following>();

  constructor(options: RuntimeOptions) {
    this.#options = options;
    this.#shards = shardTargets(options.config.targets);
  }

  /** @throws InvocationError when nothing can be done, RefusedError when a sink refuses its part */
  invoke(event: unknown, context: LambdaContext): Promise<Outcome> {
    return telling(this.#options.log, this.#invoke(event, context));
  }

  async #invoke(event: unknown, context: LambdaContext): Promise<Outcome> {
    const { log, clock } = this.#options;
    const read = readProbeInvocation(event);
    if (!read.ok) throw refuse(log, "bad-event", `${read.problems.join("; ")}. ${EVENTS}`);
    const { invocation } = read;
    if (invocation.kind === "scheduled" && this.#isStale(invocation)) return { outcome: "stale" };
    const deadline = clock.monotonic() + runBudgetMs(context.getRemainingTimeInMillis());
    return { outcome: "probed", ...(await this.#run(invocation, deadline)) };
  }

  #isStale({ scheduledAt }: Invocation<"scheduled">): boolean {
    const { log, clock } = this.#options;
    if (isAhead(scheduledAt, clock.now())) {
      const minutes = `${MAX_AHEAD_MINUTES} minutes`;
      const problem = `scheduledAt: ${scheduledAt} is more than ${minutes} ahead of this machine's clock`;
      throw refuse(log, "bad-event", problem);
    }
    if (!isStale(scheduledAt, clock.now())) return false;
    log.trouble("stale-event", { scheduledAt });
    return true;
  }

  #run(invocation: ProbeInvocation, deadline: number): Promise<Kept> {
    switch (invocation.kind) {
      case "burst":
        return this.#burst(invocation, deadline);
      case "scheduled":
        return this.#probeShard(invocation, deadline);
      default:
        return invocation satisfies never;
    }
  }

  async #burst(invocation: Invocation<"burst">, deadline: number): Promise<Kept> {
    const { clock, probe, randomId, environment } = this.#options;
    const { vantage } = environment;
    const targets = this.#named(invocation.targets);
    const history = this.#options.historyOf(0);
    const keeper = this.#keeper(history, reportTimes(deadline));
    const { everyMs } = invocation;
    // A request that is delivered again keeps its request id, so that cannot tell deliveries apart.
    const guard = createBurstGuard({ history, vantage, holder: randomId(), everyMs, keeper });
    const gaps = await readGaps(targets, { history, keeper });
    await burst(targets, invocation, { clock, probe, guard, keeper, gaps, deadline });
    return keeper.finish({ at: new Date(clock.now()).toISOString(), heartbeat: false });
  }

  async #probeShard(invocation: Invocation<"scheduled">, deadline: number): Promise<Kept> {
    const { shard, scheduledAt } = invocation;
    const targets = this.#shard(shard);
    const history = this.#options.historyOf(shard);
    const keeper = this.#keeper(history, reportTimes(deadline));
    const { vantage } = this.#options.environment;
    const remembered = this.#remembered;
    const deps = {
      ...this.#options,
      ...this.#following(shard, history),
      vantage,
      history,
      keeper,
      remembered,
    };
    await probeShard({ targets, scheduledAt, deadline }, deps);
    // While all are well nobody waits for anything, and each call would cost.
    if (!keeper.hasPaged && targets.some(({ name }) => isUnwell(remembered.get(name)?.state))) {
      await keeper.page({ schema: 1, kind: "unwell", at: scheduledAt });
    }
    return keeper.finish({ at: scheduledAt, heartbeat: true });
  }

  #following(shard: number, history: History): Following {
    const { clock, environment } = this.#options;
    const { vantage } = environment;
    const following = this.#keepers.get(shard) ?? {
      incidents: createIncidentKeeper({ vantage, history }),
      tools: createToolKeeper({ history, clock, trustMs: BASELINE_TRUST_MS }),
    };
    this.#keepers.set(shard, following);
    return following;
  }

  #keeper(history: History, times: ReportTimes): Keeper {
    const { clock, environment, config, sinks } = this.#options;
    return new Keeper({
      sinks: { ...sinks, history },
      profile: config.profile,
      vantage: environment.vantage,
      untold: this.#untold,
      clock,
      times,
    });
  }

  #shard(shard: number): readonly Target[] {
    const targets = this.#shards[shard];
    if (targets !== undefined) return targets;
    const known = `the config has ${this.#shards.length} shard(s), numbered from 0`;
    throw refuse(this.#options.log, "unknown-shard", `there is no shard ${shard}: ${known}`);
  }

  #named(names: readonly string[]): readonly Target[] {
    const targets = this.#options.config.targets.filter(({ name }) => names.includes(name));
    if (targets.length === new Set(names).size) return targets;
    const unknown = names.filter((name) => !targets.some((target) => target.name === name));
    throw refuse(
      this.#options.log,
      "unknown-target",
      `the config has no target ${unknown.join(", ")}`,
    );
  }
}

function isUnwell(state: TargetState | undefined): boolean {
  return state?.status === "down" || state?.status === "degraded";
}
