import { randomUUID } from "node:crypto";
import { lazySigner } from "@vigil/aws/lazy-signer";
import {
  type Clock,
  effectiveStatus,
  extrasOf,
  longestRunMs,
  type RunRecord,
  type Target,
} from "@vigil/core";
import {
  type ConfirmedRun,
  createGate,
  createTokenCache,
  runConfirmed,
  systemClock,
} from "@vigil/probe";
import { createCauseFinder, type FindCause } from "../cause-finder.ts";
import { type Check, planCheck } from "../check-plan.ts";
import type { CheckWait } from "../check-wait.ts";
import { coldStartProver } from "../cold-start.ts";
import { complain } from "../complain.ts";
import { type ExitCode, exitCodeOf, worstExitCode } from "../exit-codes.ts";
import type { CheckFlags } from "../flags.ts";
import { inOrder } from "../in-order.ts";
import type { Io } from "../io.ts";
import { createPalette, type Palette } from "../palette.ts";
import { renderReport, renderTally } from "../report.ts";
import { createScreen, type Screen } from "../screen.ts";
import { plain } from "../text.ts";
import { formatDuration } from "../time.ts";
import { unlookedAt } from "../unlooked-at.ts";

const VANTAGE = "local";
/** A check that takes longer than this says what it waits for. */
const QUIET_MS = 300;

export interface CheckContext {
  readonly io: Io;
  readonly version: string;
  readonly clock?: Clock;
}

/** Probes each target once and reports in the order asked for. */
export async function runCheck(
  names: readonly string[],
  flags: CheckFlags,
  context: CheckContext,
): Promise<ExitCode> {
  const { io, clock = systemClock } = context;
  const plan = await planCheck(names, flags, io);
  if (!plan.ok) {
    return complain(plan.complaint, io);
  }
  const { checks, secrets } = plan.value;
  const deps = {
    vantage: VANTAGE,
    clock,
    ...secrets.deps,
    sign: lazySigner(clock),
    tokens: createTokenCache(),
    version: context.version,
    randomId: () => randomUUID(),
  };
  const prove = coldStartProver(clock);
  const { records, waits } = await probeAll({
    checks,
    wait: await waitOf(flags, clock),
    flags,
    io,
    clock,
    probe: async (target) =>
      secrets.explain(await runConfirmed(target, deps, oneRun(target, flags, clock))),
    prove: (run, target) => prove(run, { target, always: flags.deep === true }),
    findCause: createCauseFinder(clock),
  });
  warnOfDegraded(checks, records, flags, io);
  const codes = records.map((record) => exitCodeOf(effectiveStatus(record), flags.failOn));
  return worstExitCode([...codes, ...waits]);
}

async function waitOf(flags: CheckFlags, clock: Clock): Promise<CheckWait | null> {
  if (flags.waitReady !== true) return null;
  const { createCheckWait } = await import("../check-wait.ts");
  return createCheckWait(flags, clock);
}

function oneRun(target: Target, { confirm, deep }: CheckFlags, clock: Clock) {
  const extras = deep === true ? extrasOf(target) : [];
  return {
    kind: "manual",
    scheduledAt: new Date(clock.now()).toISOString(),
    deadline: clock.monotonic() + longestRunMs(target, extras),
    eraHint: null,
    knownDown: false,
    extras,
    confirm,
  } as const;
}

interface Batch {
  readonly checks: readonly Check[];
  readonly flags: CheckFlags;
  readonly io: Io;
  readonly clock: Clock;
  /** Null without --wait-ready. */
  readonly wait: CheckWait | null;
  readonly probe: (target: Target) => Promise<ConfirmedRun>;
  /** Looks for proof of a cold start where it matters; takes seconds. */
  readonly prove: (run: ConfirmedRun, target: Target) => Promise<RunRecord>;
  readonly findCause: FindCause;
}

interface Probed {
  readonly records: readonly RunRecord[];
  /** What came of waiting for functions that are not ready. */
  readonly waits: readonly ExitCode[];
}

async function probeAll(batch: Batch): Promise<Probed> {
  const { checks, flags, io, clock } = batch;
  const palette = createPalette(io.outColour);
  const running = new Set<string>();
  const records: RunRecord[] = [];
  const waits: ExitCode[] = [];
  const startedAt = clock.monotonic();
  const screen = createScreen({
    io,
    clock,
    passing: () =>
      waitingFor(running, records.length, checks.length, clock.monotonic() - startedAt),
  });
  const emit = inOrder<RunRecord>((record, i) => {
    records.push(record);
    print(
      { record, label: checks[i]?.label ?? record.target, first: i === 0 },
      { flags, io, screen, palette },
    );
  });
  try {
    await runAll(batch, { running, emit, waits, screen });
  } finally {
    screen.close();
  }
  if (!flags.json && checks.length > 1) {
    io.out(`\n${renderTally(records, palette)}`);
  }
  return { records, waits };
}

interface Ongoing {
  /** What is waited for, in the operator's words. */
  readonly running: Set<string>;
  readonly emit: (i: number, record: RunRecord) => void;
  readonly waits: ExitCode[];
  readonly screen: Screen;
}

async function runAll(
  { checks, flags, clock, wait, probe, prove, findCause }: Batch,
  { running, emit, waits, screen }: Ongoing,
): Promise<void> {
  const gate = createGate({ clock });
  const waitFor = async <T>(what: string, work: Promise<T>): Promise<T> => {
    running.add(what);
    const done = await work;
    running.delete(what);
    return done;
  };
  const checkOne = async ({ label, target }: Check, i: number) => {
    const probeOnce = () => gate.enter(() => waitFor(label, probe(target)));
    const tell = (line: string) => screen.warn(`vigil: ${plain(label, 120)}: ${line}.\n`);
    const waited =
      wait && (await waitFor(`${label} (its function)`, wait.forFunction(target, tell)));
    if (waited?.kind === "not-ready") waits.push(waited.exit);
    if (waited !== null && waited.kind !== "ready") tell(waited.message);
    const isWorthWaiting = wait !== null && waited?.kind !== "not-ready";
    const run = await (isWorthWaiting ? wait.forAnswers(probeOnce, tell) : probeOnce());
    // A look into a log keeps no other target waiting.
    const record = await waitFor(`${label} (reading its log)`, prove(run, target));
    const causes = await waitFor(`${label} (its function)`, findCause(record, target));
    const ready = waited?.kind === "ready" ? [waited.note] : [];
    const notes = [...record.notes, ...causes, ...ready, ...unlookedAt(target, flags)];
    emit(i, { ...record, notes });
  };
  await Promise.all(checks.map(checkOne));
}

interface Printed {
  readonly record: RunRecord;
  readonly label: string;
  readonly first: boolean;
}

interface Surface {
  readonly flags: CheckFlags;
  readonly io: Io;
  readonly screen: Screen;
  readonly palette: Palette;
}

function print({ record, label, first }: Printed, { flags, io, screen, palette }: Surface): void {
  if (flags.json) {
    screen.print(`${JSON.stringify(record)}\n`);
    return;
  }
  const width = Math.min(io.columns(), 100);
  const report = renderReport(record, { label, palette, verbose: flags.verbose === true, width });
  screen.print(first ? report : `\n${report}`);
}

function waitingFor(
  running: ReadonlySet<string>,
  done: number,
  total: number,
  elapsedMs: number,
): string | null {
  if (elapsedMs < QUIET_MS || running.size === 0) {
    return null;
  }
  const count = total === 1 ? "" : ` (${done} of ${total} done)`;
  const names = [...running].map((label) => plain(label, 60)).join(", ");
  return `checking${count} ${names} · ${formatDuration(Math.floor(elapsedMs / 1_000) * 1_000)}`;
}

function warnOfDegraded(
  checks: readonly Check[],
  records: readonly RunRecord[],
  { failOn }: CheckFlags,
  io: Io,
): void {
  const degraded = checks.filter((_, i) => {
    const record = records[i];
    return record !== undefined && effectiveStatus(record) === "degraded";
  });
  if (failOn === "down" && degraded.length > 0) {
    const names = degraded.map(({ label }) => plain(label, 120)).join(", ");
    io.err(`vigil: warning: degraded: ${names}. --fail-on degraded makes this exit 3.\n`);
  }
}
