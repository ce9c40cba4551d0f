import {
  type Clock,
  diagnose,
  type FailureCode,
  type LikelyCause,
  likelyCause,
  type Unread,
} from "@vigil/core";
import { type FactsPlace, readFunctionFacts, type WatchedTarget } from "./function-facts.ts";

/** What came of holding a failure against the function's setting. */
export interface CauseLook {
  readonly cause: LikelyCause | null;
  /** Why the setting could not be read whole. */
  readonly unread: Unread | null;
}

/** A page waits 2 seconds: what was read shortly before still counts. */
export const PAGE_CAUSE_MS = 1_800;

export interface CausePlace extends Omit<FactsPlace, "signal" | "timeoutMs"> {
  readonly clock: Clock;
  /** What is under way then is given up, and counts as unread. */
  readonly withinMs: number;
}

/** What in the function's setting explains failures of these modes, worst first; never rejects. */
export async function lookForCause(
  target: WatchedTarget,
  modes: readonly FailureCode[],
  { withinMs, ...place }: CausePlace,
): Promise<CauseLook> {
  const abort = new AbortController();
  const cancel = place.clock.after(withinMs, () => abort.abort());
  try {
    const { signal } = abort;
    const { facts } = await readFunctionFacts(target, { ...place, signal, timeoutMs: withinMs });
    const { findings, unread } = diagnose(facts);
    const failures = modes.map((mode) => ({ mode }));
    return { cause: likelyCause(failures, findings), unread: unread[0]?.why ?? null };
  } finally {
    cancel();
  }
}
