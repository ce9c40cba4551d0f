import {
  advance,
  type FollowedTarget,
  FULL_LOOK_MS,
  type GapEvent,
  type GapRecord,
  type GapState,
  type GapWindow,
  gapEvidence,
  type RunRecord,
  startGap,
} from "@vigil/core";
import type { DeploymentObserver, Look, LookTrouble } from "./deployments.ts";
import type { StoredGap } from "./deployments-history.ts";
import type { History } from "./history.ts";
import { reasonOf } from "./reason.ts";
import type { SpilloverReader } from "./spillover.ts";

export interface FollowerDeps {
  readonly history: Pick<History, "putGapState" | "putGap" | "putDeployment" | "runs">;
  readonly observerOf: (region: string) => DeploymentObserver;
  /** Absent where nobody asks. */
  readonly spilloverOf?: (region: string) => SpilloverReader;
  readonly trouble: (
    code: "look-failed" | "history-failed" | "spillover-unread",
    details: Readonly<Record<string, unknown>> & { readonly target: string },
  ) => void;
  /** Told of each event once it is known, whether it could be written or not. */
  readonly onEvent?: (target: string, event: GapEvent) => void;
}

/** A state that nobody wrote yet is remembered for so long: a look then writes it, for its bounds' sake. */
const WRITE_EVERY_MS = 5 * 60_000;

/** By then CloudWatch has the window's last minute, and history its last runs. */
const SETTLED_MS = 3 * 60_000;

/** What one environment knows of a target's function. */
interface Known {
  readonly stored: StoredGap | null;
  readonly state: GapState;
  readonly outbox: readonly GapEvent[];
  readonly writtenAt: string | null;
  readonly fullAt: string | null;
}

/** Follows the functions of a shard from look to look, and keeps what comes of it. */
export class Follower {
  readonly #deps: FollowerDeps;
  readonly #known = new Map<string, Known>();
  /** Windows that closed a moment ago: their evidence is not all in. */
  readonly #settling = new Map<string, GapWindow>();
  /** Troubles that the log has heard of. */
  readonly #told = new Map<string, string>();

  constructor(deps: FollowerDeps) {
    this.#deps = deps;
  }

  /** What others wrote since counts for more than what is remembered. */
  recall(all: readonly StoredGap[]): void {
    const byTarget = new Map(all.map((stored) => [stored.target, stored]));
    for (const [target, known] of this.#known) {
      if (known.stored?.revision !== byTarget.get(target)?.revision) this.#known.delete(target);
    }
    for (const stored of all) {
      if (this.#known.has(stored.target)) continue;
      const { state, outbox } = stored;
      this.#known.set(stored.target, { stored, state, outbox, writtenAt: null, fullAt: null });
    }
    for (const { target, hints = [] } of all) this.#hint(target, hints);
  }

  /** What was told before changes nothing. */
  #hint(target: string, times: readonly string[]): void {
    const known = this.#known.get(target);
    if (known === undefined) return;
    const told = (state: GapState, at: string) => advance(state, { kind: "hint", at }).state;
    this.#known.set(target, { ...known, state: times.reduce(told, known.state) });
  }

  openWindow(target: string): GapWindow | null {
    return this.#known.get(target)?.state.open?.window ?? null;
  }

  lastLookAt(target: string): string {
    return this.#known.get(target)?.state.lastAt ?? "";
  }

  /** Looks once, and keeps what came of it; at all there is where something hints at a change. Never rejects. */
  async look(target: FollowedTarget, isHinted = false): Promise<void> {
    const known = this.#known.get(target.name) ?? NOTHING;
    const { serving, open, lastAt } = known.state;
    const full = isHinted || open !== null || isOlder(known.fullAt, lastAt, FULL_LOOK_MS);
    const options = { full, known: serving };
    const look = await this.#deps.observerOf(target.region).look(target.lambda, options);
    this.#tell(target.name, look.trouble);
    // What the config says now counts, whatever it said when the state was written.
    const state = { ...known.state, allowanceMs: target.lambda.gapAllowanceMs };
    const fullAt = full ? look.observation.at : known.fullAt;
    await this.#keep(target.name, { ...known, state, fullAt }, look);
    await this.#settle(target, look.observation.at);
  }

  async #settle(target: FollowedTarget, now: string): Promise<void> {
    const { spilloverOf, history, trouble } = this.#deps;
    const { name, region, lambda } = target;
    const window = this.#settling.get(name);
    if (window === undefined || !isOlder(window.end?.notAfter ?? null, now, SETTLED_MS)) return;
    this.#settling.delete(name);
    if (spilloverOf === undefined) return;
    const read = await spilloverOf(region).read(lambda, window);
    if (!read.ok) trouble("spillover-unread", { target: name, reason: read.code });
    try {
      await history.putGap(await this.#closed(name, window, read.ok ? read.invocations : null));
    } catch (error) {
      trouble("history-failed", { target: name, reason: reasonOf(error) });
    }
  }

  async #keep(target: string, known: Known, { observation }: Look): Promise<void> {
    const { state, events } = advance(known.state, observation);
    const outbox = [...known.outbox, ...events];
    const next: Known = { ...known, state, outbox };
    this.#known.set(target, next);
    for (const event of events) this.#deps.onEvent?.(target, event);
    const isDue =
      outbox.length > 0 ||
      state.open !== known.state.open ||
      isOlder(known.writtenAt, observation.at, WRITE_EVERY_MS);
    if (isDue) await this.#write(target, next, observation.at);
  }

  /** First the state, which only one of several gets to write, then what follows from it. */
  async #write(target: string, known: Known, at: string): Promise<void> {
    const revision = (known.stored?.revision ?? 0) + 1;
    const stored: StoredGap = { target, revision, state: known.state, outbox: known.outbox };
    try {
      if ((await this.#deps.history.putGapState(stored)) === "stale") {
        this.#known.delete(target);
        return;
      }
      this.#known.set(target, { ...known, stored, writtenAt: at });
      for (const event of known.outbox) await this.#record(target, event);
      // The next writing leaves out what is told; until then whoever takes over tells it again.
      this.#known.set(target, { ...known, stored, writtenAt: at, outbox: [] });
    } catch (error) {
      this.#deps.trouble("history-failed", { target, reason: reasonOf(error) });
    }
  }

  async #record(target: string, event: GapEvent): Promise<void> {
    const { history } = this.#deps;
    switch (event.kind) {
      case "deployed":
        return history.putDeployment(target, event.deployment);
      case "gap-opened":
      case "exposure-changed":
      case "gap-overdue":
        return history.putGap({ ...event.window, target, evidence: null });
      case "gap-closed":
        this.#settling.set(target, event.window);
        return history.putGap(await this.#closed(target, event.window, null));
      case "provisioning-removed":
      case "absent":
      case "look-failed":
      case "look-recovered":
        return;
      default:
        return event satisfies never;
    }
  }

  async #closed(target: string, window: GapWindow, spillover: number | null): Promise<GapRecord> {
    const since = window.start.notBefore ?? window.start.notAfter;
    const runs: RunRecord[] = [];
    const until = window.end?.notAfter;
    const inside = this.#deps.history.runs(target, {
      since,
      ...(until !== undefined && { until }),
    });
    for await (const run of inside) runs.push(run);
    return { ...window, target, evidence: gapEvidence(runs, spillover) };
  }

  /** Once, until it is another trouble or none. */
  #tell(target: string, trouble: LookTrouble | null): void {
    const text = JSON.stringify(trouble);
    if ((this.#told.get(target) ?? "null") === text) return;
    this.#told.set(target, text);
    if (trouble !== null) this.#deps.trouble("look-failed", { target, ...trouble });
  }
}

const NOTHING: Known = {
  stored: null,
  state: startGap(),
  outbox: [],
  writtenAt: null,
  fullAt: null,
};

function isOlder(since: string | null, now: string | null, ms: number): boolean {
  return since === null || now === null || Date.parse(now) - Date.parse(since) >= ms;
}
