import {
  type Alert,
  afterSending,
  BURN_LOOKBACK_MS,
  burnOf,
  type Clock,
  emptyRecord,
  type FailureCode,
  type GapFault,
  type GapWindow,
  gapFaultOf,
  type HourRollup,
  holdsOf,
  isClaimable,
  isFoldDue,
  isFollowed,
  type News,
  notOlderThan,
  type OutgoingPage,
  overdueGaps,
  type PagerPolicy,
  type PagerRecord,
  quorumOf,
  type Redactor,
  type Target,
  type TargetState,
  testMessage,
  type VigilConfig,
  withBurn,
  withGapFault,
  withLook,
  withNews,
} from "@vigil/core";
import { type Acknowledged, acknowledge } from "./acknowledge.ts";
import type { CauseLook } from "./cause-look.ts";
import { causeNow } from "./cause-now.ts";
import type { History } from "./history.ts";
import { HistoryError } from "./history-error.ts";
import { inTurns } from "./in-turns.ts";
import { IncidentExplainer } from "./incident-explainer.ts";
import { CLAIM_MS, PageSender, TRIES } from "./page-sender.ts";
import type { PagerState } from "./pager-history.ts";

/** What went wrong with a page; nothing of it is lost, unless it says so. */
export type PagerTrouble =
  /** It could not be sent; it is tried again each minute. */
  | "page-failed"
  /** Others wrote all the while; the next look sees to it. */
  | "pager-contended"
  /** History is away: a page went out from the news alone. */
  | "paged-without-history"
  /** The function behind a target that is down could not be looked at: its page names no cause. */
  | "cause-unread"
  | "unknown-target";

export interface PagerDeps {
  readonly config: Pick<VigilConfig, "targets" | "slo">;
  readonly policy: PagerPolicy;
  readonly history: Pick<
    History,
    | "getPagerRecord"
    | "putPagerRecord"
    | "getFold"
    | "putFold"
    | "pagerState"
    | "mutes"
    | "runs"
    | "rollups"
    | "deployments"
    | "explainIncident"
    | "openGap"
    | "openGaps"
  >;
  /** As the vantages see it. */
  readonly statesOf: (target: string) => Promise<readonly TargetState[]>;
  readonly allStates: () => Promise<readonly TargetState[]>;
  /** The open gap window of a target whose function is followed, looked for once more. */
  readonly gapNow: (target: Target) => Promise<GapWindow | null>;
  /** What in the function's setting explains such failures; null where no function is to be asked. */
  readonly causeOf: (target: Target, modes: readonly FailureCode[]) => Promise<CauseLook | null>;
  /** Null when it was taken, otherwise the error's code. */
  readonly deliver: (page: OutgoingPage) => Promise<string | null>;
  readonly redactOf: (target: string) => Redactor;
  readonly clock: Clock;
  /** Another one each time. */
  readonly randomId: () => string;
  /** Null on one machine. */
  readonly stage: string | null;
  readonly trouble: (code: PagerTrouble, details: Readonly<Record<string, unknown>>) => void;
}

/** Tells people, once, whoever asks it and however often. */
export interface Pager {
  /** The fast way, and the alarm's. @throws HistoryError when nothing could be decided; call again */
  tell(news: News): Promise<void>;
  /**
   * Takes up what was held, goes on with what was not sent, reminds and closes. To be called each
   * minute while anything is unwell. @throws HistoryError
   */
  goOn(): Promise<void>;
  /**
   * The same, and each fifth minute also finds what nobody told of, and warns of error budgets. To be
   * called with the minute's time, at least each fifth. @throws HistoryError
   */
  sweep(atMs: number): Promise<void>;
  /** No more reminders of what is open. @throws HistoryError */
  acknowledge(target: string, by: string): Promise<Acknowledged>;
  /** Null when it was taken, otherwise the error's code. */
  test(by: string): Promise<string | null>;
}

/** How often, in minutes, the states of all targets are looked through, and their budgets. */
const FULL_SWEEP_MINUTES = 5;
const MINUTE_MS = 60_000;

interface Sending {
  readonly holder: string;
  readonly states: readonly TargetState[];
}

export function createPager(deps: PagerDeps): Pager {
  return new DurablePager(deps);
}

class DurablePager implements Pager {
  readonly #deps: PagerDeps;
  readonly #targets: ReadonlyMap<string, Target>;
  readonly #sender: PageSender;
  readonly #explainer: IncidentExplainer;
  /** When targets were paged without history, which then cannot tell. */
  readonly #direct = new Map<string, number>();

  constructor(deps: PagerDeps) {
    this.#deps = deps;
    this.#targets = new Map(deps.config.targets.map((target) => [target.name, target]));
    this.#sender = new PageSender(deps, this.#targets);
    this.#explainer = new IncidentExplainer(deps.history);
  }

  async tell(news: News): Promise<void> {
    const target = this.#targets.get(news.target);
    if (target === undefined) {
      this.#deps.trouble("unknown-target", { target: news.target });
      return;
    }
    try {
      await this.#look(target, news);
    } catch (error) {
      if (!(error instanceof HistoryError) || news.status !== "down") throw error;
      await this.#pageWithoutHistory(target, news);
    }
  }

  goOn(): Promise<void> {
    return this.#takeUp([]).then(() => undefined);
  }

  async sweep(atMs: number): Promise<void> {
    const isFull = Math.floor(atMs / MINUTE_MS) % FULL_SWEEP_MINUTES === 0;
    const unwell = isFull ? await this.#unwell() : [];
    const { records } = await this.#takeUp([...unwell, ...(await this.#stuck())]);
    if (!isFull) return;
    const warned = new Set(records.flatMap(({ target, budget }) => (budget ? [target] : [])));
    await inTurns([...this.#targets.values()], (target) =>
      this.#burn(target, warned.has(target.name)),
    );
  }

  /** Those that have something waiting, the others that are named, and the folds. */
  async #takeUp(others: readonly string[]): Promise<PagerState> {
    const { history, clock } = this.#deps;
    const state = await history.pagerState();
    const going = state.records.filter(({ alert, outbox }) => alert !== null || outbox.length > 0);
    const names = new Set([...going.map(({ target }) => target), ...others]);
    await inTurns([...names], (name) => this.#take(name));
    const nowMs = clock.now();
    for (const fold of state.folds) if (isFoldDue(fold, nowMs)) await this.#sender.sendFold(fold);
    return state;
  }

  acknowledge(target: string, by: string): Promise<Acknowledged> {
    return acknowledge({ target, by }, this.#deps);
  }

  test(by: string): Promise<string | null> {
    const { stage } = this.#deps;
    return this.#deps.deliver(
      testMessage({ by, at: this.#now(), stage, targets: this.#targets.size }),
    );
  }

  #now(): string {
    return new Date(this.#deps.clock.now()).toISOString();
  }

  async #unwell(): Promise<readonly string[]> {
    const states = await this.#deps.allStates();
    return states
      .filter(({ status }) => status === "down" || status === "degraded")
      .map(({ target }) => target);
  }

  /** A target that is gone from the config is let go of. */
  async #take(name: string): Promise<void> {
    const target = this.#targets.get(name);
    if (target !== undefined) return this.#look(target, null);
    await this.#change(name, ({ revision }) => ({ ...emptyRecord(name), revision }));
  }

  async #look(target: Target, news: News | null): Promise<void> {
    const { history, statesOf, clock } = this.#deps;
    const [states, mutes, fault] = await Promise.all([
      statesOf(target.name),
      history.mutes(),
      this.#faultOf(target),
    ]);
    const holder = this.#deps.randomId();
    let gap: Promise<GapWindow | null> | null = null;
    let cause: Promise<string | null> | null = null;
    let alert: Alert | null = null;
    const written = await this.#change(target.name, async (record) => {
      const nowMs = clock.now();
      const known = withNews(states, news, record.closedAt);
      const seen = quorumOf(notOlderThan(record.alert, known), nowMs);
      const quorum = withGapFault(seen, fault);
      const isFirst = quorum.kind === "unwell" && (record.alert?.pagedAt ?? null) === null;
      // Only what keeps a first page back is worth a look at the function.
      gap ??= isFirst ? this.#gapOf(target) : null;
      const isHeld = holdsOf({ target, gap: null, mutes, nowMs }).length > 0;
      cause ??= isHeld ? null : causeNow({ target, alert: record.alert, quorum: seen }, this.#deps);
      const [window, likelyCause] = await Promise.all([gap, cause]);
      const holds = holdsOf({ target, gap: window, mutes, nowMs });
      const now = new Date(nowMs).toISOString();
      const pagesDegraded = this.#deps.policy.pagesDegraded || fault !== null;
      const policy = { ...this.#deps.policy, pagesDegraded };
      const next = withLook(record, { quorum, holds, likelyCause, now, policy });
      alert = next.alert;
      return claimed(next, { holder, nowMs });
    });
    await this.#send(target, written, { holder, states: withNews(states, news) });
    await this.#explainer.follow(target.name, alert);
  }

  /** A gap window that people are to hear of though every run goes well. */
  async #faultOf(target: Target): Promise<GapFault | null> {
    if (!isFollowed(target)) return null;
    const window = await this.#deps.history.openGap(target.name);
    return window && gapFaultOf({ target, window, nowMs: this.#deps.clock.now() });
  }

  /** Targets whose gap windows are failures of their own. */
  async #stuck(): Promise<readonly string[]> {
    const targets = [...this.#targets.values()].filter(isFollowed);
    if (targets.length === 0) return [];
    const gaps = await this.#deps.history.openGaps();
    const faults = overdueGaps({ gaps, targets, nowMs: this.#deps.clock.now() });
    return faults.map(({ target }) => target);
  }

  /** A look that fails holds nothing back. */
  async #gapOf(target: Target): Promise<GapWindow | null> {
    try {
      return await this.#deps.gapNow(target);
    } catch {
      return null;
    }
  }

  async #burn(target: Target, isWarned: boolean): Promise<void> {
    const { history, clock, config } = this.#deps;
    const nowMs = clock.now();
    const rollups: HourRollup[] = [];
    const since = new Date(nowMs - BURN_LOOKBACK_MS).toISOString();
    for await (const rollup of history.rollups(target.name, { since })) rollups.push(rollup);
    const burn = burnOf(rollups, config.slo, nowMs);
    if (burn === null && !isWarned) return;
    const holder = this.#deps.randomId();
    const written = await this.#change(target.name, (before) =>
      claimed(withBurn(before, burn, this.#now()), { holder, nowMs }),
    );
    await this.#send(target, written, { holder, states: [] });
  }

  /**
   * Writes what becomes of a target's record, over whatever others write meanwhile.
   * @returns the record as written; null when there was nothing to write
   */
  async #change(
    name: string,
    step: (record: PagerRecord) => PagerRecord | Promise<PagerRecord>,
  ): Promise<PagerRecord | null> {
    const { history, trouble } = this.#deps;
    for (let n = 0; n < TRIES; n += 1) {
      const before = (await history.getPagerRecord(name)) ?? emptyRecord(name);
      const next = await step(before);
      if (next === before) return null;
      const written = { ...next, revision: before.revision + 1 };
      if ((await history.putPagerRecord(written)) === "written") return written;
    }
    trouble("pager-contended", { target: name });
    return null;
  }

  async #send(target: Target, written: PagerRecord | null, { holder, states }: Sending) {
    if (written?.claim?.holder !== holder) return;
    const done = await this.#sender.send({ target, record: written, states });
    await this.#change(target.name, (record) => afterSending(record, { holder, ...done }));
  }

  /** Better twice than never: nobody can say now whether people know of it. */
  async #pageWithoutHistory(target: Target, news: News): Promise<void> {
    const { clock, policy, trouble } = this.#deps;
    const nowMs = clock.now();
    const lastMs = this.#direct.get(target.name) ?? Number.NEGATIVE_INFINITY;
    if (nowMs - lastMs < policy.reminderMs) return;
    const reason = await this.#sender.sendAlone(target, news);
    trouble("paged-without-history", { target: target.name, reason });
    if (reason === null) this.#direct.set(target.name, nowMs);
  }
}

/** Whoever finds pages that nobody is sending sends them. */
function claimed(
  record: PagerRecord,
  { holder, nowMs }: { readonly holder: string; readonly nowMs: number },
): PagerRecord {
  if (!isClaimable(record, nowMs)) return record;
  return { ...record, claim: { holder, untilMs: nowMs + CLAIM_MS } };
}
