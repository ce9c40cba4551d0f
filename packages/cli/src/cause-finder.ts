import type { PagerDeps } from "@vigil/aws";
import type { CauseLook } from "@vigil/aws/cause-look";
import { type Clock, effectiveStatus, isLoopback, type RunRecord, type Target } from "@vigil/core";
import { unreadReason } from "./unread-reason.ts";

/** The verdict waits no longer than this for what may explain it. */
const WITHIN_MS = 5_000;

/** Null when there is nothing to explain, or no function that is known; never rejects. */
export type LookForCause = (
  run: Pick<RunRecord, "status" | "confirmed" | "failures">,
  target: Target,
) => Promise<CauseLook | null>;

/** By this machine's AWS credentials; loads what that takes when a run is down. */
export function createCauseLook(clock: Clock): LookForCause {
  return async (run, target) => {
    const { lambda, region } = target;
    if (effectiveStatus(run) !== "down" || lambda === null || region === null) return null;
    const { lookForCause } = await import("@vigil/aws/cause-look");
    const modes = run.failures.map(({ mode }) => mode);
    const place = { clock, withinMs: WITHIN_MS, maxAttempts: 2 };
    return lookForCause({ ...target, lambda, region }, modes, place);
  };
}

/** The same for a page, which waits less long, of what is known by the modes alone. */
export function createPageCauseLook(clock: Clock): PagerDeps["causeOf"] {
  return async (target, modes) => {
    const { lambda, region } = target;
    if (lambda === null || region === null || !isInAws(target)) return null;
    const { lookForCause, PAGE_CAUSE_MS } = await import("@vigil/aws/cause-look");
    const place = { clock, withinMs: PAGE_CAUSE_MS, maxAttempts: 1 };
    return lookForCause({ ...target, lambda, region }, modes, place);
  };
}

/** The demo server is on this machine, whatever function it plays: AWS is not asked about it. */
export function isInAws({ lambda, url }: Target): boolean {
  return Boolean(lambda) && !isLoopback(new URL(url).hostname);
}

/** What in a function's setting explains a run that is down, as notes; never rejects. */
export type FindCause = (record: RunRecord, target: Target) => Promise<readonly string[]>;

export function createCauseFinder(clock: Clock): FindCause {
  const look = createCauseLook(clock);
  return async (record, target) => {
    const looked = await look(record, target);
    if (looked === null) return [];
    const { cause, unread } = looked;
    if (cause !== null) {
      return [`likely cause: ${cause.text}. How to mend it: vigil doctor ${target.name}`];
    }
    return unread === null
      ? []
      : [`the function's setting could not be read whole: ${unreadReason(unread)}`];
  };
}
