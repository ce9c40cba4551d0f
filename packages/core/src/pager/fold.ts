import type { FailureCode } from "../failure-modes.ts";
import type { Claim } from "./record.ts";
import type { PageKind } from "./types.ts";

/** For so long after a page of one target, others that break alike are told of together. */
export const FOLD_MS = 60_000;

/** What pages have in common that are folded. */
export interface FoldMark {
  readonly kind: PageKind;
  /** Null where no run could be read. */
  readonly mode: FailureCode | null;
  /** Where the targets run; null where that is not known. */
  readonly region: string | null;
}

export interface FoldMember {
  readonly target: string;
  /** When it would have been paged by itself. ISO 8601. */
  readonly at: string;
}

/** Pages alike: one that was sent by itself, and those that are told of together afterwards. */
export interface Fold {
  readonly mark: FoldMark;
  /** Counts the writings; 0 before the first. */
  readonly revision: number;
  /** The one that was paged by itself, and when; null where none was. */
  readonly lead: FoldMember | null;
  /** Not told of yet, oldest first. */
  readonly members: readonly FoldMember[];
  readonly claim: Claim | null;
}

export interface FoldQuestion {
  readonly mark: FoldMark;
  readonly member: FoldMember;
  /** Whether it may be paged by itself: one whose beginning was folded is folded to its end. */
  readonly mayLead: boolean;
}

export interface Folding {
  readonly outcome: "leads" | "joined";
  readonly fold: Fold;
}

/** Whether a page is sent by itself, or joins others. Asked again for the same page it says the same. */
export function foldInto(before: Fold | null, { mark, member, mayLead }: FoldQuestion): Folding {
  const fold = before ?? { mark, revision: 0, lead: null, members: [], claim: null };
  if (fold.members.some(({ target }) => target === member.target)) {
    return { outcome: "joined", fold };
  }
  const { lead } = fold;
  if (mayLead && lead?.target === member.target && lead.at === member.at) {
    return { outcome: "leads", fold };
  }
  if (mayLead && (lead === null || !isNear(lead, member))) {
    return { outcome: "leads", fold: { ...fold, lead: member } };
  }
  return { outcome: "joined", fold: { ...fold, members: [...fold.members, member] } };
}

function isNear(lead: FoldMember, member: FoldMember): boolean {
  return Math.abs(Date.parse(member.at) - Date.parse(lead.at)) < FOLD_MS;
}

/** Whether its members are to be told of now. */
export function isFoldDue({ members, claim }: Fold, nowMs: number): boolean {
  const [oldest] = members;
  if (oldest === undefined || (claim !== null && claim.untilMs > nowMs)) return false;
  return nowMs - Date.parse(oldest.at) >= FOLD_MS;
}

/** Without the members that were told of. */
export function afterFoldSent(fold: Fold, sent: readonly FoldMember[], holder: string): Fold {
  const gone = new Set(sent.map(({ target, at }) => `${target} ${at}`));
  return {
    ...fold,
    members: fold.members.filter(({ target, at }) => !gone.has(`${target} ${at}`)),
    claim: fold.claim?.holder === holder ? null : fold.claim,
  };
}

export function foldKey({ kind, mode, region }: FoldMark): string {
  return [kind, mode ?? "unread", region ?? "anywhere"].join("#");
}
