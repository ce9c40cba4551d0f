import type { Quorum } from "./quorum.ts";
import type { Alert, Page, PageKind, PagerStep, PagerView } from "./types.ts";

type Unwell = Extract<Quorum, { readonly kind: "unwell" }>;

/**
 * The alert after a look at a target, and what people are told of it. It looks at what is known, not
 * at what has just happened: called again, late, twice or by two ways it tells nothing twice, as long
 * as each call goes on from the alert that the last one left.
 *
 * People are told once an alert begins, or, while something holds the page, once that no longer does;
 * when it gets worse; again and again until somebody acknowledges it; and when it is over, unless they
 * had never been told. A look that could not judge changes nothing.
 */
export function advanceAlert(before: Alert | null, view: PagerView): PagerStep {
  const { quorum } = view;
  switch (quorum.kind) {
    case "unknown":
      return { alert: before, page: null };
    case "up":
      return { alert: null, page: before && ended(before, view) };
    case "unwell":
      return goOn(before, quorum, view);
    default:
      return quorum satisfies never;
  }
}

function ended(before: Alert, { now }: PagerView): Page | null {
  return before.pagedAt === null ? null : { kind: "closed", alert: before, at: now };
}

function goOn(before: Alert | null, quorum: Unwell, view: PagerView): PagerStep {
  const alert = withCause(withQuorum(before ?? opened(quorum), quorum), view);
  const [hold] = view.holds;
  // People who know of it already are told of the rest too, whatever holds first pages.
  if (alert.pagedAt === null && hold !== undefined) {
    return { alert: { ...alert, heldBy: alert.heldBy ?? hold }, page: null };
  }
  const kind = due(before, alert, view);
  if (kind === null) return { alert, page: null };
  const { now } = view;
  const paged = { ...alert, pagedAt: alert.pagedAt ?? now, lastPagedAt: now };
  return { alert: paged, page: { kind, alert: paged, at: now } };
}

function opened({ since, status }: Unwell): Alert {
  return {
    openedAt: since,
    status,
    modes: [],
    seenFrom: [],
    heldBy: null,
    pagedAt: null,
    lastPagedAt: null,
    acknowledged: null,
  };
}

/** Modes in the order in which they came; the vantages of now. */
function withQuorum(alert: Alert, { status, modes, seenFrom }: Unwell): Alert {
  return {
    ...alert,
    status: alert.status === "down" ? "down" : status,
    modes: [...new Set([...alert.modes, ...modes])],
    seenFrom,
  };
}

/** What explained it before people were told may not do so any more; what they were told stays. */
function withCause({ likelyCause: known, ...alert }: Alert, { likelyCause }: PagerView): Alert {
  const cause = likelyCause ?? (alert.pagedAt === null ? undefined : known);
  return cause === undefined ? alert : { ...alert, likelyCause: cause };
}

/** What people are told now; null: nothing new. */
function due(before: Alert | null, alert: Alert, { now, policy }: PagerView): PageKind | null {
  if (alert.status === "degraded" && !policy.pagesDegraded) return null;
  if (alert.pagedAt === null || alert.lastPagedAt === null) return "opened";
  if (before?.status === "degraded" && alert.status === "down") return "worse";
  const isDue = Date.parse(now) - Date.parse(alert.lastPagedAt) >= policy.reminderMs;
  return isDue && alert.acknowledged === null ? "reminder" : null;
}
