import type { Drift, RunRecord, StateEvent, StatusEvent, TargetState } from "@vigil/core";
import type { Observation } from "./monitor.ts";
import { MARKS, type Palette } from "./palette.ts";
import type { Skip } from "./scheduler.ts";
import { count, plain, wrap } from "./text.ts";
import { formatDuration, formatTime, formatTimestamp, type ZoneOffset } from "./time.ts";

export interface LineOptions {
  readonly palette: Palette;
  /** Width of the column of names. */
  readonly nameWidth: number;
  readonly width: number;
  readonly offset?: ZoneOffset;
}

/** Lateness that is worth a word in the run's own line. */
const NOTABLY_LATE_MS = 250;
const STATUS_WIDTH = "degraded".length;
const TIME_WIDTH = "08:00:00".length;
const INDENT = " ".repeat(TIME_WIDTH + 2);

/** One run in one line. */
export function runLine(record: RunRecord, lateMs: number, options: LineOptions): string {
  const { palette, nameWidth, offset } = options;
  const paint = palette.status[record.status];
  const late = lateMs >= NOTABLY_LATE_MS ? ` (started ${formatDuration(lateMs)} late)` : "";
  const cells = [
    palette.faint(formatTime(Date.parse(record.startedAt), offset)),
    paint(`${MARKS[record.status]} ${record.status.padEnd(STATUS_WIDTH)}`),
    record.target.padEnd(nameWidth),
    formatDuration(record.durationMs).padStart(7),
    `${finding(record)}${late}`,
  ];
  return `${cells.join("  ")}\n`;
}

function finding(record: RunRecord): string {
  const [worst, ...others] = record.failures;
  if (worst === undefined) {
    const tools = record.toolCount === null ? "" : `, ${count(record.toolCount, "tool")}`;
    return `depth ${record.depth}${tools}`;
  }
  const more = others.length === 0 ? "" : ` (+ ${others.map(({ mode }) => mode).join(", ")})`;
  return `${worst.mode} at ${worst.step}${more}${repeats(record)}: ${plain(worst.summary, 200)}`;
}

function repeats({ attempts, confirmed }: RunRecord): string {
  if (attempts.length < 2) {
    return "";
  }
  return confirmed ? `, ${attempts.length} times` : ", not on every attempt";
}

const STATUS_EVENTS: Readonly<Record<StatusEvent["kind"], (target: string) => string>> = {
  "first-good-run": (target) => `${target} has had its first good run`,
  "went-down": (target) => `${target} is DOWN`,
  degraded: (target) => `${target} is DEGRADED`,
  recovered: (target) => `${target} is UP again`,
  "became-unknown": (target) => `${target} is UNKNOWN: the last runs could not judge it`,
  "known-again": (target) => `${target} can be judged again, and nothing has changed`,
};

/** What people see has changed: said so that nobody can miss it, with what to do. */
export function changeLines(observation: Observation, options: LineOptions): string {
  return observation.events.map((event) => eventLines(event, observation, options)).join("");
}

function eventLines(event: StateEvent, observation: Observation, options: LineOptions): string {
  const { state } = observation;
  const { palette, width } = options;
  if (event.kind === "era-changed") {
    return `${INDENT}${state.target} now speaks the ${event.to} era (${event.from} before)\n`;
  }
  if (event.kind === "tools-changed") {
    return `${INDENT}the tools of ${state.target} have changed${driftText(event.drift)}\n`;
  }
  const title = `${MARKS[event.to]} ${STATUS_EVENTS[event.kind](state.target)}`;
  const lines = [
    `${INDENT}${palette.status[event.to](palette.strong(title))}${history(event, observation)}`,
    ...advice(observation, width - INDENT.length - 2).map((line) => `${INDENT}  ${line}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** What differs from the accepted tools; `vigil baseline show` has the details. */
function driftText(drift: Drift | null): string {
  if (drift === null) {
    return "";
  }
  const { added, removed, changed, breaking } = drift;
  const parts = [
    added > 0 ? `${added} added` : null,
    removed > 0 ? `${removed} removed` : null,
    changed > 0 ? `${changed} changed` : null,
  ].filter((part) => part !== null);
  const callers = breaking ? "this breaks callers" : "callers can go on as before";
  return `: ${parts.join(", ")}; ${callers}`;
}

/** How long it had been otherwise; nothing for a target's first run. */
function history({ kind, from }: StatusEvent, { previous, state }: Observation): string {
  if (previous === null || from === null || kind === "first-good-run") {
    return "";
  }
  const spell = formatDuration(Date.parse(state.lastRunAt) - Date.parse(previous.since));
  return ` (${from} for ${spell})`;
}

/** The remedies of the modes that made the state, as far as this run shows them. */
function advice({ state, record }: Observation, width: number): readonly string[] {
  const shown = record.failures.filter(({ mode }) => state.modes.includes(mode));
  const remedies = new Map(shown.map(({ mode, remedy }) => [mode, remedy]));
  return [...remedies].flatMap(([mode, remedy]) => wrap(`${mode}: ${plain(remedy, 2_000)}`, width));
}

export function skipLine(target: string, { missed, busy }: Skip, palette: Palette): string {
  const reasons = [
    busy ? "the run before is still going" : null,
    missed > 0 ? `${count(missed, "run")} missed while this machine was held up or asleep` : null,
  ].filter((reason) => reason !== null);
  return `${INDENT}${palette.status.unknown(`${target} skipped`)}: ${reasons.join("; ")}\n`;
}

/** What a target's state was when the last watch ended; empty when there is none. */
export function resumedLine(state: TargetState, palette: Palette, offset?: ZoneOffset): string {
  const since = formatTimestamp(Date.parse(state.since), offset);
  const modes = state.modes.length === 0 ? "" : ` (${state.modes.join(", ")})`;
  const status = palette.status[state.status](state.status);
  return `  ${state.target}: last seen ${status}${modes} since ${since}`;
}
