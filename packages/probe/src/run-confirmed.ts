import {
  type AttemptSummary,
  type Era,
  extraTimeMs,
  isExtraStep,
  judge,
  listsOf,
  type NextAttempt,
  nextAttempt,
  type ProbeRun,
  type RequestSigner,
  redactRecord,
  relabelTimeouts,
  type Target,
  toRunRecord,
  type Verdict,
} from "@vigil/core";
import { type KnownSecrets, knownSecrets } from "./known-secrets.ts";
import { createTokenCache, type TokenCache } from "./oauth/token-cache.ts";
import { runProbe } from "./run-probe.ts";
import type { ConfirmedOptions, ConfirmedRun, ProbeDeps, SecretResolver } from "./types.ts";

type Attempt = ConfirmedRun["attempts"][number];

/**
 * A run: one attempt and, when it failed, the repeats that confirm it. Which repeats, when and how
 * long is `nextAttempt()`'s decision; this only carries it out. Never rejects, and ends by the
 * deadline.
 */
export async function runConfirmed(
  target: Target,
  deps: ProbeDeps,
  options: ConfirmedOptions,
): Promise<ConfirmedRun> {
  const { clock } = deps;
  const kept = keepSecrets(deps);
  const runId = deps.randomId();
  const startedAt = clock.monotonic();
  const summaries: AttemptSummary[] = [];
  const attempts: Attempt[] = [];
  const { baseline = null } = options;
  const extraMs = extraTimeMs(target, options.extras);
  let plan = { timeoutMs: target.clientTimeoutMs, budgetMs: target.runTimeoutMs };
  for (;;) {
    const startMs = clock.monotonic() - startedAt;
    const deadline = Math.min(options.deadline, clock.monotonic() + plan.budgetMs);
    const run = await runProbe(target, kept.deps, {
      runId,
      deadline,
      extraMs: Math.min(extraMs, options.deadline - deadline),
      timeoutMs: plan.timeoutMs,
      eraHint: eraOf(attempts) ?? options.eraHint,
      extras: options.extras,
    });
    const verdict = judge(run, target, { baseline, redact: kept.redact });
    attempts.push({ run, verdict });
    summaries.push(summarise(verdict, startMs, clock.monotonic() - startedAt));
    const next = decide(target, summaries, options, {
      remainingMs: options.deadline - clock.monotonic(),
      extraMs: spentOnExtras(attempts),
    });
    if (next.kind === "stop") {
      const told = conclude(attempts, next.confirmed, options);
      const legs = attempts[0]?.run.legs ?? [];
      const tools = listsOf(legs, { redact: kept.redact, kept: baseline });
      return { ...told, record: redactRecord(told.record, kept.redact), tools };
    }
    plan = next;
    await sleep(deps, next.delayMs);
  }
}

function decide(
  target: Target,
  attempts: readonly AttemptSummary[],
  { knownDown, confirm }: ConfirmedOptions,
  { remainingMs, extraMs }: { readonly remainingMs: number; readonly extraMs: number },
): NextAttempt {
  const { confirm: policy } = target;
  return nextAttempt({
    attempts,
    // The time of further steps is not taken off the repeats'.
    policy: { ...policy, withinMs: policy.withinMs + extraMs },
    clientTimeoutMs: target.clientTimeoutMs,
    knownDown,
    enabled: confirm,
    remainingMs,
  });
}

function summarise(verdict: Verdict, startMs: number, endMs: number): AttemptSummary {
  return {
    status: verdict.status,
    modes: verdict.failures.map(({ mode }) => mode),
    startMs,
    endMs,
    retryAfterMs: retryAfterMs(verdict),
  };
}

/** Retry-After in seconds; its other form, a date, is no promise to a monitor. */
function retryAfterMs({ failures }: Verdict): number | null {
  const throttled = failures.find(({ mode }) => mode === "http-throttled");
  const seconds = Number.parseInt(throttled?.evidence.headers["retry-after"] ?? "", 10);
  return Number.isNaN(seconds) ? null : seconds * 1_000;
}

function spentOnExtras(attempts: readonly Attempt[]): number {
  const steps = attempts.flatMap(({ run }) => run.legs.flatMap((leg) => leg.steps));
  const spent = steps.filter(({ step }) => isExtraStep(step));
  return spent.reduce((total, { durationMs }) => total + (durationMs ?? 0), 0);
}

/** A repeat need not find out again what the attempt before it found out. */
function eraOf(attempts: readonly Attempt[]): Era | null {
  const run: ProbeRun | undefined = attempts.at(-1)?.run;
  return run?.legs.find(({ protocolVersion }) => protocolVersion !== null)?.era ?? null;
}

function conclude(
  attempts: readonly Attempt[],
  confirmed: boolean,
  { kind, scheduledAt, gap: window = null }: ConfirmedOptions,
): Omit<ConfirmedRun, "tools"> {
  const [first, ...repeats] = attempts;
  if (first === undefined) throw new Error("runConfirmed: no attempt was made");
  const well = repeats.some(({ verdict: { status } }) => status === "up" || status === "degraded");
  const named = { ...first, verdict: relabelTimeouts(first.verdict, well, window) };
  const gap = window?.openedAt ?? null;
  const told = [named, ...repeats] as const;
  const record = toRunRecord({ attempts: told, kind, scheduledAt, confirmed, gap });
  return { record, attempts: told };
}

/** Notes the secrets that a run uses, so that its record can be held free of them. */
function keepSecrets(deps: ProbeDeps) {
  const known = knownSecrets();
  const secrets: SecretResolver = async (reference) => {
    const value = await deps.secrets(reference);
    if (value !== null) known.add([value]);
    return value;
  };
  const { sign, tokens = createTokenCache() } = deps;
  return {
    deps: {
      ...deps,
      secrets,
      tokens: noteTokens(tokens, known),
      ...(sign !== undefined && { sign: noteSecrets(sign, known) }),
    },
    redact: known.redact,
  };
}

function noteSecrets(sign: RequestSigner, known: KnownSecrets): RequestSigner {
  return async (request) => {
    const signed = await sign(request);
    if (signed.ok) known.add(signed.secrets);
    return signed;
  };
}

/** A token that this run has asked for and that is refused all the same is not asked for again. */
function noteTokens(tokens: TokenCache, known: KnownSecrets): TokenCache {
  const own = new Set<string>();
  return {
    get(key) {
      const token = tokens.get(key);
      if (token !== null) known.add([token.value]);
      return token;
    },
    set(key, token) {
      known.add([token.value]);
      own.add(token.value);
      tokens.set(key, token);
    },
    drop(key, value) {
      if (!own.has(value)) tokens.drop(key, value);
    },
  };
}

function sleep({ clock }: ProbeDeps, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
