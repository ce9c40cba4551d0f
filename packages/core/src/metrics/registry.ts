import type { Profile } from "../config/index.ts";

/** The namespace of every metric that Vigil sends. */
export const METRIC_NAMESPACE = "Vigil";

/** CloudWatch's own words for units. */
export type MetricUnit = "Count" | "Milliseconds" | "None";
export type DimensionName = "Target" | "Vantage";

export interface MetricDefinition {
  readonly unit: MetricUnit;
  /** Each set of dimension values is one metric on the bill. */
  readonly dimensions: readonly DimensionName[];
  /** The leanest profile that pays for it. */
  readonly profile: Profile;
  /** Sent only when it is not zero: CloudWatch bills a metric for the hours in which it is sent. */
  readonly onlyWhenNotZero: boolean;
  /** What one value says. */
  readonly title: string;
  /** In which minutes one is sent. */
  readonly sent: string;
}

/** Every metric, defined once: for the publisher, the alarms, the dashboard and the bill. */
export const METRICS = {
  ProbeSuccess: {
    unit: "None",
    dimensions: ["Target", "Vantage"],
    profile: "lean",
    onlyWhenNotZero: false,
    title: "1 when a client can use the server, 0 on a confirmed failure; none when unknown",
    sent: "every minute whose run could judge the target",
  },
  ProbeDuration: {
    unit: "Milliseconds",
    dimensions: ["Target", "Vantage"],
    profile: "standard",
    onlyWhenNotZero: false,
    title: "connect, negotiate, list the tools and call the sentinels, in a usable run",
    sent: "every minute whose run found the target usable",
  },
  InitializeDuration: {
    unit: "Milliseconds",
    dimensions: ["Target", "Vantage"],
    profile: "standard",
    onlyWhenNotZero: false,
    title: "initialize (or server/discover), of two eras the slower",
    sent: "every minute whose run found the target usable",
  },
  ToolCallDuration: {
    unit: "Milliseconds",
    dimensions: ["Target", "Vantage"],
    profile: "standard",
    onlyWhenNotZero: false,
    title: "the slowest sentinel's call",
    sent: "every minute whose run called a sentinel of a usable target to its end",
  },
  TargetsProbed: {
    unit: "Count",
    dimensions: ["Vantage"],
    profile: "lean",
    onlyWhenNotZero: false,
    title: "targets that a vantage has a run of, each minute: its heartbeat",
    sent: "every minute",
  },
  DeployGap: {
    unit: "Count",
    dimensions: ["Target"],
    profile: "lean",
    onlyWhenNotZero: true,
    title: "1 while a deployment's gap window is open",
    sent: "minutes in which a gap window is open",
  },
  GapFault: {
    unit: "Count",
    dimensions: ["Target"],
    profile: "lean",
    onlyWhenNotZero: true,
    title: "1 while an open gap window is past its allowance, or its allocation failed",
    sent: "minutes in which such a window is open",
  },
  ProbeUnknown: {
    unit: "Count",
    dimensions: ["Vantage"],
    profile: "lean",
    onlyWhenNotZero: true,
    title: "runs that could not judge their target, by the monitor's own or its credentials' fault",
    sent: "minutes with such a run",
  },
  SinkFailures: {
    unit: "Count",
    dimensions: ["Vantage"],
    profile: "lean",
    onlyWhenNotZero: true,
    title: "calls of history, metrics, spill queue or pager that failed after their retries",
    sent: "minutes with such a call, or with the next metrics that arrive",
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

/** Whether a profile sends a metric. */
export function isPaidFor(metric: MetricName, profile: Profile): boolean {
  return METRICS[metric].profile === "lean" || profile === "standard";
}
