import { advanceAlert } from "./advance-alert.ts";
import { advanceBudget, type BudgetPage, type BudgetWarning, type Burn } from "./budget.ts";
import type { Alert, Page, PagerView } from "./types.ts";

/** What is to be sent of a target: of its alert, or of its error budget. */
export type Outbound = Page | BudgetPage;

/** Whoever sends what is to be sent, and until when nobody else does. */
export interface Claim {
  readonly holder: string;
  /** Epoch milliseconds. */
  readonly untilMs: number;
}

/** What the pager knows of a target between two looks; written before anything is sent. */
export interface PagerRecord {
  readonly target: string;
  /** Counts the writings; 0 before the first. */
  readonly revision: number;
  readonly alert: Alert | null;
  /** When the last alert was over; null for none yet. */
  readonly closedAt: string | null;
  /** Told together with others that broke alike, so the rest of it is too. */
  readonly folded: boolean;
  readonly budget: BudgetWarning | null;
  /** Oldest first; each stays until it was sent. */
  readonly outbox: readonly Outbound[];
  readonly claim: Claim | null;
}

export function emptyRecord(target: string): PagerRecord {
  return {
    target,
    revision: 0,
    alert: null,
    closedAt: null,
    folded: false,
    budget: null,
    outbox: [],
    claim: null,
  };
}

/** The record after a look at the target; the very same one when the look changed nothing. */
export function withLook(record: PagerRecord, view: PagerView): PagerRecord {
  const { alert, page } = advanceAlert(record.alert, view);
  const isAnother = alert !== null && alert.openedAt !== record.alert?.openedAt;
  const next: PagerRecord = {
    ...record,
    alert,
    closedAt: alert === null && record.alert !== null ? view.now : record.closedAt,
    folded: record.folded && !isAnother,
    outbox: page === null ? record.outbox : [...record.outbox, page],
  };
  return JSON.stringify(next) === JSON.stringify(record) ? record : next;
}

/** The same for what its error budget does; people who were paged are not warned besides. */
export function withBurn(record: PagerRecord, burn: Burn | null, now: string): PagerRecord {
  const isPaged = record.alert !== null && record.alert.pagedAt !== null;
  const { warning, page } = advanceBudget(record.budget, isPaged ? null : burn, now);
  if (warning === record.budget && page === null) return record;
  const outbox = page === null ? record.outbox : [...record.outbox, page];
  return { ...record, budget: warning, outbox };
}

/** Whether the holder may send now: nobody does, or whoever did has had its time. */
export function isClaimable({ outbox, claim }: PagerRecord, nowMs: number): boolean {
  return outbox.length > 0 && (claim === null || claim.untilMs <= nowMs);
}

/** Without what was sent; who sent it has done. */
export function afterSending(
  record: PagerRecord,
  { holder, sent, folded }: { holder: string; sent: readonly Outbound[]; folded: boolean },
): PagerRecord {
  const gone = new Set(sent.map(outboundKey));
  return {
    ...record,
    folded: (record.folded || folded) && record.alert !== null,
    outbox: record.outbox.filter((one) => !gone.has(outboundKey(one))),
    claim: record.claim?.holder === holder ? null : record.claim,
  };
}

/** Nothing of it is worth keeping. */
export function isIdle({ alert, budget, outbox }: PagerRecord): boolean {
  return alert === null && budget === null && outbox.length === 0;
}

export function outboundKey(page: Outbound): string {
  return page.kind === "budget"
    ? `budget ${page.at}`
    : `${page.kind} ${page.alert.openedAt} ${page.at}`;
}
