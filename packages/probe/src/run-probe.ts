import {
  ERAS,
  type Era,
  type ExtraStep,
  type ProbeRun,
  type StepFault,
  type StepRecord,
  secretReferences,
  type Target,
} from "@vigil/core";
import type { AttemptContext } from "./attempt-context.ts";
import { type Connection, type OpenConnection, openConnection } from "./connection.ts";
import { type Credentials, expiryOf, resolveCredentials } from "./credentials.ts";
import { type KnownSecrets, knownSecrets } from "./known-secrets.ts";
import { lookBehindChallenge, wasRefused } from "./oauth/refusal.ts";
import { createTokenCache } from "./oauth/token-cache.ts";
import { loadLegs } from "./open-leg.ts";
import type { BoundSigner } from "./signing.ts";
import { notReached } from "./take-step.ts";
import { talk } from "./talk.ts";
import type { ProbeDeps } from "./types.ts";

/** Kept back from the deadline, so that a run can still be told when its time is up. */
export const REPORT_RESERVE_MS = 100;

/** Less time than this is not worth asking for a token. */
const MIN_TOKEN_MS = 1_000;

export interface ProbeOptions {
  readonly runId: string;
  /** `clock.monotonic()` by which the attempt has ended, further steps aside. */
  readonly deadline: number;
  /** The client's patience with one request. */
  readonly timeoutMs: number;
  /** The era that the target spoke last; null when it is not known. */
  readonly eraHint: Era | null;
  /** Further steps to take, where the target is configured for them. */
  readonly extras: readonly ExtraStep[];
  /** What further steps may take beyond the deadline; nothing unless given. */
  readonly extraMs?: number;
}

/** One attempt at one target. Never rejects: whatever goes wrong is in the record. */
export async function runProbe(
  target: Target,
  deps: ProbeDeps,
  options: ProbeOptions,
): Promise<ProbeRun> {
  const { clock } = deps;
  await loadLegs(erasOf(target, options.eraHint));
  const startedAt = clock.monotonic();
  const url = new URL(target.url);
  const dial = () => (deps.openConnection ?? openConnection)(url, { clock });
  const connection = dial();
  const run = {
    runId: options.runId,
    target: target.name,
    vantage: deps.vantage,
    url: `${url.origin}${url.pathname}`,
    startedAt: new Date(clock.now()).toISOString(),
    timeoutMs: options.timeoutMs,
  };
  const attempt = new Attempt({ target, deps, options, startedAt, url, connection, dial });
  try {
    const told = await attempt.tell();
    return { ...run, ...told, totalMs: clock.monotonic() - startedAt };
  } finally {
    connection.destroy();
  }
}

/** The eras that the attempt is sure to need, or likely to. */
function erasOf({ era }: Target, hint: Era | null): readonly Era[] {
  if (era === "both") return ERAS;
  if (era !== "auto") return [era];
  return hint === null ? ERAS : [hint];
}

interface AttemptInput {
  readonly target: Target;
  readonly deps: ProbeDeps;
  readonly options: ProbeOptions;
  readonly startedAt: number;
  readonly url: URL;
  readonly connection: Connection;
  readonly dial: () => Connection;
}

type Told = Pick<
  ProbeRun,
  | "authenticated"
  | "credentialExpiry"
  | "detectionMs"
  | "connect"
  | "authorize"
  | "legs"
  | "resourceMetadata"
>;

class Attempt {
  readonly #input: AttemptInput;
  /** What counts beyond the deadline now: the time that further steps took, or may take. */
  #beyondMs = 0;

  constructor(input: AttemptInput) {
    this.#input = input;
  }

  async tell(): Promise<Told> {
    const nothing = {
      authenticated: false,
      credentialExpiry: null,
      detectionMs: 0,
      legs: [],
      resourceMetadata: null,
    };
    const authorizeLater = notReached("authorize", null, null);
    const connect = await this.#connect();
    if (connect.outcome === "failed") return { ...nothing, connect, authorize: authorizeLater };
    const { authorize, credentials } = await this.#authorize();
    if (!credentials.ok) return { ...nothing, connect, authorize };
    const context = this.#contextFor(credentials);
    const { authenticated, credentialExpiry } = context;
    try {
      const talked = await talk(context, this.#input.options.eraHint);
      if (wasRefused(talked.legs)) {
        credentials.token?.drop();
        this.#input.deps.refused?.(secretReferences(this.#input.target));
      }
      const resourceMetadata = await lookBehindChallenge(talked.legs, context, this.#dial);
      const sent = { authenticated, credentialExpiry };
      return { connect, authorize, ...sent, ...talked, resourceMetadata };
    } catch (error) {
      const name = error instanceof Error ? error.name : "unknown";
      const fault: StepFault = { kind: "internal", name };
      return { ...nothing, connect, authorize: { ...authorize, outcome: "failed", fault } };
    }
  }

  get #dial(): OpenConnection {
    return this.#input.deps.openConnection ?? openConnection;
  }

  #elapsed(): number {
    return this.#input.deps.clock.monotonic() - this.#input.startedAt;
  }

  #remainingMs(): number {
    const { options, deps } = this.#input;
    return options.deadline + this.#beyondMs - REPORT_RESERVE_MS - deps.clock.monotonic();
  }

  async #further(take: () => Promise<void>): Promise<void> {
    const spentMs = this.#beyondMs;
    const startMs = this.#elapsed();
    this.#beyondMs = this.#input.options.extraMs ?? 0;
    await take();
    this.#beyondMs = spentMs + this.#elapsed() - startMs;
  }

  #stepTimeoutMs(): number {
    return Math.min(this.#input.options.timeoutMs, this.#remainingMs());
  }

  /** Never what the target's own answer may take: a slow authorization server is not its fault. */
  #tokenTimeoutMs(): number {
    const spare = this.#remainingMs() - this.#input.options.timeoutMs;
    return Math.min(this.#stepTimeoutMs(), Math.max(MIN_TOKEN_MS, spare));
  }

  async #connect(): Promise<StepRecord> {
    const step = notReached("connect", null, null);
    const timeoutMs = this.#stepTimeoutMs();
    if (timeoutMs <= 0) {
      return { ...step, outcome: "failed", startMs: 0, fault: { kind: "deadline-exhausted" } };
    }
    const opened = await this.#input.connection.open(timeoutMs);
    const timed = { ...step, startMs: 0, durationMs: this.#elapsed(), connect: opened.timings };
    switch (opened.kind) {
      case "open":
        return { ...timed, outcome: "ok" };
      case "failed":
        return { ...timed, outcome: "failed", fault: { kind: "network", error: opened.error } };
      case "timed-out":
        return {
          ...timed,
          outcome: "failed",
          fault: { kind: "connect-timed-out", phase: opened.phase },
        };
      default:
        return opened satisfies never;
    }
  }

  async #authorize(): Promise<{ authorize: StepRecord; credentials: Credentials }> {
    const { target, deps } = this.#input;
    const startMs = this.#elapsed();
    const credentials = await resolveCredentials(target, {
      resolve: deps.secrets,
      sign: deps.sign ?? null,
      tokens: deps.tokens ?? createTokenCache(),
      connect: this.#dial,
      clock: deps.clock,
      startedAt: this.#input.startedAt,
      timeoutMs: this.#stepTimeoutMs(),
      tokenTimeoutMs: () => this.#tokenTimeoutMs(),
      version: deps.version,
    });
    const step = notReached("authorize", null, null);
    const timed = { ...step, startMs, durationMs: this.#elapsed() - startMs };
    if (!credentials.ok) {
      const { fault, exchanges } = credentials;
      return { credentials, authorize: { ...timed, outcome: "failed", fault, exchanges } };
    }
    if (!credentials.authenticated) {
      return { credentials, authorize: { ...step, outcome: "skipped", skipped: "no-credentials" } };
    }
    return { credentials, authorize: { ...timed, outcome: "ok" } };
  }

  #contextFor(credentials: Extract<Credentials, { ok: true }>): AttemptContext {
    const { target, deps, options, startedAt, url, connection, dial } = this.#input;
    const { version, vantage, clock } = deps;
    const secrets = knownSecrets();
    secrets.add(credentials.secrets);
    return {
      target,
      url,
      connection,
      dial,
      clock,
      startedAt,
      version,
      headers: {
        ...credentials.headers,
        "user-agent": `vigil/${version} (${vantage}; run=${options.runId})`,
        traceparent: traceparentOf(options.runId),
      },
      sign: credentials.sign === null ? null : noteSecrets(credentials.sign, secrets),
      authenticated: credentials.authenticated,
      credentialExpiry: expiryOf(credentials, clock.now() - this.#elapsed()),
      extras: options.extras,
      redact: secrets.redact,
      further: (take) => this.#further(take),
      remainingMs: () => this.#remainingMs(),
      patienceMs: options.timeoutMs,
      stepTimeoutMs: () => this.#stepTimeoutMs(),
    };
  }
}

/** W3C Trace Context of a run, whose id is a UUID: hex digits alone, in lower case. */
function traceparentOf(runId: string): string {
  const hex = runId.replaceAll("-", "").toLowerCase();
  return `00-${hex}-${hex.slice(0, 16)}-01`;
}

/** A signature is known only once it is made. */
function noteSecrets(sign: BoundSigner, secrets: KnownSecrets): BoundSigner {
  return async (request) => {
    const signed = await sign(request);
    if (signed !== null) secrets.add(signed.secrets);
    return signed;
  };
}
