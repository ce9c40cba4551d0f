import type { Confirmation } from "./config/types.ts";
import type { FailureCode, Status } from "./failure-modes.ts";

/** Kept back from the deadline, so that the run can still be judged, recorded and told. */
export const CONFIRM_RESERVE_MS = 200;
/** A repeat shorter than this would fail for its own haste (unless the client has less patience). */
export const MIN_REPEAT_MS = 2_000;

/** One attempt as far as the decision to repeat it goes; times count from the run's start. */
export interface AttemptSummary {
  readonly status: Status;
  readonly modes: readonly FailureCode[];
  readonly startMs: number;
  readonly endMs: number;
  /** What a Retry-After header asked for, from the attempt's end; null without one. */
  readonly retryAfterMs: number | null;
}

export interface NextAttemptInput {
  /** So far, oldest first; at least one. */
  readonly attempts: readonly AttemptSummary[];
  readonly policy: Confirmation;
  readonly clientTimeoutMs: number;
  /** The target's state is `down` already, confirmed by earlier runs. */
  readonly knownDown: boolean;
  /** False switches repeats off: the first attempt then speaks for itself. */
  readonly enabled: boolean;
  /** From the end of the last attempt to the run's deadline; the reserve is taken off here. */
  readonly remainingMs: number;
}

export type NextAttempt =
  | { readonly kind: "stop"; readonly confirmed: boolean }
  | {
      readonly kind: "repeat";
      readonly delayMs: number;
      /** A client's patience with one request of the repeat. */
      readonly timeoutMs: number;
      /** The repeat as a whole ends within this after its start. */
      readonly budgetMs: number;
      /** `timeoutMs` is less than a client would wait. */
      readonly cutTimeout: boolean;
    };

/** Our patience ran out during these, so that time has passed already. */
const TIMED_OUT: ReadonlySet<FailureCode> = new Set<FailureCode>([
  "timeout",
  "cold-start-timeout",
  "transient-timeout",
  "connect-timeout",
  "stream-stalled",
]);

/**
 * Whether a failed first attempt is repeated, when, and with how much time.
 *
 * Only `down` is repeated: `degraded` pages nobody, and `unknown` says nothing about the target.
 * A repeat that finds the target usable ends the run unconfirmed. A repeat that ends `unknown`
 * neither confirms nor denies. A failure that could not be repeated for want of time is confirmed
 * only if the target is known to be down or repeats are switched off: nothing else bears it out.
 */
export function nextAttempt(input: NextAttemptInput): NextAttempt {
  const { attempts, policy, knownDown, enabled } = input;
  const [first, ...repeats] = attempts;
  if (first === undefined) throw new Error("nextAttempt: there is no attempt to go by");
  if (first.status !== "down") return stop(false);
  if (knownDown || !enabled || policy.delaysMs.length === 0) return stop(true);
  if (repeats.some(({ status }) => status === "up" || status === "degraded")) return stop(false);
  return plan(input, repeats.length) ?? stop(repeats.some(({ status }) => status === "down"));
}

function stop(confirmed: boolean): NextAttempt {
  return { kind: "stop", confirmed };
}

/** The next repeat, or null when none is left or none fits. */
function plan(input: NextAttemptInput, made: number): NextAttempt | null {
  const { attempts, policy, clientTimeoutMs, remainingMs } = input;
  const wait = policy.delaysMs[made];
  const last = attempts.at(-1);
  if (wait === undefined || last === undefined) return null;
  const usable = Math.min(policy.withinMs - last.endMs, remainingMs - CONFIRM_RESERVE_MS);
  const shortest = Math.min(MIN_REPEAT_MS, clientTimeoutMs);
  const delayMs = delayAfter(last, Math.min(wait, usable - shortest));
  const room = Math.floor(usable - delayMs);
  // Written this way round, a time that is no number plans nothing.
  if (!(room >= shortest)) return null;
  const left = Math.min(policy.delaysMs.length - made, Math.floor(room / shortest));
  // Each later repeat keeps its shortest time; this one has the rest, so it is cut the least.
  const budgetMs = room - (left - 1) * shortest;
  const timeoutMs = Math.min(clientTimeoutMs, budgetMs);
  return { kind: "repeat", delayMs, timeoutMs, budgetMs, cutTimeout: timeoutMs < clientTimeoutMs };
}

/** A wait may shrink to fit, but never below what the server asked for. */
function delayAfter(last: AttemptSummary, wait: number): number {
  const own = last.modes.some((mode) => TIMED_OUT.has(mode)) ? 0 : wait;
  return Math.max(0, Math.ceil(own), Math.ceil(last.retryAfterMs ?? 0));
}
