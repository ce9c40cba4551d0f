import {
  type Alert,
  causeLine,
  type FailureCode,
  isCauseWanted,
  type Quorum,
  type Target,
  type Unread,
} from "@vigil/core";
import { orNullAfter } from "./or-null-after.ts";
import type { PagerDeps } from "./pager.ts";

/** Longest that a look for the cause holds up a page; beside the look for a gap, and not after it. */
const CAUSE_MS = 2_000;

export interface CauseQuestion {
  readonly target: Target;
  /** As it was before the quorum of now. */
  readonly alert: Alert | null;
  readonly quorum: Quorum;
}

/**
 * What in the function's setting explains it, as people are told; null when nothing is known to, or
 * the function cannot be looked at in time: the page goes out without.
 */
export function causeNow(
  { target, alert, quorum }: CauseQuestion,
  deps: PagerDeps,
): Promise<string | null> | null {
  if (target.lambda === null || quorum.kind !== "unwell") return null;
  return isCauseWanted(alert, quorum) ? look(target, quorum.modes, deps) : null;
}

async function look(
  target: Target,
  modes: readonly FailureCode[],
  { causeOf, clock, redactOf, trouble }: PagerDeps,
): Promise<string | null> {
  if (modes.length === 0) return null;
  const late: Unread = { code: "unreachable", reason: "TimeoutError" };
  const asked = causeOf(target, modes).then((found) => ({ found }));
  const found = (await orNullAfter(asked, { clock, ms: CAUSE_MS }))?.found;
  const cause = found?.cause ?? null;
  const unread = found === undefined ? late : (found?.unread ?? null);
  if (cause === null && unread !== null) {
    trouble("cause-unread", { target: target.name, reason: reasonOf(unread) });
  }
  return cause === null ? null : causeLine(cause, redactOf(target.name));
}

function reasonOf(why: Unread): string {
  switch (why.code) {
    case "denied":
      return `denied: ${why.permission}`;
    case "unreachable":
      return why.reason;
    case "absent":
    case "throttled":
      return why.code;
    default:
      return why satisfies never;
  }
}
