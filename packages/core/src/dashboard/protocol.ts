import type { Target, VigilConfig } from "../config/index.ts";
import { METRIC_NAMESPACE, type MetricName } from "../metrics/index.ts";
import {
  FROM_ZERO,
  GRAPH,
  type MetricEntry,
  type MetricLook,
  type MetricProperties,
} from "./widget.ts";

interface Seen extends MetricLook {
  readonly target: string;
  readonly vantage: string;
}

/** One metric of one target, as one vantage has it. */
export function seenFrom(metric: MetricName, seen: Seen): MetricEntry {
  const { target, vantage, stat, label } = seen;
  return [METRIC_NAMESPACE, metric, "Target", target, "Vantage", vantage, { stat, label }];
}

/** Whether clients can use it; a gap window is drawn over that, on an axis of its own. */
export function usable({ name }: Target, { vantages }: VigilConfig): MetricProperties {
  const gap: MetricLook = { stat: "Maximum", label: "gap window", yAxis: "right" };
  return {
    ...GRAPH,
    title: `${name}: usable`,
    region: vantages[0],
    metrics: [
      ...vantages.map((vantage) =>
        seenFrom("ProbeSuccess", { target: name, vantage, stat: "Minimum", label: vantage }),
      ),
      [METRIC_NAMESPACE, "DeployGap", "Target", name, gap],
    ],
    yAxis: { left: { ...FROM_ZERO, max: 1 }, right: { ...FROM_ZERO, max: 1 } },
  };
}

const DURATIONS = {
  ProbeDuration: "probe",
  InitializeDuration: "initialize",
  ToolCallDuration: "tool call",
} as const satisfies Partial<Record<MetricName, string>>;

/** What clients wait for; null in the profile that does not publish it. */
export function durations(
  { name, slowMs, sentinels }: Target,
  { vantages, profile }: VigilConfig,
): MetricProperties | null {
  if (profile === "lean") return null;
  const shown = (Object.keys(DURATIONS) as (keyof typeof DURATIONS)[]).filter(
    (metric) => metric !== "ToolCallDuration" || sentinels.length > 0,
  );
  const metrics = vantages.flatMap((vantage) =>
    shown.map((metric) => {
      const label = vantages.length > 1 ? `${DURATIONS[metric]} ${vantage}` : DURATIONS[metric];
      return seenFrom(metric, { target: name, vantage, stat: "p95", label });
    }),
  );
  return {
    ...GRAPH,
    title: `${name}: what clients wait, p95`,
    region: vantages[0],
    metrics,
    yAxis: { left: { ...FROM_ZERO, label: "ms" } },
    annotations: { horizontal: [{ label: "slowMs", value: slowMs }] },
  };
}
