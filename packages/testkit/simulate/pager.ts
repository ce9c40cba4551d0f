import {
  type Alert,
  advanceAlert,
  capacity,
  type GapWindow,
  holdsOf,
  type News,
  notOlderThan,
  type Page,
  type PagerPolicy,
  type PagerStep,
  quorumOf,
  withNews,
} from "@vigil/core";
import { sample } from "./distributions.ts";
import { deliver, everyMinute, MINUTE_MS, type World } from "./world.ts";

const POLICY: PagerPolicy = { reminderMs: 30 * 60_000, pagesDegraded: false };

interface Look {
  readonly openGap: GapWindow | null;
  readonly news: News | null;
}

/**
 * The pager function: each invocation looks at what is kept, decides by core's quorum and alert, and
 * sends a page only once it has written the alert over the very revision that it had read.
 */
export class Pager {
  readonly #world: World;
  /** A look at AWS for a gap that nobody polled yet. */
  readonly #lookForGap: (then: (open: GapWindow | null) => void) => void;

  constructor(world: World, lookForGap: (then: (open: GapWindow | null) => void) => void) {
    this.#world = world;
    this.#lookForGap = lookForGap;
  }

  /** Its own sweeps, for what nobody tells it of. */
  start(): void {
    everyMinute(this.#world, (minuteMs) => {
      if (Math.floor(minuteMs / MINUTE_MS) % capacity.SWEEP_EVERY_MINUTES !== 0) return;
      deliver(this.#world, "asyncDelay", () => this.invoke(null));
    });
  }

  invoke(news: News | null): void {
    const { agenda, random } = this.#world;
    agenda.after(sample("pagerStart", random), () => this.#look(news));
  }

  #look(news: News | null): void {
    const { store } = this.#world;
    const { alert, openGap } = store;
    const step = this.#step(alert.value, { openGap, news });
    if (step.page?.kind !== "opened" || openGap !== null) {
      this.#commit(alert.revision, step, news);
      return;
    }
    this.#lookForGap((open) =>
      this.#commit(alert.revision, this.#step(alert.value, { openGap: open, news }), news),
    );
  }

  #step(before: Alert | null, { openGap, news }: Look) {
    const { agenda, store, target } = this.#world;
    const nowMs = agenda.now;
    const states = withNews([...store.states.values()], news, store.closedAt);
    const quorum = quorumOf(notOlderThan(before, states), nowMs);
    const holds = holdsOf({ target, gap: openGap, mutes: [], nowMs });
    const now = new Date(nowMs).toISOString();
    return advanceAlert(before, { quorum, holds, likelyCause: null, now, policy: POLICY });
  }

  #commit(revision: number, { alert, page }: PagerStep, news: News | null): void {
    const { agenda, random, store } = this.#world;
    if (alert === store.alert.value && page === null) return;
    agenda.after(sample("tableCall", random), () => {
      if (store.alert.revision !== revision) {
        this.#look(news);
        return;
      }
      if (alert === null && store.alert.value !== null) {
        store.closedAt = new Date(agenda.now).toISOString();
      }
      store.alert = { revision: revision + 1, value: alert };
      if (page !== null) this.#send(page);
    });
  }

  #send(page: Page): void {
    const { agenda, random, pages } = this.#world;
    agenda.after(sample("snsDelivery", random), () => pages.push({ page, atMs: agenda.now }));
  }
}
