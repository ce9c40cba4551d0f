import { HOUR_MS, type HourRollup, STEPS, type StepName, summarise } from "@vigil/core";
import { scaleLinear, scaleUtc } from "d3-scale";
import { line } from "d3-shape";
import { HOURS, MINUTES } from "./cells.ts";
import { milliseconds, stampText } from "./format.ts";
import { type Html, html, trusted } from "./html.ts";
import type { RunPoint } from "./model.ts";
import type { Moment } from "./parts.ts";
import { part, table } from "./table.ts";

const WIDTH = 960;
const HEIGHT = 220;
const EDGE = { left: 58, right: 8, top: 10, bottom: 24 };
/** Fewer points than these make no line of hours. */
const MIN_HOURS = 3;
const MINUTE_MS = 60_000;
const X_TICKS = 6;
const Y_TICKS = 4;

interface Point {
  readonly at: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** How long good runs took; then what their steps took. */
export function latencyPart(measured: Measured, moment: Moment): Html {
  const { points, unit, unitMs, length } = seriesOf(measured, moment.now);
  const isKnown = points.some(({ p50 }) => p50 !== null);
  const over = `by ${unit}, over ${length} ${unit}s`;
  return part(
    "latency",
    "Latency",
    isKnown
      ? html`<div class="scroll" tabindex="0" role="region" aria-label="Latency by ${unit}">${chart({ points, unitMs, over }, moment)}</div><p class="small"><span class="key-line p50" aria-hidden="true">━━</span> p50 <span class="key-line p95" aria-hidden="true">╍╍</span> p95 of good runs, ${over}. A probe each minute keeps one environment warm: this is warm latency.</p>`
      : html`<p class="empty">No run has been good in the last 48 hours.</p>`,
    stepTable(measured.runs),
  );
}

interface Measured {
  /** Of the last 48 hours. */
  readonly hours: readonly HourRollup[];
  /** Of the last 60 minutes. */
  readonly runs: readonly RunPoint[];
}

interface Series {
  readonly points: readonly Point[];
  readonly unit: "minute" | "hour";
  readonly unitMs: number;
  readonly length: number;
}

/** By minute while too few hours are known to make a line. */
function seriesOf(measured: Measured, now: number): Series {
  const byHour = { unit: "hour", unitMs: HOUR_MS, length: HOURS } as const;
  const hours = slots(byHour, now).map((at) => {
    const those = measured.hours.filter(({ hour }) => Date.parse(hour) === at);
    const { p50Ms, p95Ms } = summarise(those).latency;
    return { at, p50: p50Ms, p95: p95Ms };
  });
  const known = hours.filter(({ p50 }) => p50 !== null).length;
  if (known === 0 || known >= MIN_HOURS) return { ...byHour, points: hours };
  const byMinute = { unit: "minute", unitMs: MINUTE_MS, length: MINUTES } as const;
  return { ...byMinute, points: slots(byMinute, now).map((at) => minuteOf(measured.runs, at)) };
}

function minuteOf(runs: readonly RunPoint[], at: number): Point {
  const durations = runs
    .filter(({ status, scheduledAt }) => {
      const isGood = status === "up" || status === "degraded";
      return isGood && Math.floor(Date.parse(scheduledAt) / MINUTE_MS) * MINUTE_MS === at;
    })
    .map(({ durationMs }) => durationMs)
    .sort((a, b) => a - b);
  return { at, p50: rank(durations, 0.5), p95: rank(durations, 0.95) };
}

/** When each begins, oldest first; the last one goes on. */
function slots({ unitMs, length }: Pick<Series, "unitMs" | "length">, now: number): number[] {
  const last = Math.floor(now / unitMs) * unitMs;
  return Array.from({ length }, (_, index) => last - (length - 1 - index) * unitMs);
}

interface Chart {
  readonly points: readonly Point[];
  readonly unitMs: number;
  readonly over: string;
}

function chart({ points, unitMs, over }: Chart, { timeZone }: Moment): Html {
  const from = points[0]?.at ?? 0;
  const to = (points.at(-1)?.at ?? 0) + unitMs;
  const most = Math.max(1, ...points.map(({ p95 }) => p95 ?? 0));
  const x = scaleUtc([from, to], [EDGE.left, WIDTH - EDGE.right]);
  const y = scaleLinear([0, most], [HEIGHT - EDGE.bottom, EDGE.top]).nice(Y_TICKS);
  const draw = (name: "p50" | "p95") => {
    const drawn = line<Point>()
      .defined((point) => point[name] !== null)
      .x((point) => round(x(point.at + unitMs / 2)))
      .y((point) => round(y(point[name] ?? 0)));
    const lone = points.filter((_, n) => isLone(points, n));
    return html`<path class="${name}" d="${trusted(drawn(points) ?? "")}"/>${lone.map(
      (point) => html`<path class="${name} lone" d="${trusted(drawn([point]) ?? "")}"/>`,
    )}`;
  };
  const grid = y.ticks(Y_TICKS).map((value) => {
    const top = round(y(value));
    return html`<path class="grid" d="M${EDGE.left} ${top}H${WIDTH - EDGE.right}"/><text x="${EDGE.left - 6}" y="${top + 4}" text-anchor="end">${milliseconds(value)}</text>`;
  });
  const times = x.ticks(X_TICKS).map((at) => {
    const text = stampText(at.getTime(), timeZone).slice(5, 16);
    return html`<text x="${round(x(at))}" y="${HEIGHT - 6}" text-anchor="middle">${text}</text>`;
  });
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${said(points, over)}">${grid}${times}${draw("p50")}${draw("p95")}</svg>`;
}

/** A point without neighbours would be a line without length. */
function isLone(points: readonly Point[], n: number): boolean {
  const isKnown = (index: number) => (points[index]?.p50 ?? null) !== null;
  return isKnown(n) && !isKnown(n - 1) && !isKnown(n + 1);
}

function said(points: readonly Point[], over: string): string {
  const known = points.filter(({ p50 }) => p50 !== null);
  const range = (of: (point: Point) => number | null) => {
    const values = known.map((point) => of(point) ?? 0);
    return `${milliseconds(Math.min(...values))} to ${milliseconds(Math.max(...values))}`;
  };
  return `Latency ${over}: p50 from ${range(({ p50 }) => p50)}, p95 from ${range(({ p95 }) => p95)}`;
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
      { head: "p50", isNumber: true, cell: ({ durations }) => milliseconds(rank(durations, 0.5)) },
      { head: "p95", isNumber: true, cell: ({ durations }) => milliseconds(rank(durations, 0.95)) },
      {
        head: "Slowest",
        isNumber: true,
        cell: ({ durations }) => milliseconds(rank(durations, 1)),
      },
    ],
  });
}

/** Nearest rank, of ascending values. */
function rank(values: readonly number[], share: number): number | null {
  return values[Math.max(0, Math.ceil(share * values.length) - 1)] ?? null;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
