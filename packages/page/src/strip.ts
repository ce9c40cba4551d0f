import type { Deployment, GapRecord } from "@vigil/core";
import { scaleLinear } from "d3-scale";
import type { Cell, Cells, Level } from "./cells.ts";
import { plural, stampText } from "./format.ts";
import { type Html, html, trusted } from "./html.ts";
import { groupClass } from "./looks.ts";

/** A cell and the space after it, in the picture's own units. */
const CELL = 4;
const HEIGHT = 20;
/** Taller is worse: the shape says what the colour says. */
const BAR: Readonly<Record<Level, number>> = { none: 1, ok: 6, unknown: 9, some: 11, bad: 16 };
const CLASS: Readonly<Record<Level, string>> = {
  none: "l-none",
  ok: "l-ok",
  unknown: "l-unknown",
  some: "l-some",
  bad: "l-bad",
};

export interface StripInput {
  /** `the last 60 minutes`, and what a cell is. */
  readonly what: string;
  readonly unit: string;
  readonly grid: Cells;
  readonly gaps: readonly GapRecord[];
  readonly deployments: readonly Deployment[];
  readonly now: number;
  readonly timeZone: string;
}

/** A timeline as a picture that also says what it shows. */
export function strip(input: StripInput): Html {
  const { cells } = input.grid;
  const width = cells.length * CELL;
  return html`<svg class="strip" viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${said(input)}">${shades(input)}${bars(cells)}${marks(input)}</svg>`;
}

/** Cells of one look are one path, each stretch of them one line that is dashed into cells. */
function bars(cells: readonly Cell[]): readonly Html[] {
  const looks = new Map<string, Look>();
  for (let start = 0; start < cells.length; ) {
    const cell = cells[start];
    if (cell === undefined) break;
    const key = keyOf(cell);
    let end = start + 1;
    while (end < cells.length && keyOf(cells[end]) === key) end += 1;
    looks.set(key, withStretch(looks.get(key), { cell, start, end }));
    start = end;
  }
  return [...looks.values()].map(bar);
}

interface Look {
  readonly cell: Cell;
  readonly path: string;
  /** Cells. */
  readonly count: number;
  /** Where the path has come to. */
  readonly end: number;
}

interface Stretch {
  readonly cell: Cell;
  readonly start: number;
  readonly end: number;
}

/** Relative to where the path has come to: a hundred targets that flap have many of these. */
function withStretch(look: Look | undefined, { cell, start, end }: Stretch): Look {
  const line = `h${(end - start) * CELL}`;
  if (look === undefined) {
    const top = HEIGHT - BAR[cell.level] / 2;
    return { cell, path: `M${start * CELL} ${top}${line}`, count: end - start, end };
  }
  const path = `${look.path}m${(start - look.end) * CELL} 0${line}`;
  return { cell, path, count: look.count + end - start, end };
}

function bar({ cell: { level, mode }, path, count }: Look): Html {
  if (mode === null) return html`<path class="${CLASS[level]}" d="${trusted(path)}"/>`;
  return html`<path class="${CLASS[level]} ${groupClass(mode)}" d="${trusted(path)}"><title>${mode} ×${count}</title></path>`;
}

function keyOf(cell: Cell | undefined): string {
  return `${cell?.level} ${cell?.mode}`;
}

function scaleOf({ from, to, cells }: Cells) {
  return scaleLinear([from, to], [0, cells.length * CELL]).clamp(true);
}

function shades({ grid, gaps, now, timeZone }: StripInput): readonly Html[] {
  const x = scaleOf(grid);
  return gaps.flatMap((gap) => {
    const [from, to] = endsOf(gap, now);
    if (!(to >= grid.from && from < grid.to)) return [];
    const left = x(from);
    const width = Math.max(1, x(to) - left);
    return [
      html`<rect class="gap" x="${round(left)}" y="0" width="${round(width)}" height="${HEIGHT}"><title>${gapText(gap, timeZone)}</title></rect>`,
    ];
  });
}

function marks({ grid, deployments, timeZone }: StripInput): readonly Html[] {
  const x = scaleOf(grid);
  return deployments.flatMap(({ at, to }) => {
    const time = Date.parse(at);
    if (!(time >= grid.from && time < grid.to)) return [];
    const left = round(x(time));
    return [
      html`<path class="deploy" d="M${left} ${HEIGHT}V4l-2-4h4l-2 4"><title>deployed ${to.version} at ${stampText(at, timeZone)}</title></path>`,
    ];
  });
}

function endsOf(gap: GapRecord, now: number): readonly [number, number] {
  return [Date.parse(gapStart(gap)), gap.end === null ? now : Date.parse(gap.end.notAfter)];
}

/** As early as it may have begun: what is shaded leaves no part of it out. */
export function gapStart({ start, openedAt }: GapRecord): string {
  return start.notBefore ?? openedAt;
}

function gapText(gap: GapRecord, timeZone: string): string {
  const end = gap.end === null ? "still open" : `to ${stampText(gap.end.notAfter, timeZone)}`;
  return `gap window from ${stampText(gapStart(gap), timeZone)}, ${end}: ${gap.exposure}`;
}

/** The same in words, for who cannot see it. */
function said({ what, unit, grid, gaps, deployments, now }: StripInput): string {
  const { cells, from, to } = grid;
  const of = (level: Level) => cells.filter((cell) => cell.level === level).length;
  const modes = [...new Set(cells.flatMap(({ mode }) => mode ?? []))].slice(0, 5);
  const windows = gaps.filter((gap) => overlaps(endsOf(gap, now), { from, to })).length;
  const deployed = deployments.filter(
    ({ at }) => Date.parse(at) >= from && Date.parse(at) < to,
  ).length;
  const parts = [
    [of("ok"), "without failures"],
    [of("some"), "with some failures"],
    [of("bad"), "bad"],
    [of("unknown"), "unknown"],
    [of("none"), "without runs"],
  ] as const;
  const told = [
    ...parts.filter(([n]) => n > 0).map(([n, text]) => `${n} ${text}`),
    ...(windows > 0 ? [plural(windows, "gap window")] : []),
    ...(deployed > 0 ? [plural(deployed, "deployment")] : []),
  ];
  const why = modes.length === 0 ? "" : `; ${modes.join(", ")}`;
  return `${what}, by ${unit}: ${told.join(", ")}${why}`;
}

function overlaps(
  [start, end]: readonly [number, number],
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  return end >= from && start < to;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
