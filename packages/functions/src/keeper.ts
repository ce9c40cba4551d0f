import { type History, HistoryError, reasonOf } from "@vigil/aws";
import type { PagerCall } from "@vigil/aws/pager-call";
import type { Publisher, PublishOutcome } from "@vigil/aws/publish";
import type { SpillQueue } from "@vigil/aws/spill-queue";
import {
  type Clock,
  type Datapoint,
  datapointsOf,
  type PagerInvocation,
  type Profile,
  type RunRecord,
  type TargetState,
  type UnwellNotice,
  vantageDatapoints,
} from "@vigil/core";
import { inTime } from "./in-time.ts";
import type { ReportTimes } from "./invocation-time.ts";
import type { Log, Trouble } from "./log.ts";
import { Refusals } from "./refusals.ts";

export interface Sinks {
  readonly history: Pick<History, "recordRun" | "putState">;
  readonly publisher: Publisher;
  readonly spill: SpillQueue;
  /** Null where paging is not deployed. */
  readonly pager: PagerCall | null;
  readonly log: Log;
}

/**
 * Failures that the metric has not told of. It outlives the invocation: one that comes while the
 * metrics are sent, or keeps them from being sent, is told of by the next.
 */
export interface Untold {
  failures: number;
}

export interface KeeperOptions {
  readonly sinks: Sinks;
  readonly profile: Profile;
  readonly vantage: string;
  readonly untold: Untold;
  readonly clock: Pick<Clock, "monotonic" | "after">;
  readonly times: ReportTimes;
}

/** As the SDK names a call that had no answer. */
const NO_ANSWER = "TimeoutError";

/** The minute that metrics of the vantage stand for; `heartbeat` where it is the minute's own run. */
export interface Telling {
  readonly at: string;
  readonly heartbeat: boolean;
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
  #hasPaged = false;
  readonly #refusals = new Refusals();

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
      const written = await this.#written(this.#options.sinks.history.recordRun(record));
      if (written === "duplicate") {
        this.#duplicates += 1;
        return false;
      }
      this.#recorded += 1;
    } catch (error) {
      this.#unrecorded.push(record);
      this.failed("history-failed", { target: record.target, reason: reasonOf(error) });
    }
    return true;
  }

  /** Writes a state over the stored one that it goes on from. */
  async state(
    state: TargetState,
    over: TargetState | null,
  ): Promise<"written" | "stale" | "failed"> {
    try {
      return await this.#written(this.#options.sinks.history.putState(state, over));
    } catch (error) {
      this.failed("history-failed", { target: state.target, reason: reasonOf(error) });
      return "failed";
    }
  }

  /** What else is kept of a target in history. */
  async also(target: string, write: () => Promise<void>): Promise<void> {
    try {
      await this.#written(write());
    } catch (error) {
      this.failed("history-failed", { target, reason: reasonOf(error) });
    }
  }

  /** Whether the pager was called already. */
  get hasPaged(): boolean {
    return this.#hasPaged;
  }

  async page(invocation: PagerInvocation | UnwellNotice): Promise<void> {
    this.#hasPaged = true;
    const { pager } = this.#options.sinks;
    const reason = pager === null ? null : await this.#told(pager.tell(invocation));
    const target = invocation.kind === "unwell" ? null : invocation.target;
    if (reason !== null) this.failed("pager-failed", { target, reason });
  }

  /**
   * Spills, publishes, and says what became of it all.
   * @throws RefusedError at the very end, when a sink refused what it will refuse again
   */
  async finish(telling: Telling): Promise<Kept> {
    const { spill, log } = this.#options.sinks;
    const kept = await spill.spillRuns(this.#unrecorded);
    if (kept.lost > 0) this.failed("spill-failed", { runs: kept.lost, reason: kept.code });
    await this.#publish(telling);
    const sum: Kept = {
      runs: this.#recorded + this.#duplicates + this.#unrecorded.length,
      recorded: this.#recorded,
      duplicates: this.#duplicates,
      spilled: kept.spilled,
      unknown: this.#unknown,
      sinkFailures: this.#sinkFailures,
    };
    log.done({ ...sum });
    this.#refusals.end();
    return sum;
  }

  async #publish(telling: Telling): Promise<void> {
    const { sinks, untold } = this.#options;
    const told = untold.failures;
    const own = this.#ofVantage(telling, told);
    const { failed } = await this.#sent([...this.#datapoints, ...own]);
    const lost = failed.flatMap(({ datapoints }) => datapoints);
    // Replay sends again what was said of targets, but not this.
    const isTold = !lost.some((one) => own.includes(one) && one.metric === "SinkFailures");
    if (isTold) untold.failures -= told;
    if (lost.length === 0) return;
    this.failed("publish-failed", { datapoints: lost.length, reason: failed[0]?.code });
    const kept = await sinks.spill.spillDatapoints(lost);
    if (kept.lost > 0) this.failed("spill-failed", { datapoints: kept.lost, reason: kept.code });
  }

  #ofVantage({ at, heartbeat }: Telling, sinkFailures: number): readonly Datapoint[] {
    return vantageDatapoints({
      vantage: this.#options.vantage,
      at,
      probed: heartbeat ? this.#recorded + this.#unrecorded.length : null,
      unknown: this.#unknown,
      sinkFailures,
    });
  }

  /** What history has not done in time is spilled: the platform would end the invocation before. */
  #written<T>(work: Promise<T>): Promise<T> {
    const { clock, times } = this.#options;
    const late = async () => {
      throw new HistoryError("history-unavailable", "No answer in time", null);
    };
    return inTime(work, { clock, until: times.writtenBy, late });
  }

  #told(work: Promise<string | null>): Promise<string | null> {
    const { clock, times } = this.#options;
    return inTime(work, { clock, until: times.writtenBy, late: async () => NO_ANSWER });
  }

  #sent(datapoints: readonly Datapoint[]): Promise<Pick<PublishOutcome, "failed">> {
    const { clock, times, sinks } = this.#options;
    const work = sinks.publisher.publish(datapoints);
    const late = async () => ({ failed: [{ datapoints, code: NO_ANSWER }] });
    return inTime<Pick<PublishOutcome, "failed">>(work, { clock, until: times.sentBy, late });
  }

  /** Logs and counts what a sink did not do. */
  failed(code: Trouble, details: Readonly<Record<string, unknown>>): void {
    this.#sinkFailures += 1;
    this.#options.untold.failures += 1;
    this.#refusals.hear(code, details);
    this.#options.sinks.log.trouble(code, details);
  }
}
