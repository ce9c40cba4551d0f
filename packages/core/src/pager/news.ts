import type { FailureCode } from "../failure-modes.ts";
import type { KnownStatus, TargetState } from "../state.ts";
import type { Alert } from "./types.ts";

/** What somebody says of a target; history may not know of it yet, or ever, when it was away. */
export interface News {
  readonly target: string;
  readonly vantage: string;
  /** The scheduled time of the run that showed it. ISO 8601. */
  readonly at: string;
  readonly status: KnownStatus;
  /** Empty where it is not known why, as from an alarm. */
  readonly modes: readonly FailureCode[];
  readonly lastGoodRunAt: string | null;
}

/**
 * The target's states with the news, which count for as much as a state that was written then: where
 * history has nothing as new, and where the target has come up since from an outage that nobody was
 * told of. `toldUntil` is when people were last told that the target is well.
 */
export function withNews(
  states: readonly TargetState[],
  news: News | null,
  toldUntil: string | null = null,
): readonly TargetState[] {
  if (news === null) return states;
  const stored = states.find(({ vantage }) => vantage === news.vantage) ?? null;
  if (stored !== null && !isNewTo(stored, news, toldUntil)) return states;
  const others = states.filter((state) => state !== stored);
  return [...others, stateOf(news, stored)];
}

function isNewTo(stored: TargetState, { at, status }: News, toldUntil: string | null): boolean {
  const atMs = Date.parse(at);
  if (Date.parse(stored.lastRunAt) < atMs) return true;
  const isOver = status === "down" && stored.status === "up" && Date.parse(stored.since) > atMs;
  return isOver && (toldUntil === null || Date.parse(toldUntil) < atMs);
}

function stateOf(news: News, stored: TargetState | null): TargetState {
  const { target, vantage, at, status, modes, lastGoodRunAt } = news;
  const since = stored?.known?.status === status ? stored.known.since : at;
  return {
    target,
    vantage,
    status,
    since,
    modes,
    known: { status, since, modes },
    unknownRuns: 0,
    recent: [...(stored?.recent ?? []), status],
    lastRunAt: at,
    lastGoodRunAt: lastGoodRunAt ?? stored?.lastGoodRunAt ?? null,
    era: stored?.era ?? null,
    extras: stored?.extras ?? {},
    tools: stored?.tools ?? null,
  };
}

/**
 * Without states that are older than the alert and call the target well from where it was seen ill:
 * what opened the alert never reached them.
 */
export function notOlderThan(
  alert: Alert | null,
  states: readonly TargetState[],
): readonly TargetState[] {
  if (alert === null) return states;
  const opened = Date.parse(alert.openedAt);
  return states.filter(
    ({ status, vantage, lastRunAt }) =>
      status !== "up" || !alert.seenFrom.includes(vantage) || Date.parse(lastRunAt) > opened,
  );
}
