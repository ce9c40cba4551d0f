import type { Period } from "@vigil/core";
import type { Palette } from "./palette.ts";
import type { Stretch } from "./period-rows.ts";
import { formatCount, formatShare } from "./shares.ts";
import { tableText } from "./table.ts";
import { formatDuration, formatTimestamp, type ZoneOffset } from "./time.ts";

/** Modes that a row has room for. */
const SHOWN_MODES = 3;

export interface PeriodTableOptions {
  readonly by: Period;
  readonly palette: Palette;
  readonly offset?: ZoneOffset;
}

/** One row for each hour or day, in the order given; hours in the machine's own time, days in UTC. */
export function periodTable(
  rows: readonly Stretch[],
  { by, palette, offset }: PeriodTableOptions,
): string {
  return tableText({
    columns: [
      [by === "day" ? "day (UTC)" : "hour", "left"],
      ["uptime", "right"],
      ["runs", "right"],
      ["bad", "right"],
      ["unknown", "right"],
      ["p50", "right"],
      ["p95", "right"],
      ["slowest", "right"],
      ["coverage", "right"],
      ["modes", "left"],
    ],
    rows: rows.map((row) => [
      by === "day"
        ? new Date(row.window.from).toISOString().slice(0, 10)
        : formatHour(row.window.from, offset),
      ...numbers(row, palette),
      modes(row),
    ]),
    paintHead: palette.faint,
  });
}

/** `2026-11-22 09:00 +01:00`. */
function formatHour(epochMs: number, offset: ZoneOffset | undefined): string {
  return formatTimestamp(epochMs, offset).replace(/:\d\d /u, " ");
}

function numbers({ counts, summary, coverage }: Stretch, palette: Palette): readonly string[] {
  const { good, bad, unknown } = counts.raw;
  const { p50Ms, p95Ms, slowestMs } = summary.latency;
  const uptime = formatShare(good, good + bad);
  const none = (n: number) => (n === 0 ? "" : formatCount(n));
  return [
    paintOf({ good, bad }, palette)(uptime),
    formatCount(summary.runs),
    none(bad),
    none(unknown),
    ...[p50Ms, p95Ms, slowestMs].map((ms) => (ms === null ? "-" : formatDuration(ms))),
    formatShare(coverage.coveredMs, coverage.elapsedMs),
  ];
}

function paintOf(
  { good, bad }: { readonly good: number; readonly bad: number },
  { status, faint }: Palette,
): (text: string) => string {
  if (good + bad === 0) {
    return faint;
  }
  if (bad === 0) {
    return status.up;
  }
  return good === 0 ? status.down : status.degraded;
}

function modes({ summary, counts }: Stretch): string {
  if (summary.runs === 0) {
    return "no runs";
  }
  const all = Object.entries(summary.modes).map(([mode, runs]) => `${mode} ${formatCount(runs)}`);
  const more = all.length - SHOWN_MODES;
  const inGap = summary.runsInGap === 0 ? [] : [`(${formatCount(summary.runsInGap)} in a gap)`];
  const shown = all.slice(0, SHOWN_MODES).join(", ");
  return [shown, ...(more > 0 ? [`+ ${more}`] : []), ...(counts.raw.bad > 0 ? inGap : [])]
    .filter((part) => part !== "")
    .join(" ");
}
