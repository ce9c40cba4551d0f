import { Follower, type History, reasonOf } from "@vigil/aws";
import type { DeploymentObserver } from "@vigil/aws/deployments";
import type { LaterCall } from "@vigil/aws/deployments-calls";
import type { Publisher } from "@vigil/aws/publish";
import type { SpilloverReader } from "@vigil/aws/spillover";
import {
  type Clock,
  CORRELATOR_STAY_MS,
  type FollowedTarget,
  followedShards,
  type GapEvent,
  type GapFault,
  gapDatapoint,
  gapFaultOf,
  hintFor,
  isChangeEvent,
  MAX_BURST_TARGETS,
  OPEN_LOOK_MS,
  overdueGaps,
  readHint,
  readProbeInvocation,
  type VigilConfig,
} from "@vigil/core";
import { refuse, telling } from "./invocation-error.ts";
import { isStale } from "./invocation-time.ts";
import type { Log } from "./log.ts";

/** Longer than a round of looks: whoever dies holds up others for no longer. */
const LEASE_MS = 30_000;
const MINUTE_MS = 60_000;
/** How often a burst probes. */
const BURST_EVERY_MS = 5_000;

export interface CorrelatorOptions {
  readonly config: VigilConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly history: History;
  readonly observerOf: (region: string) => DeploymentObserver;
  readonly spilloverOf: (region: string) => SpilloverReader;
  readonly publisher: Publisher;
  readonly probe: LaterCall;
  /** Another one each time. */
  readonly randomId: () => string;
}

/** Of word from EventBridge that was no reason to look. */
type HintOutcome = "bad-hint" | "no-change" | "no-target";

export interface CorrelatorOutcome {
  /** `held`: another invocation followed the shard all the while. */
  readonly outcome: "followed" | "held" | "stale" | "no-history" | HintOutcome;
  /** Rounds of looks. */
  readonly rounds: number;
}

/** One tick of a shard. */
interface Tick {
  readonly shard: number;
  readonly scheduledAt: string;
  readonly holder: string;
  /** `clock.monotonic()` at which to leave. */
  readonly endMs: number;
  readonly targets: readonly FollowedTarget[];
  /** Those that a hint is about, which are looked at first, and alone unless a window opens. */
  readonly hinted: readonly FollowedTarget[] | null;
  /** By target, the minute that was told of last. */
  readonly announced: Map<string, string>;
}

const EVENT = 'Send {"shard": 0, "scheduledAt": "2026-11-22T08:00:00Z"}.';

/** What one environment of the correlator keeps from invocation to invocation. */
export class CorrelatorRuntime {
  readonly #options: CorrelatorOptions;
  readonly #shards: readonly (readonly FollowedTarget[])[];
  readonly #follower: Follower;

  constructor(options: CorrelatorOptions) {
    this.#options = options;
    this.#shards = followedShards(options.config.targets);
    const { log, ...deps } = options;
    this.#follower = new Follower({
      ...deps,
      trouble: (code, details) => log.trouble(code, details),
      onEvent: (target, event) => this.#tellFault(target, event),
    });
  }

  /** An open window turns into a failure of its own: past its allowance, or by a failed allocation. */
  #tellFault(name: string, event: GapEvent): void {
    const { config, clock, log } = this.#options;
    const target = config.targets.find((one) => one.name === name);
    if (target === undefined || !("window" in event)) return;
    const fault = gapFaultOf({ target, window: event.window, nowMs: clock.now() });
    if (fault === null) return;
    const { mode, since, summary, remedy } = fault;
    log.trouble("gap-fault", { target: name, mode, since, summary, remedy });
  }

  /** @throws InvocationError when the event is none */
  invoke(event: unknown): Promise<CorrelatorOutcome> {
    return telling(this.#options.log, this.#invoke(event));
  }

  async #invoke(event: unknown): Promise<CorrelatorOutcome> {
    if (isChangeEvent(event)) return this.#hint(event);
    const { clock, log } = this.#options;
    const startMs = clock.monotonic();
    const read = readProbeInvocation(event);
    if (!read.ok) throw refuse(log, "bad-event", `${read.problems.join("; ")}. ${EVENT}`);
    if (read.invocation.kind !== "scheduled") throw refuse(log, "bad-event", EVENT);
    const { shard, scheduledAt } = read.invocation;
    const targets = this.#shards[shard] ?? [];
    if (targets.length === 0 && shard > 0) {
      throw refuse(log, "unknown-shard", `there is no shard ${shard} of functions`);
    }
    if (isStale(scheduledAt, clock.now())) {
      log.trouble("stale-event", { scheduledAt });
      return { outcome: "stale", rounds: 0 };
    }
    return this.#follow(this.#tick({ shard, scheduledAt, startMs, hinted: null }));
  }

  #tick(of: Pick<Tick, "shard" | "scheduledAt" | "hinted"> & { readonly startMs: number }): Tick {
    const { startMs, ...rest } = of;
    return {
      ...rest,
      holder: this.#options.randomId(),
      endMs: startMs + CORRELATOR_STAY_MS,
      targets: this.#shards[of.shard] ?? [],
      announced: new Map<string, string>(),
    };
  }

  /** Word of a change: kept for whoever follows the shard, and a reason to look now if nobody does. */
  async #hint(event: unknown): Promise<CorrelatorOutcome> {
    const { clock, log, history } = this.#options;
    const startMs = clock.monotonic();
    const read = readHint(event);
    if (read.kind === "bad") log.trouble("bad-hint", { reason: read.problem });
    if (read.kind !== "hint") {
      return { outcome: read.kind === "bad" ? "bad-hint" : "no-change", rounds: 0 };
    }
    const told = this.#shards.map((targets) => targets.filter((one) => hintFor(one, read.hint)));
    try {
      for (const target of told.flat()) {
        if (hintFor(target, read.hint) !== "moved") continue;
        await history.putGapHint(target.name, read.hint.at);
      }
    } catch (error) {
      log.trouble("history-failed", { reason: reasonOf(error) });
    }
    const scheduledAt = new Date(clock.now()).toISOString();
    const ticks = told.flatMap((hinted, shard) =>
      hinted.length === 0 ? [] : [this.#tick({ shard, scheduledAt, startMs, hinted })],
    );
    const outcomes = await Promise.all(ticks.map((tick) => this.#follow(tick)));
    return outcomes[0] ?? { outcome: "no-target", rounds: 0 };
  }

  async #follow(tick: Tick): Promise<CorrelatorOutcome> {
    const { history, log } = this.#options;
    if (tick.targets.length === 0) return { outcome: "followed", rounds: 0 };
    try {
      if (!(await this.#wait(tick))) return { outcome: "held", rounds: 0 };
      this.#follower.recall(await history.gapStates());
      const rounds = await this.#rounds(tick);
      await this.#claim(tick, 0);
      return { outcome: "followed", rounds };
    } catch (error) {
      log.trouble("history-failed", { shard: tick.shard, reason: reasonOf(error) });
      return { outcome: "no-history", rounds: 0 };
    }
  }

  /** Takes over as soon as the one before leaves; false when it is too late for that. */
  async #wait(tick: Tick): Promise<boolean> {
    while (!(await this.#claim(tick, LEASE_MS))) {
      // Whoever holds it looks by itself.
      if (tick.hinted !== null || this.#options.clock.monotonic() + OPEN_LOOK_MS >= tick.endMs)
        return false;
      await this.#sleep(OPEN_LOOK_MS);
    }
    return true;
  }

  async #claim({ shard, holder }: Tick, forMs: number): Promise<boolean> {
    return (await this.#options.history.claimCorrelator({ shard, holder, forMs })) === "claimed";
  }

  /**
   * All functions once, longest unseen first; then those with an open window, while there is one. With
   * a hint those that it is about, and all only when that opened a window, which keeps others away.
   */
  async #rounds(tick: Tick): Promise<number> {
    const { clock } = this.#options;
    const oldestFirst = [...(tick.hinted ?? tick.targets)].sort((a, b) =>
      this.#follower.lastLookAt(a.name).localeCompare(this.#follower.lastLookAt(b.name)),
    );
    let rounds = 0;
    let due: readonly FollowedTarget[] = oldestFirst;
    let isMine = true;
    while (due.length > 0 && isMine) {
      const roundMs = clock.monotonic();
      isMine = await this.#round(tick, due);
      rounds += 1;
      const open = tick.targets.filter(({ name }) => this.#follower.openWindow(name) !== null);
      await this.#announce(tick, open);
      const isAlone = tick.hinted !== null && rounds === 1;
      due = isAlone && open.length > 0 ? tick.targets : open;
      const nextMs = Math.max(roundMs + OPEN_LOOK_MS, clock.monotonic());
      if (due.length === 0 || nextMs >= tick.endMs) break;
      await this.#sleep(nextMs - clock.monotonic());
      isMine &&= await this.#claim(tick, LEASE_MS);
    }
    return rounds;
  }

  /** False once another one follows the shard. */
  async #round(tick: Tick, due: readonly FollowedTarget[]): Promise<boolean> {
    const { clock } = this.#options;
    let claimedMs = clock.monotonic();
    for (const target of due) {
      if (clock.monotonic() >= tick.endMs) return true;
      if (clock.monotonic() - claimedMs >= LEASE_MS / 3) {
        if (!(await this.#claim(tick, LEASE_MS))) return false;
        claimedMs = clock.monotonic();
      }
      await this.#follower.look(target, tick.hinted?.includes(target));
    }
    return true;
  }

  /** Once a minute for each target: its metric, and a burst of probes to the minute's end. */
  async #announce(tick: Tick, open: readonly FollowedTarget[]): Promise<void> {
    const { clock, publisher, probe, log } = this.#options;
    const minuteMs = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;
    const at = new Date(minuteMs).toISOString();
    const fresh = open.map(({ name }) => name).filter((name) => tick.announced.get(name) !== at);
    if (fresh.length === 0) return;
    for (const name of fresh) tick.announced.set(name, at);
    const { failed } = await publisher.publish([
      ...fresh.map((target) => gapDatapoint("DeployGap", { target, at })),
      ...this.#faults(tick, fresh).map(({ target }) => gapDatapoint("GapFault", { target, at })),
    ]);
    if (failed.length > 0) log.trouble("publish-failed", { reason: failed[0]?.code });
    const leavesMs = clock.now() + tick.endMs - clock.monotonic();
    const untilMs = Math.round(Math.min(leavesMs, minuteMs + MINUTE_MS));
    const targets = fresh.slice(0, MAX_BURST_TARGETS);
    const reason = await probe.send({ targets, everyMs: BURST_EVERY_MS, untilMs });
    if (reason !== null) log.trouble("burst-failed", { targets, reason });
  }

  #faults({ targets }: Tick, fresh: readonly string[]): readonly GapFault[] {
    const windows = fresh.map((name) => [name, this.#follower.openWindow(name)] as const);
    const gaps = new Map(windows.flatMap(([name, one]) => (one === null ? [] : [[name, one]])));
    return overdueGaps({ gaps, targets, nowMs: this.#options.clock.now() });
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(Math.max(0, ms), resolve);
    });
  }
}
