import {
  type Failure,
  judge,
  type Status,
  type StepName,
  type ToolLists,
  type Verdict,
} from "@vigil/core";
import {
  type ConfirmedOptions,
  openConnection,
  type ProbeDeps,
  runConfirmed,
  runProbe,
  systemClock,
} from "@vigil/probe";
import type { Answer } from "../src/answer.ts";
import { TEST_CA } from "../src/certificates.ts";
import type { Fault, MonitorOverrides, Stage } from "../src/fault.ts";
import { extrasOf, type Spot } from "../src/moments.ts";
import { targetFor } from "../src/target.ts";

export interface Played {
  readonly status: Status;
  readonly failures: readonly Failure[];
  readonly struck: Answer | null;
  readonly requests: Stage["requests"];
  readonly stray: Stage["requests"];
  /** Connections that were still open when the run had been over for a while. */
  readonly leftOpen: number;
  readonly sessionLeft: boolean;
  /** Steps that were taken, in order. */
  readonly steps: readonly StepName[];
}

const RUN_ID = "0123456789abcdef0123456789abcdef";
/** Far longer than any play takes. */
const DEADLINE_MS = 60_000;

const HANG_UP_MS = 2_000;

/** Runs the real probe and the real judge against a stage, and closes it. */
export async function runPlay(
  start: (spot: Spot) => Promise<Stage>,
  spot: Spot,
  fault: Pick<Fault, "target" | "monitor" | "confirmed"> = {},
): Promise<Played> {
  const stage = await start(spot);
  try {
    const { auth } = stage;
    const target = { ...targetFor(stage.url, spot, fault), ...(auth !== undefined && { auth }) };
    const deps = depsFor(fault.monitor ?? {});
    const deadline = deps.clock.monotonic() + (fault.monitor?.deadlineMs ?? DEADLINE_MS);
    const baseline = fault.monitor?.accepted ?? null;
    const options = { deadline, extras: extrasOf(spot), baseline };
    const told =
      fault.confirmed === true
        ? await confirmed(target, deps, options)
        : await once(target, deps, options);
    const { requests, stray = [] } = stage;
    return { ...told, struck: stage.struck(), requests, stray, leftOpen: await leftOpen(stage) };
  } finally {
    await stage.close();
  }
}

/** The server hears of a closed connection a little later than the monitor closes it. */
async function leftOpen({ open }: Stage): Promise<number> {
  const until = Date.now() + HANG_UP_MS;
  while (open() > 0 && Date.now() < until) await new Promise((done) => setTimeout(done, 5));
  return open();
}

type Told = Omit<Played, "struck" | "requests" | "stray" | "leftOpen">;
type Target = ReturnType<typeof targetFor>;

interface Options extends Pick<ConfirmedOptions, "deadline" | "extras"> {
  readonly baseline: ToolLists | null;
}

async function once(
  target: Target,
  deps: ProbeDeps,
  { baseline, ...options }: Options,
): Promise<Told> {
  const run = await runProbe(target, deps, {
    runId: RUN_ID,
    timeoutMs: target.clientTimeoutMs,
    eraHint: null,
    ...options,
  });
  const { status, failures }: Verdict = judge(run, target, { baseline });
  return {
    status,
    failures,
    sessionLeft: run.legs.some((leg) => leg.sessionLeft),
    steps: run.legs.flatMap(({ steps }) => steps.map(({ step }) => step)),
  };
}

async function confirmed(target: Target, deps: ProbeDeps, options: Options): Promise<Told> {
  const { record } = await runConfirmed(target, deps, {
    kind: "manual",
    scheduledAt: new Date(deps.clock.now()).toISOString(),
    eraHint: null,
    knownDown: false,
    confirm: true,
    ...options,
  });
  const { status, failures, sessionLeft } = record;
  return { status, failures, sessionLeft, steps: record.steps.map(({ step }) => step) };
}

function depsFor(monitor: MonitorOverrides): ProbeDeps {
  const { lookup, secrets = {}, startMs, clock = (real) => real } = monitor;
  const offsetMs = startMs === undefined ? 0 : startMs - Date.now();
  return {
    vantage: "local",
    clock: clock({ ...systemClock, now: () => systemClock.now() + offsetMs }),
    version: "0.0.0",
    randomId: () => RUN_ID,
    async secrets(reference) {
      return secrets[reference.replace(/^env:/, "")] ?? null;
    },
    openConnection: (url, options) =>
      openConnection(url, {
        ...options,
        ...(url.protocol === "https:" && { ca: TEST_CA }),
        ...(lookup !== undefined && { lookup }),
      }),
  };
}
