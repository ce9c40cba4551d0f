import {
  type Clock,
  diagnose,
  effectiveStatus,
  type LikelyCause,
  likelyCause,
  type RunRecord,
  type Target,
  type Unread,
} from "@vigil/core";
import { unreadReason } from "./unread-reason.ts";

/** The verdict waits no longer than this for what may explain it. */
const WITHIN_MS = 5_000;

/** What came of holding a run that is down against its function's setting. */
export interface CauseLook {
  readonly cause: LikelyCause | null;
  /** Why the setting could not be read whole. */
  readonly unread: Unread | null;
}

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
    const { readFunctionFacts } = await import("@vigil/aws/function-facts");
    const { facts } = await inTime(clock, (signal) =>
      readFunctionFacts(
        { ...target, lambda, region },
        { clock, signal, timeoutMs: WITHIN_MS, maxAttempts: 2 },
      ),
    );
    const { findings, unread } = diagnose(facts);
    return { cause: likelyCause(run.failures, findings), unread: unread[0]?.why ?? null };
  };
}

/** What is under way then is given up, and counts as unread. */
async function inTime<T>(clock: Clock, read: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const cancel = clock.after(WITHIN_MS, () => abort.abort());
  try {
    return await read(abort.signal);
  } finally {
    cancel();
  }
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
