import {
  createPager,
  type History,
  lingeringGap,
  type Pager,
  type PagerDeps,
  type PagerTrouble,
  reasonOf,
} from "@vigil/aws";
import {
  type Alert,
  type Clock,
  type GapEvent,
  type GapWindow,
  type Hold,
  type News,
  type OutgoingPage,
  type PagerPolicy,
  pagerInvocationOf,
  type Target,
} from "@vigil/core";
import type { Observation } from "../monitor.ts";

const MINUTE_MS = 60_000;
/** What an event changes is written by then. */
const SOON_MS = 1_000;

export interface LocalPagerOptions {
  readonly targets: readonly Target[];
  /** Percent of good runs to be kept. */
  readonly slo: number;
  readonly policy: PagerPolicy;
  readonly history: History;
  readonly clock: Clock;
  readonly randomId: () => string;
  /** Looks at the target's function once more. */
  readonly lookNow: (target: string) => Promise<GapWindow | null>;
  /** Reads how the target's function is set up. */
  readonly causeOf: PagerDeps["causeOf"];
  readonly deliver: (page: OutgoingPage) => void;
  readonly onHeld: (target: string, hold: Hold) => void;
  /** What was held was well again before anybody was told. */
  readonly onDropped: (target: string) => void;
  readonly onTrouble: (text: string) => void;
}

/** The deployed pager's own logic, over the history of this machine. */
export interface LocalPager {
  readonly pager: Pager;
  ran(observation: Pick<Observation, "record" | "state" | "events">): void;
  /** The run's history is written: people are told of what it changed. */
  kept(target: string): Promise<void>;
  deployment(event: GapEvent): void;
  /** Begins to sweep each minute. */
  start(): void;
  /** Resolves when what goes on has ended. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export function createLocalPager(options: LocalPagerOptions): LocalPager {
  return new WatchPager(options);
}

class WatchPager implements LocalPager {
  readonly pager: Pager;
  readonly #options: LocalPagerOptions;
  readonly #news = new Map<string, News>();
  /** Alerts that people have not been told of. */
  readonly #held = new Map<string, string>();
  readonly #unread = new Set<string>();
  #cancel: () => void = () => undefined;
  #cancelSoon: () => void = () => undefined;
  #going: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: LocalPagerOptions) {
    this.#options = options;
    const { targets, slo, policy, history, clock, randomId } = options;
    this.pager = createPager({
      config: { targets, slo },
      policy,
      history,
      clock,
      randomId,
      stage: null,
      statesOf: async (name) => (await history.states()).filter(({ target }) => target === name),
      allStates: () => history.states(),
      gapNow: (target) => this.#gapNow(target),
      deliver: async (page) => {
        options.deliver(page);
        return null;
      },
      // Runs are written down without secrets.
      redactOf: () => (text) => text,
      causeOf: options.causeOf,
      trouble: (code, details) => this.#trouble(code, details),
    });
  }

  ran({ record, state, events }: Pick<Observation, "record" | "state" | "events">): void {
    const invocation = pagerInvocationOf(record, state, events);
    if (invocation !== null && invocation.to !== "unknown") {
      const { target, vantage, at, to: status, modes, lastGoodRunAt } = invocation;
      this.#news.set(target, { target, vantage, at, status, modes, lastGoodRunAt });
    }
  }

  kept(target: string): Promise<void> {
    const news = this.#news.get(target);
    this.#news.delete(target);
    if (news === undefined && !this.#held.has(target)) return Promise.resolve();
    return this.#inTurn(async () => {
      // What holds a page may be over with this run.
      if (news === undefined) await this.pager.sweep(this.#options.clock.now());
      else await this.pager.tell(news);
      await this.#tellHolds();
    });
  }

  deployment(event: GapEvent): void {
    if (event.kind !== "gap-overdue") return;
    this.#cancelSoon();
    this.#cancelSoon = this.#options.clock.after(SOON_MS, () => void this.#sweep());
  }

  start(): void {
    const { clock } = this.#options;
    const arm = () => {
      if (this.#stopped) return;
      this.#cancel = clock.after(MINUTE_MS - (clock.now() % MINUTE_MS), () => {
        arm();
        void this.#sweep();
      });
    };
    arm();
  }

  settled(): Promise<void> {
    return this.#going;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    this.#cancelSoon();
    await this.#going;
  }

  #sweep(): Promise<void> {
    return this.#inTurn(async () => {
      await this.pager.sweep(this.#options.clock.now());
      await this.#tellHolds();
    });
  }

  /** Not knowing why is no trouble with the page, and is said once. */
  #trouble(code: PagerTrouble, details: Readonly<Record<string, unknown>>): void {
    const told = `${code}: ${JSON.stringify(details)}`;
    if (code !== "cause-unread") this.#options.onTrouble(`a page is in trouble (${told}).`);
    else if (!this.#unread.has(told)) {
      this.#unread.add(told);
      this.#options.onTrouble(`a page goes out without its likely cause (${told}).`);
    }
  }

  /** One thing after the other; what fails is tried again with the next minute. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#going = this.#going
      .then(() => (this.#stopped ? undefined : work()))
      .catch((error: unknown) =>
        this.#options.onTrouble(
          `whom to page could not be decided (${reasonOf(error)}); it is tried again each minute.`,
        ),
      );
    return this.#going;
  }

  async #gapNow(target: Target): Promise<GapWindow | null> {
    const { clock, lookNow } = this.#options;
    const open = await withinTime(lookNow(target.name), clock);
    return open ?? lingeringGap(target, this.#options);
  }

  /** Says once of an alert that it is held, and once that it is over without a page. */
  async #tellHolds(): Promise<void> {
    const { records } = await this.#options.history.pagerState();
    const alerts = new Map(records.map(({ target, alert }) => [target, alert] as const));
    for (const [target, alert] of alerts) {
      const hold = heldBy(alert);
      if (hold === null || alert === null || this.#held.get(target) === alert.openedAt) continue;
      this.#held.set(target, alert.openedAt);
      this.#options.onHeld(target, hold);
    }
    for (const target of [...this.#held.keys()]) {
      const alert = alerts.get(target) ?? null;
      if (alert === null) this.#options.onDropped(target);
      if (alert === null || alert.pagedAt !== null) this.#held.delete(target);
    }
  }
}

function heldBy(alert: Alert | null): Hold | null {
  return alert !== null && alert.pagedAt === null ? alert.heldBy : null;
}

/** Longest that a look at a function holds up a page. */
const LOOK_MS = 2_000;

function withinTime(look: Promise<GapWindow | null>, clock: Clock): Promise<GapWindow | null> {
  return new Promise((resolve) => {
    const cancel = clock.after(LOOK_MS, () => resolve(null));
    const done = (window: GapWindow | null) => {
      cancel();
      resolve(window);
    };
    look.then(done, () => done(null));
  });
}
