import type { DeploymentObserver, LookTrouble } from "@vigil/aws/deployments";
import {
  advance,
  type Clock,
  type FollowedTarget,
  type GapState,
  type GapWindow,
  isFollowed,
  OPEN_LOOK_MS,
  readiness,
  startGap,
  type Target,
  type WindowExposure,
} from "@vigil/core";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { formatDuration } from "./time.ts";

/** How the wait for a target's function ended. */
export type Waited =
  | { readonly kind: "ready"; readonly note: string }
  | { readonly kind: "not-followed"; readonly message: string }
  | { readonly kind: "not-ready"; readonly message: string; readonly exit: ExitCode };

export interface WaitOptions {
  readonly clock: Clock;
  /** `clock.monotonic()` at which nobody waits any longer. */
  readonly endMs: number;
  readonly observerOf: (region: string) => DeploymentObserver;
  /** A line of progress. */
  readonly tell: (line: string) => void;
}

/** A wait that shows nothing new says so this often. */
const TELL_EVERY_MS = 30_000;

const CLIENTS: Readonly<Record<WindowExposure, string>> = {
  shielded: "AWS holds traffic on the old version",
  exposed: "clients reach cold environments",
  failed: "the allocation failed",
};

/** Looks at the target's function until its gap window is closed, or no look can tell any more. */
export async function waitForFunction(target: Target, options: WaitOptions): Promise<Waited> {
  if (!isFollowed(target)) {
    const message =
      "the config names no function of it (lambda: { functionName, qualifier }), so --wait-ready waits for its answers alone";
    return { kind: "not-followed", message };
  }
  const { clock, endMs } = options;
  const startMs = clock.monotonic();
  const progress = teller(options, startMs);
  const observer = options.observerOf(target.region);
  let state = startGap();
  for (;;) {
    const look = await observer.look(target.lambda, { full: true, known: null });
    state = advance(state, look.observation).state;
    const waitedMs = clock.monotonic() - startMs;
    const seen = { target, state, trouble: look.trouble, waitedMs };
    const over = judge(seen);
    if (over !== null) return over;
    if (clock.monotonic() + OPEN_LOOK_MS > endMs) return tooLate(seen);
    progress(state.open === null ? troubleText(look.trouble) : windowText(state.open.window));
    await sleep(clock, OPEN_LOOK_MS);
  }
}

interface SeenSoFar {
  readonly target: FollowedTarget;
  readonly state: GapState;
  /** Of the last look. */
  readonly trouble: LookTrouble | null;
  readonly waitedMs: number;
}

/** Null while waiting may help. */
function judge(seen: SeenSoFar): Waited | null {
  const { target, state, trouble, waitedMs } = seen;
  if (trouble !== null && trouble.code !== "unprovisionable") return finalTrouble(target, trouble);
  const version = state.serving?.version ?? "?";
  const ready = readiness(state);
  switch (ready.kind) {
    case "ready":
      return {
        kind: "ready",
        note: `version ${version} has ready provisioned concurrency${after(waitedMs)}`,
      };
    case "unknown":
    case "unprovisioned":
      return {
        kind: "ready",
        note: `version ${version} has no provisioned concurrency to wait for`,
      };
    case "failed":
      return {
        kind: "not-ready",
        message: `${windowText(ready.window)}. Waiting does not mend it: see the function's log for why it cannot start, then deploy again`,
        exit: EXIT.down,
      };
    case "waiting":
      return null;
    default:
      return ready satisfies never;
  }
}

const CREDENTIALS = new Set([
  "AccessDenied",
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteSignatureException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "MissingAuthenticationTokenException",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);

/** What no later look mends; null for what one may. */
function finalTrouble(
  { region, lambda: { functionName, qualifier } }: FollowedTarget,
  trouble: Exclude<LookTrouble, { code: "unprovisionable" }>,
): Waited | null {
  const notReady = (exit: ExitCode, message: string) =>
    ({ kind: "not-ready", message, exit }) as const;
  switch (trouble.code) {
    case "unknown-function":
      return notReady(
        EXIT.usage,
        `these AWS credentials find no function ${functionName} in ${region}. Put lambda.functionName, the target's region or AWS_PROFILE right`,
      );
    case "alias-gone":
      return notReady(
        EXIT.usage,
        `${functionName} in ${region} has no alias or version ${qualifier}. Put lambda.qualifier right, or deploy it`,
      );
    case "denied":
      return notReady(
        EXIT.unknown,
        `whether it is ready is not known: these AWS credentials lack ${trouble.permission} on ${functionName} in ${region}. Allow it, or leave out --wait-ready`,
      );
    case "unreachable":
      return credentialTrouble(trouble.reason);
    case "throttled":
      return null;
    default:
      return trouble satisfies never;
  }
}

function credentialTrouble(code: string): Waited | null {
  if (code === "CredentialsProviderError") {
    const message =
      "whether it is ready is not known: there are no AWS credentials. Sign in with aws sso login, or set AWS_PROFILE or AWS_ACCESS_KEY_ID";
    return { kind: "not-ready", message, exit: EXIT.usage };
  }
  if (!CREDENTIALS.has(code)) return null;
  const message = `whether it is ready is not known: AWS does not take these credentials (${code}). Renew them, or check AWS_PROFILE and this machine's clock`;
  return { kind: "not-ready", message, exit: EXIT.unknown };
}

function tooLate({ state, trouble, waitedMs }: SeenSoFar): Waited {
  const [why, exit] =
    trouble === null && state.open !== null
      ? ([windowText(state.open.window), EXIT.down] as const)
      : ([troubleText(trouble), EXIT.unknown] as const);
  const message = `not ready${after(waitedMs)}: ${why}. --timeout waits longer`;
  return { kind: "not-ready", message, exit };
}

function windowText({ version, exposure, reason }: GapWindow): string {
  const why = reason === null ? "" : ` (${reason})`;
  return `version ${version} has no ready provisioned concurrency, ${CLIENTS[exposure]}${why}`;
}

function troubleText(trouble: LookTrouble | null): string {
  if (trouble?.code === "throttled") return "Lambda throttles the looks at its function";
  return trouble?.code === "unreachable"
    ? `Lambda cannot be reached (${trouble.reason})`
    : "its function could not be looked at";
}

const after = (ms: number): string => (ms < 1_000 ? "" : ` after ${formatDuration(ms)}`);

/** Tells what is new at once, and what is not from time to time. */
function teller({ clock, tell }: WaitOptions, startMs: number): (text: string) => void {
  let last: { readonly text: string; readonly atMs: number } | null = null;
  return (text) => {
    const atMs = clock.monotonic();
    if (last?.text === text && atMs - last.atMs < TELL_EVERY_MS) return;
    tell(last?.text === text ? `${text}; still so${after(atMs - startMs)}` : `waiting: ${text}`);
    last = { text, atMs };
  };
}

export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
