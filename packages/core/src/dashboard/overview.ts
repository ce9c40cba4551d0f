import type { VigilConfig } from "../config/index.ts";
import { METRIC_NAMESPACE, type MetricName } from "../metrics/index.ts";
import type { AlarmStates } from "./alarm-states.ts";
import { alarmRows } from "./alarm-states.ts";
import { seenFrom } from "./protocol.ts";
import {
  FROM_ZERO,
  GRAPH,
  graphs,
  type MetricEntry,
  type MetricLook,
  type MetricProperties,
  type Row,
  type Section,
} from "./widget.ts";

/** CloudWatch takes 500, which nobody can tell apart. */
const MAX_METRICS_A_WIDGET = 50;

/** The state of all, each part small enough for any dashboard. */
export function overviewSections(config: VigilConfig, alarms: AlarmStates): readonly Section[] {
  const own = alarms.filter(({ target }) => target === null);
  const others = alarms.filter(({ target }) => target !== null);
  const rows = [
    ...alarmRows("Targets", others),
    ...alarmRows("The monitor itself", own),
    graphs(6, probed(config), troubles(config)),
    ...allTargets(config),
  ];
  return rows.map((row) => ({ target: null, rows: [row] }));
}

function probed({ vantages, targets }: VigilConfig): MetricProperties {
  return {
    ...GRAPH,
    title: `Heartbeat: targets probed, of ${targets.length}`,
    region: vantages[0],
    metrics: vantages.map((vantage) => ofVantage("TargetsProbed", { vantage, label: vantage })),
    yAxis: { left: FROM_ZERO },
  };
}

function troubles({ vantages }: VigilConfig): MetricProperties {
  return {
    ...GRAPH,
    title: "Runs that could not be judged, and writes that failed",
    region: vantages[0],
    metrics: vantages.flatMap((vantage) => [
      ofVantage("ProbeUnknown", { vantage, label: `${vantage} unknown` }),
      ofVantage("SinkFailures", { vantage, label: `${vantage} sinks` }),
    ]),
    yAxis: { left: FROM_ZERO },
  };
}

function ofVantage(
  metric: MetricName,
  { vantage, label }: { readonly vantage: string; readonly label: string },
): MetricEntry {
  const look: MetricLook = { stat: "Sum", label };
  return [METRIC_NAMESPACE, metric, "Vantage", vantage, look];
}

/** Every target's availability and, where it is paid for, its latency, fifty to a graph. */
function allTargets(config: VigilConfig): readonly Row[] {
  const { vantages, targets, profile } = config;
  const [home] = vantages;
  const seen = targets.flatMap(({ name }) =>
    vantages.map((vantage) => ({
      target: name,
      vantage,
      label: vantages.length > 1 ? `${name} ${vantage}` : name,
    })),
  );
  const count = Math.ceil(seen.length / MAX_METRICS_A_WIDGET);
  return Array.from({ length: count }, (_, n) => {
    const group = seen.slice(n * MAX_METRICS_A_WIDGET, (n + 1) * MAX_METRICS_A_WIDGET);
    const part = count > 1 ? ` (${n + 1} of ${count})` : "";
    const usable: MetricProperties = {
      ...GRAPH,
      title: `Usable${part}`,
      region: home,
      metrics: group.map((one) => seenFrom("ProbeSuccess", { ...one, stat: "Minimum" })),
      yAxis: { left: { ...FROM_ZERO, max: 1 } },
    };
    const slow: MetricProperties = {
      ...GRAPH,
      title: `Duration of a probe, p95${part}`,
      region: home,
      metrics: group.map((one) => seenFrom("ProbeDuration", { ...one, stat: "p95" })),
      yAxis: { left: { ...FROM_ZERO, label: "ms" } },
    };
    return graphs(6, usable, profile === "standard" ? slow : null);
  });
}
