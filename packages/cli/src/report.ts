import {
  type Depth,
  FAILURE_MODES,
  type Failure,
  type RecordedStep,
  type RunRecord,
  type SkipReason,
  type Status,
} from "@vigil/core";
import { evidenceInFull, evidenceInShort } from "./evidence.ts";
import { MARKS, type Palette } from "./palette.ts";
import { count, hang, plain, wrap, wrapItems } from "./text.ts";
import { formatDuration } from "./time.ts";

export interface ReportOptions {
  /** What the operator asked for: a target's name or a URL. */
  readonly label: string;
  readonly palette: Palette;
  readonly verbose: boolean;
  readonly width: number;
}

const DEPTH_TEXT: Readonly<Record<Depth, string>> = {
  none: "depth none (no handshake)",
  handshake: "depth handshake (no tool list)",
  tools: "depth tools (no tool called)",
  sentinel: "depth sentinel (tool call passed)",
};

const SKIP_TEXT: Readonly<Record<SkipReason, string>> = {
  "no-sentinel": "no sentinel tool is given",
  "tool-missing": "the tool is not listed",
  "tool-not-read-only": "the tool may change data",
  "no-session": "no session to end",
  "not-requested": "not asked for",
  "no-credentials": "no credentials are given",
  "no-time": "the run's time was too short for it",
};

const LONGEST_STEP = 12;
const LONGEST_OUTCOME = 11;
const LONGEST_TIME = 9;
const FIELD_WIDTH = 7;

/** One run for people: the verdict, who answered, every step, and each failure with its remedy. */
export function renderReport(record: RunRecord, options: ReportOptions): string {
  const { palette, verbose, label, width } = options;
  const blocks = [
    [
      headline(record.status, plain(label), palette),
      ...wrapItems(facts(record), width - 2).map((line) => `  ${line}`),
    ],
    stepLines(record.steps, options).map((line) => `    ${line}`),
    ...record.failures.map((failure) => failureLines(failure, options)),
    closingLines(record, options),
    verbose
      ? hang(`  ${palette.faint(`run ${record.runId} · started ${record.startedAt}`)}`, width)
      : [],
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function headline(status: Status, label: string, palette: Palette): string {
  const paint = palette.status[status];
  return `${paint(`${MARKS[status]} ${status.toUpperCase()}`)}  ${palette.strong(label)}`;
}

function facts(record: RunRecord): readonly string[] {
  const { server, era, protocolVersion, toolCount } = record;
  const seen = [
    server === null ? null : `${plain(server.name, 80)} ${plain(server.version, 40)}`,
    era === null ? null : `${eraText(era)} ${plain(protocolVersion ?? "", 40)}`.trimEnd(),
    toolCount === null ? null : count(toolCount, "tool"),
    DEPTH_TEXT[record.depth],
    record.coldStart === true ? "cold start" : null,
    formatDuration(record.durationMs),
  ];
  return seen.filter((fact) => fact !== null);
}

function eraText(era: NonNullable<RunRecord["era"]>): string {
  return era === "both" ? "both eras" : `${era} era`;
}

/** Optional steps that nobody asked for are left out, unless everything is wanted. */
function stepLines(
  steps: readonly RecordedStep[],
  { verbose, width }: ReportOptions,
): readonly string[] {
  const eras = new Set(steps.flatMap(({ era }) => (era === undefined ? [] : [era])));
  return steps
    .filter(({ skipped }) => verbose || skipped !== "not-requested")
    .flatMap((step) => stepLine(step, { showEra: eras.size > 1, width: width - 4 }));
}

interface StepLook {
  readonly showEra: boolean;
  readonly width: number;
}

/** The remarks stand below where there is no room beside. */
function stepLine(step: RecordedStep, { showEra, width }: StepLook): readonly string[] {
  const time = step.durationMs === null ? "" : formatDuration(step.durationMs);
  const columns = [
    step.step.padEnd(LONGEST_STEP),
    step.outcome.replace("-", " ").padEnd(LONGEST_OUTCOME),
    time.padStart(LONGEST_TIME),
  ];
  const remarks = stepRemarks(step, showEra);
  const line = `${columns.join(" ")}   ${remarks.join(" · ")}`.trimEnd();
  if (line.length <= width) {
    return [line];
  }
  const below = wrapItems(remarks, width - 2).map((remark) => `  ${remark}`);
  return [columns.join(" ").trimEnd(), ...below];
}

function stepRemarks(step: RecordedStep, showEra: boolean): readonly string[] {
  const remarks = [
    showEra && step.era !== undefined ? step.era : null,
    step.label === undefined ? null : plain(step.label, 60),
    step.firstByteMs === null ? null : firstByteText(step, step.firstByteMs),
    eventsText(step),
    step.skipped === undefined ? null : SKIP_TEXT[step.skipped],
  ];
  return remarks.filter((remark) => remark !== null);
}

/** Of simultaneous clients the slowest counts, and that is told for all of them. */
function firstByteText({ step }: RecordedStep, ms: number): string | null {
  return step === "concurrency" ? null : `first byte ${formatDuration(ms)}`;
}

/** When the messages of a stream came, counted from the call on. */
function eventsText({ events, startMs }: RecordedStep): string | null {
  if (events === undefined) {
    return null;
  }
  const { count: came, atMs } = events;
  const times = atMs.map((at) => String(Math.round(at - (startMs ?? 0))));
  const told = came > times.length ? [...times.slice(0, -1), "…", ...times.slice(-1)] : times;
  return `${count(came, "event")} at ${told.join(", ")} ms`;
}

function failureLines(failure: Failure, options: ReportOptions): readonly string[] {
  const { palette, verbose, width } = options;
  const mode = FAILURE_MODES[failure.mode];
  const paint = palette.status[mode.status];
  const era = failure.era === null ? "" : ` (${failure.era})`;
  const title = `${MARKS[mode.status]} ${failure.mode} at ${failure.step}${era}`;
  const room = width - 4 - FIELD_WIDTH;
  const evidence = verbose
    ? evidenceInFull(failure.evidence)
    : wrapItems(evidenceInShort(failure.evidence), room);
  return [
    ...hang(`  ${paint(title)}: ${mode.title}`, width),
    ...field("why", wrap(plain(failure.summary), room)),
    ...field("seen", evidence),
    ...field("mend", wrap(plain(failure.remedy, 2_000), room)),
    ...field("read", verbose ? [mode.reference] : []),
  ];
}

function field(name: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, i) =>
    `    ${(i === 0 ? name : "").padEnd(FIELD_WIDTH)}${line}`.trimEnd(),
  );
}

function closingLines(record: RunRecord, { width }: ReportOptions): readonly string[] {
  const lines = [
    ...attemptsText(record),
    ...coldSampleText(record),
    ...record.notes.map((note) => plain(note)),
  ];
  if (record.gap !== null) {
    lines.push(`Inside the deployment gap that opened at ${plain(record.gap)}.`);
  }
  return lines.flatMap((line) => wrap(line, width - 2).map((part) => `  ${part}`));
}

function coldSampleText({ coldSampleMs, steps }: RunRecord): readonly string[] {
  if (coldSampleMs === null) {
    return [];
  }
  const label = steps.find(({ step }) => step === "concurrency")?.label ?? "simultaneous clients";
  return [`Slowest of ${plain(label, 60)}: ${formatDuration(coldSampleMs)} to first byte.`];
}

/** Says what the repeats showed; nothing of a run that was well. */
function attemptsText({ status, confirmed, attempts }: RunRecord): readonly string[] {
  if (status === "up") {
    return [];
  }
  if (attempts.length === 1) {
    return ["One attempt; it was not repeated."];
  }
  const told = attempts.map(({ status: seen, modes }) =>
    modes.length === 0 ? seen : `${seen} (${modes.join(", ")})`,
  );
  const same = told.every((one) => one === told[0]);
  const what = same ? `each ${told[0]}` : told.join(", then ");
  return [`${confirmed ? "Confirmed" : "Not confirmed"}: ${attempts.length} attempts, ${what}.`];
}

/** One line for several targets: `4 targets: 2 up, 1 down, 1 unknown`. */
export function renderTally(records: readonly RunRecord[], palette: Palette): string {
  const parts = (["down", "unknown", "degraded", "up"] as const).flatMap((status) => {
    const n = records.filter((record) => record.status === status).length;
    return n === 0 ? [] : [palette.status[status](`${n} ${status}`)];
  });
  return `${count(records.length, "target")}: ${parts.join(", ")}\n`;
}
