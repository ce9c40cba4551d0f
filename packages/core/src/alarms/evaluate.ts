import type { AlarmSpec, AlarmStatistic, MetricSource } from "./alarm-spec.ts";
import { alarmExpression } from "./expression.ts";
import { type AlarmState, type Breach, decideState } from "./missing-data.ts";

/** One value of a metric. */
export interface MetricPoint {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly value: number;
}

/** The points of each metric, by {@link metricKey}. */
export type MetricPoints = ReadonlyMap<string, readonly MetricPoint[]>;

export interface Evaluation {
  readonly datapoints: MetricPoints;
  /** Epoch milliseconds; what came later is not looked at. */
  readonly now: number;
  /** By name, as the last evaluation left them; one that is not there is new. */
  readonly previous: ReadonlyMap<string, AlarmState>;
}

/** CloudWatch looks at a few periods more than it evaluates; how many it does not promise. */
const EXTRA_PERIODS = 2;

/** Whose points they are, whatever the statistic. */
export function metricKey({
  namespace,
  metric,
  dimensions,
}: Pick<MetricSource, "namespace" | "metric" | "dimensions">): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([namespace, metric, sorted]);
}

/**
 * The state of every alarm at `now`, by name, as CloudWatch would have it: whole periods that have
 * ended, M of N, its treatment of missing data, and the functions of metric math that our alarms use.
 */
export function evaluate(
  specs: readonly AlarmSpec[],
  evaluation: Evaluation,
): ReadonlyMap<string, AlarmState> {
  return new Map(specs.map((spec) => [spec.name, stateOf(spec, evaluation)]));
}

function stateOf(spec: AlarmSpec, { datapoints, now, previous }: Evaluation): AlarmState {
  const periodMs = spec.periodSeconds * 1_000;
  const count = spec.evaluationPeriods + EXTRA_PERIODS;
  const end = Math.floor(now / periodMs) * periodMs;
  const starts = Array.from({ length: count }, (_, n) => end - (count - n) * periodMs);
  const valuesOf = (source: MetricSource) => {
    const points = datapoints.get(metricKey(source)) ?? [];
    return starts.map((start) => aggregate(within(points, start, periodMs), source.statistic));
  };
  const breaches = valuesWatched(spec, valuesOf).map((value) =>
    value === null ? null : isPast(value, spec),
  );
  return decideState(breaches, spec, previous.get(spec.name) ?? "INSUFFICIENT_DATA");
}

function valuesWatched(
  { watch }: AlarmSpec,
  valuesOf: (source: MetricSource) => readonly (number | null)[],
): readonly (number | null)[] {
  if (watch.kind === "metric") return valuesOf(watch);
  const series = new Map(watch.sources.map((source) => [source.id, valuesOf(source)]));
  return alarmExpression(watch.expression, series);
}

function within(points: readonly MetricPoint[], start: number, periodMs: number): number[] {
  return points.filter(({ at }) => at >= start && at < start + periodMs).map(({ value }) => value);
}

/** Null for a period without a value. */
function aggregate(values: readonly number[], how: AlarmStatistic): number | null {
  if (values.length === 0) return null;
  if ("extendedStatistic" in how) return nearestRank(values, 0.95);
  switch (how.statistic) {
    case "Minimum":
      return Math.min(...values);
    case "Maximum":
      return Math.max(...values);
    case "Sum":
      return values.reduce((sum, value) => sum + value, 0);
    default:
      return how.statistic satisfies never;
  }
}

function nearestRank(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

function isPast(value: number, { comparison, threshold }: AlarmSpec): Breach {
  switch (comparison) {
    case "LessThanThreshold":
      return value < threshold;
    case "GreaterThanThreshold":
      return value > threshold;
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    default:
      return comparison satisfies never;
  }
}
