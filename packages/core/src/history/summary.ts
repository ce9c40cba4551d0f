import { STATUSES, type Status } from "../failure-modes.ts";
import { type LatencyHistogram, mergeHistograms, percentileOf } from "./histogram.ts";
import { type HourRollup, NOT_UP } from "./rollup.ts";

export interface LatencySummary {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly slowestMs: number | null;
}

/** Any number of rollups taken together, of whichever hours and vantages. */
export interface RollupSummary {
  readonly runs: number;
  /** By what the first attempt found. */
  readonly first: Readonly<Record<Status, number>>;
  /** By what the run says, repeats considered. */
  readonly effective: Readonly<Record<Status, number>>;
  /** Runs by failure mode, most frequent first. */
  readonly modes: Readonly<Record<string, number>>;
  readonly runsInGap: number;
  /** Of good first attempts. */
  readonly latency: LatencySummary;
}

export function summarise(rollups: readonly HourRollup[]): RollupSummary {
  const runs = sumOf(rollups, ({ seen }) => seen.length);
  const notUp = Object.fromEntries(
    NOT_UP.map((status) => [status, sumOf(rollups, (rollup) => rollup.notUp[status].length)]),
  ) as Record<(typeof NOT_UP)[number], number>;
  return {
    runs,
    first: { up: runs - notUp.degraded - notUp.down - notUp.unknown, ...notUp },
    effective: Object.fromEntries(
      STATUSES.map((status) => [status, sumOf(rollups, ({ effective }) => effective[status])]),
    ) as Record<Status, number>,
    modes: mostFrequentFirst(rollups),
    runsInGap: sumOf(rollups, ({ inGap }) => inGap.length),
    latency: latencyOf(rollups),
  };
}

function latencyOf(rollups: readonly HourRollup[]): LatencySummary {
  const histogram = mergeHistograms(rollups.map(({ latency }) => latency));
  const slowestMs = rollups.reduce<number | null>(
    (slowest, rollup) =>
      rollup.slowestMs === null ? slowest : Math.max(slowest ?? 0, rollup.slowestMs),
    null,
  );
  const read = (percent: number) => readPercentile(histogram, percent, slowestMs);
  return { p50Ms: read(50), p95Ms: read(95), p99Ms: read(99), slowestMs };
}

/** A bucket's middle may lie beyond the slowest sample, which is known exactly. */
function readPercentile(
  histogram: LatencyHistogram,
  percent: number,
  slowestMs: number | null,
): number | null {
  const value = percentileOf(histogram, percent);
  return value === null ? null : Math.round(Math.min(value, slowestMs ?? value) * 10) / 10;
}

function mostFrequentFirst(rollups: readonly HourRollup[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { modes } of rollups) {
    for (const [mode, runs] of Object.entries(modes)) {
      counts.set(mode, (counts.get(mode) ?? 0) + runs);
    }
  }
  const sorted = [...counts].sort(([a, runsA], [b, runsB]) => runsB - runsA || (a < b ? -1 : 1));
  return Object.fromEntries(sorted);
}

function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
