import type { Severity, Target, VigilConfig } from "../config/index.ts";
import { METRIC_NAMESPACE, type MetricName } from "../metrics/index.ts";
import type { AlarmSpec, AlarmStatistic, MetricSource } from "./alarm-spec.ts";
import { runbookOf } from "./runbooks.ts";

const MINUTE_SECONDS = 60;
/** CloudWatch takes no more metrics in one alarm's expression. */
const MAX_ALARM_METRICS = 10;

/** The alarms of one target: it is down as one vantage sees it; it is slow as any sees it. */
export function targetAlarms(target: Target, { vantages, profile }: VigilConfig): AlarmSpec[] {
  const [home] = vantages;
  const down = vantages.map((vantage) => downAlarm(target, { vantage, home }));
  return profile === "lean" ? down : [...down, ...slowAlarms(target, vantages)];
}

function downAlarm(target: Target, at: { vantage: string; home: string }): AlarmSpec {
  const { name, severity } = target;
  return {
    name: `${name}-${at.vantage}-down`,
    title: `${name} is down from ${at.vantage}`,
    meaning: `No client can use ${name}, as ${at.vantage} sees it: a failed probe whose repeats failed too.`,
    severity,
    region: at.home,
    profile: "lean",
    watch: {
      kind: "metric",
      ...seen("ProbeSuccess", { name, vantage: at.vantage, statistic: { statistic: "Minimum" } }),
    },
    periodSeconds: MINUTE_SECONDS,
    datapointsToAlarm: 1,
    evaluationPeriods: 1,
    comparison: "LessThanThreshold",
    threshold: 1,
    // A minute that could not be judged neither rings nor ends it; silence is the heartbeat's.
    missingData: "ignore",
    action: "pager",
    target: name,
    vantage: at.vantage,
    runbook: target.runbook ?? runbookOf("down"),
    dedupeKey: `target/${name}/down`,
  };
}

/** One alarm, unless there are more vantages than one may look at. */
function slowAlarms(target: Target, vantages: VigilConfig["vantages"]): AlarmSpec[] {
  const count = Math.ceil(vantages.length / MAX_ALARM_METRICS);
  return Array.from({ length: count }, (_, n) => {
    const group = vantages.slice(n * MAX_ALARM_METRICS, (n + 1) * MAX_ALARM_METRICS);
    const suffix = n === 0 ? "" : `-${n + 1}`;
    return slowAlarm(target, { group, home: vantages[0], suffix });
  });
}

interface SlowGroup {
  readonly group: readonly string[];
  readonly home: string;
  readonly suffix: string;
}

function slowAlarm(target: Target, { group, home, suffix }: SlowGroup): AlarmSpec {
  const { name, severity, slowMs } = target;
  const statistic = { extendedStatistic: "p95" } as const;
  const sources = group.map((vantage) => seen("ProbeDuration", { name, vantage, statistic }));
  const [only] = sources;
  return {
    name: `${name}-slow${suffix}`,
    title: `${name} is slow`,
    meaning: `${name} can be used, but a whole probe of it takes over ${slowMs} ms, its slowMs, in 3 of 5 minutes.`,
    severity: atMostWarning(severity),
    region: home,
    profile: "standard",
    watch:
      sources.length === 1 && only !== undefined
        ? { kind: "metric", ...only }
        : {
            kind: "math",
            expression: `MAX([${sources.map((_, n) => `m${n}`).join(", ")}])`,
            sources: sources.map((source, n) => ({ id: `m${n}`, ...source })),
          },
    periodSeconds: MINUTE_SECONDS,
    datapointsToAlarm: 3,
    evaluationPeriods: 5,
    comparison: "GreaterThanThreshold",
    threshold: slowMs,
    missingData: "notBreaching",
    action: "monitor",
    target: name,
    vantage: null,
    runbook: target.runbook ?? runbookOf("slow"),
    dedupeKey: `target/${name}/slow`,
  };
}

function atMostWarning(severity: Severity): Severity {
  return severity === "critical" ? "warning" : severity;
}

interface Seen {
  readonly name: string;
  readonly vantage: string;
  readonly statistic: AlarmStatistic;
}

function seen(metric: MetricName, { name, vantage, statistic }: Seen): MetricSource {
  const dimensions = { Target: name, Vantage: vantage };
  return { namespace: METRIC_NAMESPACE, metric, dimensions, statistic };
}
