import {
  type Clock,
  diagnose,
  effectiveStatus,
  type FunctionFacts,
  likelyCause,
  type RunRecord,
  type Target,
} from "@vigil/core";
import { unreadReason } from "./unread-reason.ts";

/** The verdict waits no longer than this for what may explain it. */
const WITHIN_MS = 5_000;

/** What in a function's setting explains a run that is down, as notes; never rejects. */
export type FindCause = (record: RunRecord, target: Target) => Promise<readonly string[]>;

/** By this machine's AWS credentials; loads what that takes when a run is down. */
export function createCauseFinder(clock: Clock): FindCause {
  return async (record, target) => {
    const { lambda, region } = target;
    if (effectiveStatus(record) !== "down" || lambda === null || region === null) return [];
    const { readFunctionFacts } = await import("@vigil/aws/function-facts");
    const { facts } = await inTime(clock, (signal) =>
      readFunctionFacts(
        { ...target, lambda, region },
        { clock, signal, timeoutMs: WITHIN_MS, maxAttempts: 2 },
      ),
    );
    return notesOf(record, facts);
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

function notesOf({ failures, target }: RunRecord, facts: FunctionFacts): readonly string[] {
  const { findings, unread } = diagnose(facts);
  const cause = likelyCause(failures, findings);
  if (cause !== null) {
    return [`likely cause: ${cause.text}. How to mend it: vigil doctor ${target}`];
  }
  const [first] = unread;
  if (first === undefined) return [];
  return [`the function's setting could not be read whole: ${unreadReason(first.why)}`];
}
