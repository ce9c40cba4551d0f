import type { Target } from "../config/index.ts";
import { FAILURE_MODES, type FailureCode, type Status } from "../failure-modes.ts";
import { NO_EVIDENCE } from "../judge/index.ts";
import { type AttemptSummary, nextAttempt } from "../next-attempt.ts";
import {
  type Alert,
  advanceAlert,
  type Hold,
  type PageKind,
  type PagerPolicy,
  quorumOf,
} from "../pager/index.ts";
import { scheduledRun } from "../scheduled-run.ts";
import { nextState, type TargetState } from "../state.ts";
import type { Failure, RunRecord } from "../verdict.ts";

/** Minutes of attempts in letters, one group a minute: the first attempt, then the repeats it takes. */
export interface Sequence {
  readonly title: string;
  readonly minutes: string;
  /** A letter a minute for what holds pages in it. */
  readonly holds?: string;
}

export interface ToldAt {
  readonly kind: PageKind;
  /** From the sequence's beginning. */
  readonly ms: number;
}

export interface PlayedSequence {
  /** What is shown after each minute. */
  readonly shown: readonly Status[];
  readonly told: readonly ToldAt[];
}

interface Attempt {
  readonly status: Status;
  readonly mode: FailureCode | null;
  readonly tookMs: (patienceMs: number) => number;
}

/** What an attempt comes to, by its letter. */
const ATTEMPTS: Readonly<Record<string, Attempt>> = {
  S: { status: "up", mode: null, tookMs: () => 400 },
  F: { status: "down", mode: "http-server-error", tookMs: () => 100 },
  T: { status: "down", mode: "timeout", tookMs: (patienceMs) => patienceMs },
  "?": { status: "unknown", mode: "probe-error", tookMs: () => 100 },
};

const MINUTE_MS = 60_000;
const START_MS = Date.parse("2026-11-22T08:00:00.000Z");
const VANTAGE = "eu-west-1";
const at = (ms: number): string => new Date(START_MS + ms).toISOString();

const HOLDS: Readonly<Record<string, Hold>> = {
  G: { kind: "gap", since: at(0), exposure: "exposed" },
  M: { kind: "maintenance", until: at(30 * MINUTE_MS) },
};

export const PLAYED_POLICY: PagerPolicy = { reminderMs: 30 * MINUTE_MS, pagesDegraded: false };

/** Plays a sequence through the code that decides: repeats, state, quorum, alert. */
export function playSequence(target: Target, { minutes, holds = "" }: Sequence): PlayedSequence {
  let state: TargetState | null = null;
  let alert: Alert | null = null;
  const shown: Status[] = [];
  const told: ToldAt[] = [];
  for (const [minute, letters] of minutes.split(" ").entries()) {
    const startMs = minute * MINUTE_MS;
    const { record, endMs } = takeRun(target, { previous: state, startMs, letters });
    state = nextState(state, record, []).state;
    shown.push(state.status);
    const hold = HOLDS[holds[minute] ?? ""];
    const step = advanceAlert(alert, {
      quorum: quorumOf([state], START_MS + endMs),
      holds: hold === undefined ? [] : [hold],
      likelyCause: null,
      now: at(endMs),
      policy: PLAYED_POLICY,
    });
    alert = step.alert;
    if (step.page !== null) told.push({ kind: step.page.kind, ms: endMs });
  }
  return { shown, told };
}

interface Minute {
  readonly previous: TargetState | null;
  readonly startMs: number;
  readonly letters: string;
}

/** Throws where the letters are not those of the attempts that are really made. */
function takeRun(target: Target, { previous, startMs, letters }: Minute) {
  const scheduledAt = at(startMs);
  const plan = scheduledRun(target, { previous, baseline: null, scheduledAt, startMs: 0 });
  const attempts: AttemptSummary[] = [];
  let patience = { timeoutMs: target.clientTimeoutMs, budgetMs: target.runTimeoutMs, delayMs: 0 };
  for (;;) {
    const sinceMs = (attempts.at(-1)?.endMs ?? 0) + patience.delayMs;
    const letter = letters[attempts.length] ?? "";
    attempts.push(taken(letter, sinceMs, Math.min(patience.timeoutMs, patience.budgetMs)));
    const endMs = attempts.at(-1)?.endMs ?? 0;
    const next = nextAttempt({
      attempts,
      policy: target.confirm,
      clientTimeoutMs: target.clientTimeoutMs,
      knownDown: plan.knownDown,
      enabled: plan.confirm,
      remainingMs: plan.deadline - endMs,
    });
    if (next.kind === "repeat") {
      patience = next;
      continue;
    }
    if (attempts.length !== letters.length) {
      throw new Error(`"${letters}" is not what is tried: it takes ${attempts.length} attempt(s)`);
    }
    return {
      record: recordOf(target, { scheduledAt, attempts, confirmed: next.confirmed }),
      endMs: startMs + endMs,
    };
  }
}

function taken(letter: string, startMs: number, patienceMs: number): AttemptSummary {
  const attempt = ATTEMPTS[letter];
  if (attempt === undefined) throw new Error(`there is no attempt "${letter}"`);
  const { status, mode, tookMs } = attempt;
  const modes = mode === null ? [] : [mode];
  return { status, modes, startMs, endMs: startMs + tookMs(patienceMs), retryAfterMs: null };
}

interface Made {
  readonly scheduledAt: string;
  readonly attempts: readonly AttemptSummary[];
  readonly confirmed: boolean;
}

function recordOf(target: Target, { scheduledAt, attempts, confirmed }: Made): RunRecord {
  const [first] = attempts;
  return {
    schema: 1,
    runId: "",
    kind: "scheduled",
    target: target.name,
    vantage: VANTAGE,
    scheduledAt,
    startedAt: scheduledAt,
    status: first?.status ?? "unknown",
    confirmed,
    depth: "none",
    era: null,
    protocolVersion: null,
    server: null,
    toolCount: null,
    toolsHash: null,
    drift: null,
    coldStart: null,
    coldSampleMs: null,
    durationMs: first?.endMs ?? 0,
    sessionLeft: false,
    steps: [],
    failures: (first?.modes ?? []).map(failureOf),
    attempts: [],
    notes: [],
    gap: null,
  };
}

function failureOf(mode: FailureCode): Failure {
  const { title, remedy } = FAILURE_MODES[mode];
  return { mode, step: "negotiate", era: null, summary: title, remedy, evidence: NO_EVIDENCE };
}

/**
 * A prober that asks once a minute, without repeats, and pages after so many failures in a row; it
 * sees what the first attempts of a sequence see.
 */
export function playProber(
  { minutes }: Sequence,
  { needed, timeoutMs }: { readonly needed: number; readonly timeoutMs: number },
): readonly ToldAt[] {
  const told: ToldAt[] = [];
  let failed = 0;
  let isTold = false;
  for (const [minute, letters] of minutes.split(" ").entries()) {
    const { status, endMs } = taken(letters[0] ?? "", 0, timeoutMs);
    failed = status === "up" ? 0 : failed + 1;
    const ms = minute * MINUTE_MS + endMs;
    if (failed === needed && !isTold) told.push({ kind: "opened", ms });
    if (failed === 0 && isTold) told.push({ kind: "closed", ms });
    isTold = failed >= needed || (isTold && failed > 0);
  }
  return told;
}
