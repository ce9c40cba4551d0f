import type {
  Clock,
  Era,
  Exchange,
  SkipReason,
  StepFault,
  StepName,
  StepRecord,
} from "@vigil/core";
import type { Way } from "./connection.ts";
import { watchLoop } from "./loop-watch.ts";
import type { Recorder } from "./recorder.ts";
import type { StepWire } from "./routes.ts";
import { NO_AWS_CREDENTIALS } from "./signing.ts";
import { stepTimes } from "./step-times.ts";

/** How long the end of an answer that the SDK has already refused is waited for. */
export const EVIDENCE_GRACE_MS = 250;

export interface StepPlan extends StepWire {
  readonly step: StepName;
  readonly era: Era;
  readonly label: string | null;
  readonly recorder: Recorder;
  readonly clock: Clock;
  /** `clock.monotonic()` at the attempt's start. */
  readonly startedAt: number;
  /** At most this long; not above what the deadline leaves. */
  readonly timeoutMs: number;
  /** The first message must have come within this; no sooner limit unless given. */
  readonly beginWithinMs?: number;
  /** Notes how long events may have lain unread while the probe was busy. */
  readonly watched?: boolean;
  /** The SDK's part. Its errors only say that it is done. */
  readonly act: () => Promise<unknown>;
}

type Ending =
  | { readonly kind: "done" }
  | { readonly kind: "failed" }
  | { readonly kind: "timed-out" }
  | { readonly kind: "refused"; readonly error: unknown };

/** Takes one step under its own time-out. Never rejects. `outcome` is the caller's to judge. */
export async function takeStep(plan: StepPlan): Promise<StepRecord> {
  const { clock, recorder, startedAt, step, era, label } = plan;
  const startMs = clock.monotonic() - startedAt;
  if (plan.timeoutMs <= 0) {
    return { ...notReached(step, era, label), startMs, fault: { kind: "run-timed-out" } };
  }
  const ending = await (plan.own === undefined ? settle(plan) : settleAll(plan, plan.own));
  const nowMs = clock.monotonic() - startedAt;
  const unsigned = lacksSignature(ending, recorder);
  const seen = recorder.finish(ending.kind === "timed-out" ? "timed-out" : "left-open");
  // A redirect or a stream that could not be followed unsigned is no failure of the server.
  const exchanges = unsigned ? seen.filter(({ reply }) => reply.kind !== "none") : seen;
  return {
    step,
    era,
    label,
    outcome: "ok",
    ...stepTimes(exchanges, { startMs, endMs: nowMs, done: ending.kind === "done" }),
    exchanges,
    connect: null,
    fault: unsigned ? NO_AWS_CREDENTIALS : faultOf(ending, exchanges),
    skipped: null,
  };
}

/** Resolves when the SDK is done, when the wire shows that no answer will come, or in time. */
function settle(plan: StepPlan): Promise<Ending> {
  const { clock, recorder, act, headers = {} } = plan;
  return new Promise((resolve) => {
    let refused: Ending | null = null;
    let cancelGrace = () => {};
    const watch = plan.watched === true ? watchLoop(clock) : null;
    const end = (ending: Ending) => {
      cancelTimers();
      cancelGrace();
      watch?.stop();
      resolve(ending);
    };
    const cancelTimers = startTimers(plan, () => end({ kind: "timed-out" }));
    const look = () => {
      if (refused !== null && recorder.isQuiet()) end(refused);
      else if (refused === null && recorder.hasFailed()) end({ kind: "failed" });
    };
    recorder.begin(look, { ...watch, headers });
    const refuse = (error: unknown) => {
      refused = { kind: "refused", error };
      const ending = refused;
      if (recorder.isQuiet()) end(ending);
      else cancelGrace = clock.after(EVIDENCE_GRACE_MS, () => end(ending));
    };
    attempt(act).then(() => end({ kind: "done" }), refuse);
  });
}

/**
 * Resolves when no request waits for an answer that may still come, or in time. What an SDK makes
 * of each answer was seen in the steps before.
 */
function settleAll(plan: StepPlan, own: readonly Way[]): Promise<Ending> {
  const { clock, recorder, timeoutMs, act } = plan;
  return new Promise((resolve) => {
    let cancelGrace = () => {};
    const end = (ending: Ending) => {
      cancelTimer();
      cancelGrace();
      resolve(ending);
    };
    const cancelTimer = clock.after(timeoutMs, () => end({ kind: "timed-out" }));
    const look = () => {
      if (recorder.lacksSignature("failed")) end({ kind: "failed" });
      else if (recorder.haveAllEnded(own.length)) end({ kind: "done" });
    };
    recorder.begin(look, { own });
    const settled = () => {
      cancelGrace = clock.after(EVIDENCE_GRACE_MS, () => end({ kind: "failed" }));
      look();
    };
    attempt(act).then(settled, settled);
  });
}

/** Gives the function that cancels them. */
function startTimers(plan: StepPlan, timeOut: () => void): () => void {
  const { clock, recorder, timeoutMs, beginWithinMs } = plan;
  const cancelWhole = clock.after(timeoutMs, timeOut);
  if (beginWithinMs === undefined) return cancelWhole;
  const cancelFirst = clock.after(beginWithinMs, () => {
    if (!recorder.hasBegun()) timeOut();
  });
  return () => {
    cancelWhole();
    cancelFirst();
  };
}

function lacksSignature({ kind }: Ending, recorder: Recorder): boolean {
  if (kind === "done") return false;
  return recorder.lacksSignature(kind === "timed-out" ? "timed-out" : "failed");
}

/** Turns what `act` throws before it returns a promise into a rejection. */
async function attempt(act: () => Promise<unknown>): Promise<unknown> {
  return act();
}

/**
 * A refusal counts only when the wire shows a result: everything else the exchanges tell better.
 * A time-out after a result means that the SDK cannot get on with it.
 */
function faultOf(ending: Ending, exchanges: readonly Exchange[]): StepFault | null {
  const requests = exchanges.filter(({ request }) => request.rpcId !== null);
  const error = ending.kind === "refused" ? ending.error : null;
  const name = error instanceof Error ? error.name : "unknown";
  if (requests.length === 0) return ending.kind === "done" ? null : { kind: "internal", name };
  if (requests.at(-1)?.reply.kind !== "result") return null;
  if (ending.kind === "refused") return { kind: "sdk-refused", name, code: codeOf(error) };
  if (ending.kind === "timed-out") return { kind: "sdk-refused", name: "no progress", code: null };
  return null;
}

function codeOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  const { code } = error;
  return typeof code === "string" || typeof code === "number" ? String(code) : null;
}

export function notReached(step: StepName, era: Era | null, label: string | null): StepRecord {
  return {
    step,
    era,
    label,
    outcome: "not-reached",
    startMs: null,
    firstByteMs: null,
    durationMs: null,
    exchanges: [],
    connect: null,
    fault: null,
    skipped: null,
  };
}

export function skipped(plan: {
  readonly step: StepName;
  readonly era: Era | null;
  readonly label: string | null;
  readonly reason: SkipReason;
}): StepRecord {
  const { step, era, label, reason } = plan;
  return { ...notReached(step, era, label), outcome: "skipped", skipped: reason };
}

/** Several requests of one step, such as the pages of a list, as one record. */
export function joinSteps(parts: readonly [StepRecord, ...StepRecord[]]): StepRecord {
  const [first] = parts;
  return {
    ...first,
    durationMs: parts.reduce((total, { durationMs }) => total + (durationMs ?? 0), 0),
    exchanges: parts.flatMap(({ exchanges }) => exchanges),
    fault: parts.findLast(({ fault }) => fault !== null)?.fault ?? null,
  };
}
