import { effectiveStatus, HOUR_MS, type HourRollup, type Status, WORST_FIRST } from "@vigil/core";
import type { DayRow } from "./days.ts";
import type { RunPoint } from "./model.ts";

/** How a stretch of time went: `some` failures, or so many that it is `bad`. */
export type Level = "ok" | "some" | "bad" | "unknown" | "none";

export interface Cell {
  readonly level: Level;
  /** The most frequent failure mode; null when nothing failed. */
  readonly mode: string | null;
}

export interface Cells {
  readonly from: number;
  readonly to: number;
  /** Oldest first; the last one goes on. */
  readonly cells: readonly Cell[];
}

export const MINUTES = 60;
export const HOURS = 48;
export const DAYS = 90;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
/** An hour or day is bad when at least this share of its runs failed. */
const BAD_SHARE = 0.05;
const NONE: Cell = { level: "none", mode: null };

const LEVEL_OF: Readonly<Record<Status, Level>> = {
  up: "ok",
  degraded: "some",
  down: "bad",
  unknown: "unknown",
};

/** The last hour: a minute is as bad as its worst run. */
export function minuteCells(runs: readonly RunPoint[], now: number): Cells {
  return cellsOf({ length: MINUTES, unit: MINUTE_MS, now }, runs, {
    at: ({ scheduledAt }) => Date.parse(scheduledAt),
    cell: (those) => worstRun(those.filter(({ kind }) => kind === "scheduled")),
  });
}

function worstRun(runs: readonly RunPoint[]): Cell {
  const worst = WORST_FIRST.find((status) => runs.some((run) => effectiveStatus(run) === status));
  if (worst === undefined) return NONE;
  const run = runs.find((one) => effectiveStatus(one) === worst);
  return { level: LEVEL_OF[worst], mode: run?.failures[0]?.mode ?? null };
}

export function hourCells(hours: readonly HourRollup[], now: number): Cells {
  return cellsOf({ length: HOURS, unit: HOUR_MS, now }, hours, {
    at: ({ hour }) => Date.parse(hour),
    cell: (those) =>
      levelOfCounts(
        those.map(({ seen, notUp, modes }) => ({
          runs: seen.length,
          bad: notUp.down.length,
          degraded: notUp.degraded.length,
          unknown: notUp.unknown.length,
          modes,
        })),
      ),
  });
}

export function dayCells(days: readonly DayRow[], now: number): Cells {
  return cellsOf({ length: DAYS, unit: DAY_MS, now }, days, {
    at: ({ from }) => from,
    cell: (those) =>
      levelOfCounts(
        those.map(({ runs, counts, degraded, modes }) => ({
          runs,
          bad: counts.bad,
          degraded,
          unknown: counts.unknown,
          modes,
        })),
      ),
  });
}

/** Minutes that a cell may stand for, so that it begins where people expect it. */
const UNITS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1_440] as const;
const LONGEST_MINUTES = 1_440;

export interface RangeCells extends Cells {
  /** What a cell stands for. */
  readonly unitMinutes: number;
}

export interface CellRange {
  readonly from: number;
  readonly to: number;
  /** Most cells that there is room for. */
  readonly most: number;
}

/** Any stretch of time, from hours, which know their runs by the minute. */
export function rangeCells(
  hours: readonly HourRollup[],
  { from, to, most }: CellRange,
): RangeCells {
  const minutes = (to - from) / MINUTE_MS;
  const unitMinutes = UNITS.find((unit) => minutes / unit <= most) ?? LONGEST_MINUTES;
  const unit = unitMinutes * MINUTE_MS;
  // The last cell is the one that the range's last millisecond lies in.
  const now = Math.max(from, to - 1);
  const grid = { from, to, unit, first: Math.floor(from / unit) };
  const length = Math.floor(now / unit) - grid.first + 1;
  const slots = Array.from({ length }, (): Counts[] => []);
  for (const hour of hours) {
    for (const [slot, counts] of countsBySlot(hour, grid)) slots[slot]?.push(counts);
  }
  const start = grid.first * unit;
  return { from: start, to: start + length * unit, cells: slots.map(levelOfCounts), unitMinutes };
}

interface Slots {
  readonly from: number;
  readonly to: number;
  readonly unit: number;
  /** The number of the first slot, counted from the beginning of time. */
  readonly first: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Which of an hour's failures a repeat confirmed is not kept; when it was none, they were flaws. */
function countsBySlot(hour: HourRollup, { from, to, unit, first }: Slots) {
  const start = Date.parse(hour.hour);
  const down = new Set(hour.notUp.down);
  const degraded = new Set(hour.notUp.degraded);
  const unknown = new Set(hour.notUp.unknown);
  const failed = hour.effective.down === 0 ? "degraded" : "bad";
  const found = new Map<number, Mutable<Counts>>();
  for (const offset of hour.seen) {
    const at = start + offset;
    if (at < from || at >= to) continue;
    const slot = Math.floor(at / unit) - first;
    const counts = found.get(slot) ?? {
      runs: 0,
      bad: 0,
      degraded: 0,
      unknown: 0,
      modes: hour.modes,
    };
    found.set(slot, counts);
    counts.runs += 1;
    if (down.has(offset)) counts[failed] += 1;
    else if (degraded.has(offset)) counts.degraded += 1;
    else if (unknown.has(offset)) counts.unknown += 1;
  }
  return found;
}

interface Counts {
  readonly runs: number;
  readonly bad: number;
  readonly degraded: number;
  readonly unknown: number;
  readonly modes: Readonly<Record<string, number>>;
}

function levelOfCounts(all: readonly Counts[]): Cell {
  const sum = (value: (counts: Counts) => number) => all.reduce((n, one) => n + value(one), 0);
  const runs = sum((one) => one.runs);
  if (runs === 0) return NONE;
  const [bad, unknown] = [sum((one) => one.bad), sum((one) => one.unknown)];
  if (bad === 0 && unknown >= runs / 2) return { level: "unknown", mode: mostFrequent(all) };
  if (bad + sum((one) => one.degraded) === 0) return { level: "ok", mode: null };
  return { level: bad / runs >= BAD_SHARE ? "bad" : "some", mode: mostFrequent(all) };
}

function mostFrequent(all: readonly Counts[]): string | null {
  let [found, most]: [string | null, number] = [null, 0];
  for (const { modes } of all) {
    for (const [mode, runs] of Object.entries(modes)) {
      if (runs > most) [found, most] = [mode, runs];
    }
  }
  return found;
}

interface Grid {
  readonly length: number;
  readonly unit: number;
  readonly now: number;
}

interface Reading<T> {
  readonly at: (item: T) => number;
  readonly cell: (items: readonly T[]) => Cell;
}

function cellsOf<T>(
  { length, unit, now }: Grid,
  items: readonly T[],
  { at, cell }: Reading<T>,
): Cells {
  const to = (Math.floor(now / unit) + 1) * unit;
  const from = to - length * unit;
  const slots = new Map<number, T[]>();
  for (const item of items) {
    const slot = Math.floor((at(item) - from) / unit);
    if (slot < 0 || slot >= length) continue;
    const together = slots.get(slot);
    if (together === undefined) slots.set(slot, [item]);
    else together.push(item);
  }
  const cells = Array.from({ length }, (_, slot) => {
    const those = slots.get(slot);
    return those === undefined ? NONE : cell(those);
  });
  return { from, to, cells };
}
