import type { Profile } from "../config/index.ts";
import type { RecordedStep, RunRecord } from "../verdict.ts";
import { effectiveStatus } from "../verdict-order.ts";
import {
  type DimensionName,
  isPaidFor,
  METRICS,
  type MetricName,
  type MetricUnit,
} from "./registry.ts";

/** One value of one metric, as it is sent. */
export interface Datapoint {
  readonly metric: MetricName;
  readonly unit: MetricUnit;
  readonly value: number;
  /** ISO 8601: the minute that the value stands for. */
  readonly at: string;
  readonly dimensions: Readonly<Partial<Record<DimensionName, string>>>;
}

/**
 * What one run says in metrics. Only scheduled runs speak: a burst's or a hand's would count a
 * minute twice. A run that could not judge says nothing of its target.
 */
export function datapointsOf(record: RunRecord, profile: Profile): readonly Datapoint[] {
  const status = effectiveStatus(record);
  if (record.kind !== "scheduled" || status === "unknown") return [];
  const values: Partial<Record<MetricName, number | null>> = {
    ProbeSuccess: status === "down" ? 0 : 1,
    // A failure's duration is how long it took to fail, which is no latency.
    ...(record.status === "down" ? {} : durationsOf(record)),
  };
  const { scheduledAt: at, target, vantage } = record;
  return (Object.entries(values) as [MetricName, number | null][]).flatMap(([metric, value]) =>
    value === null || !isPaidFor(metric, profile)
      ? []
      : [datapoint(metric, value, { at, dimensions: { Target: target, Vantage: vantage } })],
  );
}

function durationsOf({ durationMs, steps }: RunRecord): Partial<Record<MetricName, number | null>> {
  return {
    ProbeDuration: durationMs,
    InitializeDuration: slowest(steps, "negotiate"),
    ToolCallDuration: slowest(steps, "callTool"),
  };
}

/** Null when no such step was taken to its end. */
function slowest(steps: readonly RecordedStep[], name: RecordedStep["step"]): number | null {
  const durations = steps.flatMap(({ step, outcome, durationMs }) =>
    step === name && outcome === "ok" && durationMs !== null ? [durationMs] : [],
  );
  return durations.length === 0 ? null : Math.max(...durations);
}

export interface MinuteCounts {
  readonly vantage: string;
  /** ISO 8601. */
  readonly at: string;
  /** Targets that got a run, whatever it said; null outside a minute's run, which is no heartbeat. */
  readonly probed: number | null;
  readonly unknown: number;
  readonly sinkFailures: number;
}

/** What a vantage says of itself: its heartbeat, once a minute, and its troubles if it has any. */
export function vantageDatapoints({ vantage, at, ...counts }: MinuteCounts): readonly Datapoint[] {
  const values: Partial<Record<MetricName, number | null>> = {
    TargetsProbed: counts.probed,
    ProbeUnknown: counts.unknown,
    SinkFailures: counts.sinkFailures,
  };
  return (Object.entries(values) as [MetricName, number | null][]).flatMap(([metric, value]) =>
    value === null || (METRICS[metric].onlyWhenNotZero && value === 0)
      ? []
      : [datapoint(metric, value, { at, dimensions: { Vantage: vantage } })],
  );
}

function datapoint(
  metric: MetricName,
  value: number,
  rest: Pick<Datapoint, "at" | "dimensions">,
): Datapoint {
  return { metric, unit: METRICS[metric].unit, value, ...rest };
}
