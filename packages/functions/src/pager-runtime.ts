import type { Pager, PagerDeps, PagerTrouble } from "@vigil/aws";
import type { PagesTopic } from "@vigil/aws/pages-topic";
import {
  type Clock,
  type GapWindow,
  type News,
  type PagerEvent,
  type PagerInvocation,
  readPagerInvocation,
  type Target,
  type VigilConfig,
} from "@vigil/core";
import { DeadMan } from "./dead-man.ts";
import { inTime } from "./in-time.ts";
import { refuse, telling } from "./invocation-error.ts";
import { isStale } from "./invocation-time.ts";
import type { Log } from "./log.ts";

/** What this runtime gives the pager that it opens. */
export type PagerPort = Pick<PagerDeps, "deliver" | "trouble" | "policy">;

export interface PagerRuntimeOptions {
  readonly config: VigilConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly topic: PagesTopic;
  readonly fetch: typeof globalThis.fetch;
  /** Once, at init scope. */
  readonly open: (port: PagerPort) => Pager;
}

export interface PagerOutcome {
  /** `ignored`: nothing that people are told of, as an alarm's end. */
  readonly outcome: "looked" | "swept" | "tested" | "stale" | "ignored";
}

/** A page was not taken. It stays written down; the platform calls again, and so does each minute. */
export class PageError extends Error {
  override readonly name = "PageError";

  constructor(readonly reasons: readonly string[]) {
    super(`${reasons.length} page(s) could not be sent: ${[...new Set(reasons)].join(", ")}`);
  }
}

/** What the function is asked, for whoever asks by hand. */
const EVENTS = 'Send {"schema": 1, "kind": "test", "at": "2026-11-22T08:00:00Z", "by": "you"}.';

/** What one environment of the pager keeps from invocation to invocation. */
export class PagerRuntime {
  readonly #options: PagerRuntimeOptions;
  readonly #pager: Pager;
  readonly #deadMan: DeadMan;
  #refused: string[] = [];

  constructor(options: PagerRuntimeOptions) {
    this.#options = options;
    const { paging } = options.config;
    this.#deadMan = new DeadMan({ ...options, url: paging.deadman });
    this.#pager = options.open({
      policy: { reminderMs: paging.remindEveryMs, pagesDegraded: paging.degraded },
      deliver: (page) => options.topic.deliver(page),
      trouble: (code, details) => this.#trouble(code, details),
    });
  }

  /**
   * @throws InvocationError when the event is none, PageError when a page was not taken, HistoryError
   * when nothing could be decided: the platform then calls again
   */
  invoke(event: unknown): Promise<PagerOutcome> {
    return telling(this.#options.log, this.#invoke(event));
  }

  async #invoke(event: unknown): Promise<PagerOutcome> {
    const { log } = this.#options;
    const read = readPagerInvocation(event);
    if (!read.ok) throw refuse(log, "bad-event", `${read.problems.join("; ")}. ${EVENTS}`);
    this.#refused = [];
    const outcome = await this.#carryOut(read.invocation);
    if (this.#refused.length > 0) throw new PageError(this.#refused);
    return { outcome };
  }

  async #carryOut(event: PagerEvent): Promise<PagerOutcome["outcome"]> {
    switch (event.kind) {
      case "state-change":
        return this.#tell(newsOf(event));
      case "alarm": {
        const { target, vantage, at, state } = event;
        const isDown = state === "ALARM";
        const news = {
          target,
          vantage,
          at,
          status: "down",
          modes: [],
          lastGoodRunAt: null,
        } as const;
        return this.#tell(isDown ? news : null);
      }
      case "unwell":
        return this.#takeUp(event.at, () => this.#pager.goOn());
      case "sweep":
        return this.#takeUp(event.at, () => this.#sweep(event.at));
      case "test":
        return this.#test(event.by);
      default:
        return event satisfies never;
    }
  }

  async #tell(news: News | null): Promise<PagerOutcome["outcome"]> {
    if (news === null) return "ignored";
    await this.#pager.tell(news);
    return "looked";
  }

  /** What waits; for a minute that is over the next one does. */
  async #takeUp(at: string, work: () => Promise<void>): Promise<PagerOutcome["outcome"]> {
    const { clock, log } = this.#options;
    if (isStale(at, clock.now())) {
      log.trouble("stale-event", { at });
      return "stale";
    }
    await work();
    return "swept";
  }

  async #sweep(at: string): Promise<void> {
    await this.#pager.sweep(Date.parse(at));
    // Whoever waits for the ping is to page when pages do not go out.
    if (this.#refused.length === 0) await this.#deadMan.ping();
  }

  async #test(by: string): Promise<PagerOutcome["outcome"]> {
    const reason = await this.#pager.test(by);
    if (reason !== null) this.#trouble("page-failed", { reason });
    return "tested";
  }

  #trouble(code: PagerTrouble, details: Readonly<Record<string, unknown>>): void {
    if (code === "page-failed") this.#refused.push(String(details["reason"]));
    this.#options.log.trouble(code, details);
  }
}

function newsOf({ target, vantage, at, to, modes, lastGoodRunAt }: PagerInvocation): News | null {
  return to === "unknown" ? null : { target, vantage, at, status: to, modes, lastGoodRunAt };
}

/** Longest that a look at a function holds up a page. */
const LOOK_MS = 2_000;

/** The same look, which is not waited for longer than a page may wait. */
export function inTwoSeconds(
  look: (target: Target) => Promise<GapWindow | null>,
  clock: Clock,
): (target: Target) => Promise<GapWindow | null> {
  return (target) =>
    inTime(look(target), { clock, until: clock.monotonic() + LOOK_MS, late: async () => null });
}
