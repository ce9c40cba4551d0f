import type { Target, VigilConfig } from "../config/index.ts";
import { isFollowed } from "../gap/index.ts";
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

const GAPS = {
  DeployGap: "gap window",
  GapFault: "gap fault",
} as const satisfies Partial<Record<MetricName, string>>;

/** Sent only while a window is open: filled, a window of one minute is a block and not one dot. */
function gaps(target: string): readonly MetricEntry[] {
  return (Object.keys(GAPS) as (keyof typeof GAPS)[]).flatMap((metric) => {
    const [id, label] = [metric.toLowerCase(), GAPS[metric]];
    const look: MetricLook = { stat: "Maximum", label, id, visible: false };
    return [
      [METRIC_NAMESPACE, metric, "Target", target, look],
      [{ expression: `FILL(${id}, 0)`, label, yAxis: "right" }],
    ] satisfies MetricEntry[];
  });
}

/** Whether clients can use it; gap windows are drawn over that, on an axis of their own. */
export function usable(target: Target, { vantages }: VigilConfig): MetricProperties {
  const { name } = target;
  return {
    ...GRAPH,
    title: `${name}: usable`,
    region: vantages[0],
    metrics: [
      ...vantages.map((vantage) =>
        seenFrom("ProbeSuccess", { target: name, vantage, stat: "Minimum", label: vantage }),
      ),
      ...(isFollowed(target) ? gaps(name) : []),
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
