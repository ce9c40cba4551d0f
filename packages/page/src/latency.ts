import { HOUR_MS, type HourRollup, STEPS, type StepName, summarise } from "@vigil/core";
import { scaleLinear, scaleUtc } from "d3-scale";
import { line } from "d3-shape";
import { HOURS } from "./cells.ts";
import { milliseconds, stampText } from "./format.ts";
import { type Html, html, trusted } from "./html.ts";
import type { RunPoint } from "./model.ts";
import type { Moment } from "./parts.ts";
import { part, table } from "./table.ts";

const WIDTH = 960;
const HEIGHT = 220;
const EDGE = { left: 58, right: 8, top: 10, bottom: 24 };
const X_TICKS = 6;
const Y_TICKS = 4;

interface Point {
  readonly at: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** How long good runs took, by hour; then what their steps took. */
export function latencyPart(
  { hours, runs }: { readonly hours: readonly HourRollup[]; readonly runs: readonly RunPoint[] },
  moment: Moment,
): Html {
  const points = pointsOf(hours, moment.now);
  const isKnown = points.some(({ p50 }) => p50 !== null);
  return part(
    "latency",
    "Latency",
    isKnown
      ? html`<div class="scroll" tabindex="0" role="region" aria-label="Latency by hour">${chart(points, moment)}</div><p class="small"><span class="key-line p50" aria-hidden="true">━━</span> p50 <span class="key-line p95" aria-hidden="true">╍╍</span> p95 of good runs, by hour, over 48 hours. A probe each minute keeps one environment warm: this is warm latency.</p>`
      : html`<p class="empty">No run has been good in the last 48 hours.</p>`,
    stepTable(runs),
  );
}

function pointsOf(hours: readonly HourRollup[], now: number): readonly Point[] {
  const last = Math.floor(now / HOUR_MS) * HOUR_MS;
  return Array.from({ length: HOURS }, (_, index) => {
    const at = last - (HOURS - 1 - index) * HOUR_MS;
    const { p50Ms, p95Ms } = summarise(hours.filter(({ hour }) => Date.parse(hour) === at)).latency;
    return { at, p50: p50Ms, p95: p95Ms };
  });
}

function chart(points: readonly Point[], { timeZone }: Moment): Html {
  const from = points[0]?.at ?? 0;
  const to = (points.at(-1)?.at ?? 0) + HOUR_MS;
  const most = Math.max(1, ...points.map(({ p95 }) => p95 ?? 0));
  const x = scaleUtc([from, to], [EDGE.left, WIDTH - EDGE.right]);
  const y = scaleLinear([0, most], [HEIGHT - EDGE.bottom, EDGE.top]).nice(Y_TICKS);
  const draw = (of: (point: Point) => number | null) =>
    line<Point>()
      .defined((point) => of(point) !== null)
      .x((point) => round(x(point.at + HOUR_MS / 2)))
      .y((point) => round(y(of(point) ?? 0)))(points) ?? "";
  const grid = y.ticks(Y_TICKS).map((value) => {
    const top = round(y(value));
    return html`<path class="grid" d="M${EDGE.left} ${top}H${WIDTH - EDGE.right}"/><text x="${EDGE.left - 6}" y="${top + 4}" text-anchor="end">${milliseconds(value)}</text>`;
  });
  const times = x.ticks(X_TICKS).map((at) => {
    const text = stampText(at.getTime(), timeZone).slice(5, 16);
    return html`<text x="${round(x(at))}" y="${HEIGHT - 6}" text-anchor="middle">${text}</text>`;
  });
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${said(points)}">${grid}${times}<path class="p50" d="${trusted(draw(({ p50 }) => p50))}"/><path class="p95" d="${trusted(draw(({ p95 }) => p95))}"/></svg>`;
}

function said(points: readonly Point[]): string {
  const known = points.filter(({ p50 }) => p50 !== null);
  const range = (of: (point: Point) => number | null) => {
    const values = known.map((point) => of(point) ?? 0);
    return `${milliseconds(Math.min(...values))} to ${milliseconds(Math.max(...values))}`;
  };
  return `Latency by hour over 48 hours: p50 from ${range(({ p50 }) => p50)}, p95 from ${range(({ p95 }) => p95)}`;
}

interface StepRow {
  readonly step: StepName;
  readonly durations: readonly number[];
}

function stepTable(runs: readonly RunPoint[]): Html | null {
  const rows = STEPS.flatMap((step): readonly StepRow[] => {
    const durations = runs
      .flatMap(({ steps }) => steps.filter((one) => one.step === step && one.outcome === "ok"))
      .flatMap(({ durationMs }) => durationMs ?? [])
      .sort((a, b) => a - b);
    return durations.length === 0 ? [] : [{ step, durations }];
  });
  if (rows.length === 0) return null;
  return table({
    caption: "By step, of the last hour's runs in which it went well",
    rows,
    columns: [
      { head: "Step", cell: ({ step }) => step },
      { head: "Times", isNumber: true, cell: ({ durations }) => durations.length },
      { head: "p50", isNumber: true, cell: ({ durations }) => rank(durations, 0.5) },
      { head: "p95", isNumber: true, cell: ({ durations }) => rank(durations, 0.95) },
      { head: "Slowest", isNumber: true, cell: ({ durations }) => rank(durations, 1) },
    ],
  });
}

/** Nearest rank, of ascending values. */
function rank(values: readonly number[], share: number): Html {
  return milliseconds(values[Math.max(0, Math.ceil(share * values.length) - 1)] ?? null);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
