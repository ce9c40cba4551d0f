import type { History } from "@vigil/aws";
import type { PagerCall } from "@vigil/aws/pager-call";
import type { Publisher } from "@vigil/aws/publish";
import type { SpillQueue } from "@vigil/aws/spill-queue";
import {
  type Datapoint,
  datapointsOf,
  type PagerInvocation,
  type Profile,
  type RunRecord,
  type TargetState,
  vantageDatapoints,
} from "@vigil/core";
import type { Log, Trouble } from "./log.ts";
import { reasonOf } from "./reason.ts";

export interface Sinks {
  readonly history: Pick<History, "recordRun" | "putState">;
  readonly publisher: Publisher;
  readonly spill: SpillQueue;
  /** Null where paging is not deployed. */
  readonly pager: PagerCall | null;
  readonly log: Log;
}

export interface KeeperOptions {
  readonly sinks: Sinks;
  readonly profile: Profile;
  readonly vantage: string;
}

/** What became of an invocation's runs. */
export interface Kept {
  readonly runs: number;
  readonly recorded: number;
  readonly duplicates: number;
  readonly spilled: number;
  readonly unknown: number;
  readonly sinkFailures: number;
}

/**
 * Keeps the runs of one invocation. Every sink is tried whatever the others do; what fails goes to
 * the spill queue; and each run is a line of the log before anything else.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #unrecorded: RunRecord[] = [];
  readonly #datapoints: Datapoint[] = [];
  #recorded = 0;
  #duplicates = 0;
  #unknown = 0;
  #sinkFailures = 0;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Logs and records a run at once. False when history had it already: then nothing counts twice. */
  async run(record: RunRecord): Promise<boolean> {
    const { sinks, profile } = this.#options;
    sinks.log.run(record);
    const isNew = await this.#record(record);
    if (!isNew) return false;
    this.#datapoints.push(...datapointsOf(record, profile));
    if (record.status === "unknown" && record.kind === "scheduled") this.#unknown += 1;
    return true;
  }

  async #record(record: RunRecord): Promise<boolean> {
    try {
      const written = await this.#options.sinks.history.recordRun(record);
      if (written === "duplicate") {
        this.#duplicates += 1;
        return false;
      }
      this.#recorded += 1;
    } catch (error) {
      this.#unrecorded.push(record);
      this.#fail("history-failed", { target: record.target, reason: reasonOf(error) });
    }
    return true;
  }

  /** Writes a state over the stored one that it goes on from. */
  async state(
    state: TargetState,
    over: TargetState | null,
  ): Promise<"written" | "stale" | "failed"> {
    try {
      return await this.#options.sinks.history.putState(state, over);
    } catch (error) {
      this.#fail("history-failed", { target: state.target, reason: reasonOf(error) });
      return "failed";
    }
  }

  /** What else is kept of a target in history. */
  async also(target: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#fail("history-failed", { target, reason: reasonOf(error) });
    }
  }

  async page(invocation: PagerInvocation): Promise<void> {
    const { pager } = this.#options.sinks;
    const reason = pager === null ? null : await pager.tell(invocation);
    if (reason !== null) this.#fail("pager-failed", { target: invocation.target, reason });
  }

  /** Spills, publishes, and says what became of it all. `heartbeatAt` is null where none is due. */
  async finish(heartbeatAt: string | null): Promise<Kept> {
    const { spill, log } = this.#options.sinks;
    const kept = await spill.spillRuns(this.#unrecorded);
    if (kept.lost > 0) this.#fail("spill-failed", { runs: kept.lost, reason: kept.code });
    await this.#publish(heartbeatAt);
    const sum: Kept = {
      runs: this.#recorded + this.#duplicates + this.#unrecorded.length,
      recorded: this.#recorded,
      duplicates: this.#duplicates,
      spilled: kept.spilled,
      unknown: this.#unknown,
      sinkFailures: this.#sinkFailures,
    };
    log.done({ ...sum });
    return sum;
  }

  async #publish(heartbeatAt: string | null): Promise<void> {
    const { sinks, vantage } = this.#options;
    const probed = this.#recorded + this.#unrecorded.length;
    const heartbeat =
      heartbeatAt === null
        ? []
        : vantageDatapoints({
            vantage,
            at: heartbeatAt,
            probed,
            unknown: this.#unknown,
            sinkFailures: this.#sinkFailures,
          });
    const { failed } = await sinks.publisher.publish([...this.#datapoints, ...heartbeat]);
    const lost = failed.flatMap(({ datapoints }) => datapoints);
    if (lost.length === 0) return;
    this.#fail("publish-failed", { datapoints: lost.length, reason: failed[0]?.code });
    const kept = await sinks.spill.spillDatapoints(lost);
    if (kept.lost > 0) this.#fail("spill-failed", { datapoints: kept.lost, reason: kept.code });
  }

  #fail(code: Trouble, details: Readonly<Record<string, unknown>>): void {
    this.#sinkFailures += 1;
    this.#options.sinks.log.trouble(code, details);
  }
}
