import {
  type AttemptSummary,
  type FailureCode,
  nextAttempt,
  type RecordedAttempt,
  type RunRecord,
  type ScheduledRun,
  type Target,
} from "@vigil/core";
import { recordedFailure, runRecord } from "../src/records.ts";
import { sample } from "./distributions.ts";
import type { Random } from "./random.ts";
import type { OutageKind, Truth } from "./truth.ts";

/** The target as the simulated probe finds it. */
export interface Wire {
  readonly truth: Truth;
  readonly random: Random;
  /** That an attempt fails for no reason, whatever the attempts before it did. */
  readonly flakeShare: number;
  /** The same of repeats; more than `flakeShare` where pages of it are weighed accordingly. */
  readonly repeatFlakeShare: number;
  /** That an attempt in an exposed gap meets a cold environment. */
  readonly coldShare: number;
}

interface Patience {
  readonly timeoutMs: number;
  readonly budgetMs: number;
}

interface Try extends Patience {
  readonly flakeShare: number;
}

const MODES: Readonly<Record<OutageKind, FailureCode>> = {
  fast: "http-server-error",
  timeout: "timeout",
};
const FAILURES = {
  fast: recordedFailure(MODES.fast),
  timeout: recordedFailure(MODES.timeout),
} as const;

interface Attempt {
  readonly failed: OutageKind | null;
  readonly durationMs: number;
}

export interface SimulatedRun {
  readonly record: RunRecord;
  readonly endMs: number;
}

/** A run as `runConfirmed` carries it out: repeats are `nextAttempt`'s own decision. */
export function takeRun(
  target: Target,
  plan: ScheduledRun,
  wire: Wire,
  { startMs, vantage }: { readonly startMs: number; readonly vantage: string },
): SimulatedRun {
  const attempts: Attempt[] = [];
  const summaries: AttemptSummary[] = [];
  let at = startMs;
  let patience: Patience = { timeoutMs: target.clientTimeoutMs, budgetMs: target.runTimeoutMs };
  for (;;) {
    const budgetMs = Math.min(patience.budgetMs, plan.deadline - at);
    const flakeShare = attempts.length === 0 ? wire.flakeShare : wire.repeatFlakeShare;
    const attempt = takeAttempt(at, { ...patience, budgetMs, flakeShare }, wire);
    attempts.push(attempt);
    summaries.push(summaryOf(attempt, at - startMs));
    at += attempt.durationMs;
    const next = nextAttempt({
      attempts: summaries,
      policy: target.confirm,
      clientTimeoutMs: target.clientTimeoutMs,
      knownDown: plan.knownDown,
      enabled: plan.confirm,
      remainingMs: plan.deadline - at,
    });
    if (next.kind === "stop") {
      const ended = { target, plan, attempts, summaries, startMs, vantage };
      return { record: recordOf(ended, next.confirmed), endMs: at };
    }
    at += next.delayMs;
    patience = next;
  }
}

function takeAttempt(at: number, { timeoutMs, budgetMs, flakeShare }: Try, wire: Wire): Attempt {
  const { random } = wire;
  const outage = wire.truth.outages.find(({ startMs, endMs }) => at >= startMs && at < endMs);
  const flake = random.chance(flakeShare) ? flakeKind(random) : null;
  const failed = outage?.kind ?? flake;
  const patienceMs = Math.min(timeoutMs, budgetMs);
  if (failed === "timeout") return { failed, durationMs: patienceMs };
  if (failed === "fast") {
    return { failed, durationMs: Math.min(sample("fastFailure", random), patienceMs) };
  }
  const isCold = isInExposedGap(wire.truth, at) && random.chance(wire.coldShare);
  const durationMs = sample(isCold ? "coldStart" : "answer", random);
  return durationMs < patienceMs
    ? { failed: null, durationMs }
    : { failed: "timeout", durationMs: patienceMs };
}

function flakeKind(random: Random): OutageKind {
  return random.chance(0.5) ? "fast" : "timeout";
}

function isInExposedGap({ gaps }: Truth, at: number): boolean {
  return gaps.some((gap) => gap.isExposed && at >= gap.startMs && at < gap.endMs);
}

function summaryOf({ failed, durationMs }: Attempt, startMs: number): AttemptSummary {
  return {
    status: failed === null ? "up" : "down",
    modes: failed === null ? [] : [MODES[failed]],
    startMs,
    endMs: startMs + durationMs,
    retryAfterMs: null,
  };
}

interface Ended {
  readonly target: Target;
  readonly plan: ScheduledRun;
  readonly attempts: readonly Attempt[];
  readonly summaries: readonly AttemptSummary[];
  readonly startMs: number;
  readonly vantage: string;
}

function recordOf(ended: Ended, confirmed: boolean): RunRecord {
  const { target, plan, attempts, summaries, startMs, vantage } = ended;
  const failed = attempts[0]?.failed ?? null;
  return runRecord({
    target: target.name,
    vantage,
    scheduledAt: plan.scheduledAt,
    startedAt: new Date(startMs).toISOString(),
    status: failed === null ? "up" : "down",
    confirmed,
    durationMs: attempts[0]?.durationMs ?? 0,
    failures: failed === null ? [] : [FAILURES[failed]],
    attempts: summaries.map(
      ({ status, modes, startMs: since, endMs }): RecordedAttempt => ({
        startedAt: new Date(startMs + since).toISOString(),
        durationMs: endMs - since,
        status,
        modes,
      }),
    ),
  });
}
