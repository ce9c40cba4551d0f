import {
  type Alert,
  afterFoldSent,
  budgetMessage,
  type Deployment,
  type Failure,
  type Fold,
  type FoldMark,
  foldInto,
  foldKey,
  foldMessage,
  gravestMode,
  type News,
  type Outbound,
  type OutgoingPage,
  outgoingPage,
  type Page,
  type PageFacts,
  type PagerRecord,
  type Target,
  type TargetState,
} from "@vigil/core";
import { HistoryError } from "./history-error.ts";
import { first } from "./listing.ts";
import { orNullAfter } from "./or-null-after.ts";
import type { PagerDeps } from "./pager.ts";

/** Pages of one target, and what its states say. */
export interface Sendable {
  readonly target: Target;
  readonly record: PagerRecord;
  readonly states: readonly TargetState[];
}

export interface Sent {
  readonly sent: readonly Outbound[];
  /** Some of it was told together with others. */
  readonly folded: boolean;
}

/** What a page tells besides may take so long; a page without it is better than a late one. */
const FACTS_MS = 3_000;
/** For so long whoever sends pages has them for itself: longer than sending takes. */
export const CLAIM_MS = 60_000;
/** Times that a write is tried over others'. */
export const TRIES = 6;
/** Runs that are looked through for the failure to tell of. */
const RUNS_BACK = 5;

/** Sends pages that are written down, in their order. */
export class PageSender {
  readonly #deps: PagerDeps;
  readonly #targets: ReadonlyMap<string, Target>;

  constructor(deps: PagerDeps, targets: ReadonlyMap<string, Target>) {
    this.#deps = deps;
    this.#targets = targets;
  }

  /** What could not be sent is left out, and all that comes after it: an end never comes first. */
  async send({ target, record, states }: Sendable): Promise<Sent> {
    const sent: Outbound[] = [];
    let folded = record.folded;
    for (const page of record.outbox) {
      if (page.kind === "budget") {
        const { stage, config } = this.#deps;
        const message = budgetMessage({ page, target, objective: config.slo, stage });
        if (!(await this.#deliver(message, target.name))) break;
      } else {
        const joined = await this.#joins(page, target, folded);
        folded ||= joined;
        if (!joined && !(await this.#sendPage(page, target, states))) break;
      }
      sent.push(page);
    }
    return { sent, folded };
  }

  /** A page from news alone, when history cannot be asked. Null when it was taken. */
  async sendAlone(target: Target, news: News): Promise<string | null> {
    const at = new Date(this.#deps.clock.now()).toISOString();
    const { modes, vantage, lastGoodRunAt } = news;
    const alert: Alert = {
      openedAt: news.at,
      status: "down",
      modes,
      seenFrom: [vantage],
      heldBy: null,
      pagedAt: at,
      lastPagedAt: at,
      acknowledged: null,
    };
    const page: Page = { kind: "opened", alert, at };
    const facts = { ...this.#known(page, target), wellFrom: [], lastGoodRunAt };
    return this.#deps.deliver(
      outgoingPage({ ...facts, failure: null, deployment: null, gap: null }),
    );
  }

  /** The follow-up of a fold, by whoever gets to send it. */
  async sendFold(seen: Fold): Promise<void> {
    const { clock, history, randomId, stage } = this.#deps;
    const holder = randomId();
    const claim = { holder, untilMs: clock.now() + CLAIM_MS };
    const fold = { ...seen, revision: seen.revision + 1, claim };
    if ((await history.putFold(fold)) === "stale") return;
    const { members } = fold;
    const at = new Date(clock.now()).toISOString();
    const redact = (text: string) =>
      members.reduce((clean, { target }) => this.#deps.redactOf(target)(clean), text);
    const message = foldMessage({ fold, members, targets: this.#targets, at, stage, redact });
    const isSent = await this.#deliver(message, members.map(({ target }) => target).join(", "));
    for (let n = 0; n < TRIES; n += 1) {
      const latest = (await history.getFold(foldKey(fold.mark))) ?? fold;
      const after = afterFoldSent(latest, isSent ? members : [], holder);
      const next = { ...after, revision: latest.revision + 1 };
      if ((await history.putFold(next)) === "written") return;
    }
  }

  /** Whether the page is told of together with others. Without history it is told of by itself. */
  async #joins(page: Page, target: Target, folded: boolean): Promise<boolean> {
    if (page.kind !== "opened" && !folded) return false;
    const mark: FoldMark = {
      kind: page.kind,
      mode: gravestMode({ page, failure: null }),
      region: target.region,
    };
    const member = { target: target.name, at: page.at };
    try {
      for (let n = 0; n < TRIES; n += 1) {
        const before = await this.#deps.history.getFold(foldKey(mark));
        const { outcome, fold } = foldInto(before, { mark, member, mayLead: !folded });
        if (fold === before) return outcome === "joined";
        const next = { ...fold, revision: fold.revision + 1 };
        if ((await this.#deps.history.putFold(next)) === "written") return outcome === "joined";
      }
    } catch (error) {
      if (!(error instanceof HistoryError)) throw error;
    }
    return false;
  }

  async #sendPage(page: Page, target: Target, states: readonly TargetState[]): Promise<boolean> {
    const good = states.flatMap(({ lastGoodRunAt }) => lastGoodRunAt ?? []).sort();
    const facts: PageFacts = {
      ...this.#known(page, target),
      ...(await this.#read(page, target)),
      wellFrom: states.filter(({ status }) => status === "up").map(({ vantage }) => vantage),
      lastGoodRunAt: good.at(-1) ?? null,
    };
    return this.#deliver(outgoingPage(facts), target.name);
  }

  async #deliver(page: OutgoingPage, target: string): Promise<boolean> {
    const reason = await this.#deps.deliver(page);
    if (reason !== null) this.#deps.trouble("page-failed", { target, reason });
    return reason === null;
  }

  #known(page: Page, target: Target): Pick<PageFacts, "page" | "target" | "stage" | "redact"> {
    const { stage, redactOf } = this.#deps;
    return { page, target, stage, redact: redactOf(target.name) };
  }

  /** What history adds to a page; nothing of it holds a page up. */
  async #read(
    page: Page,
    target: Target,
  ): Promise<Pick<PageFacts, "failure" | "deployment" | "gap">> {
    const { clock, history } = this.#deps;
    const soon = <T>(work: Promise<T>) => orNullAfter(work, { clock, ms: FACTS_MS });
    const isFollowed = target.lambda !== null;
    const [failure, deployment, gap] = await Promise.all([
      page.kind === "closed" ? null : soon(this.#failure(page, target)),
      isFollowed ? soon(this.#deployment(page, target)) : null,
      isFollowed ? soon(history.openGap(target.name)) : null,
    ]);
    return { failure, deployment, gap };
  }

  /** Of the newest run that failed as the alert says. */
  async #failure({ alert }: Page, target: Target): Promise<Failure | null> {
    for await (const run of this.#deps.history.runs(target.name, { limit: RUNS_BACK })) {
      if (!alert.seenFrom.includes(run.vantage)) continue;
      const found = run.failures.find(({ mode }) => alert.modes.includes(mode));
      if (found !== undefined) return found;
    }
    return null;
  }

  /** It may have been seen only after the break that it caused. */
  #deployment({ at }: Page, target: Target): Promise<Deployment | null> {
    return first(this.#deps.history.deployments(target.name, { until: at, limit: 1 }));
  }
}
