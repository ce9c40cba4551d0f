import {
  type AlarmSpec,
  alarmSpecs,
  capacity,
  isPaidFor,
  METRIC_NAMES,
  METRIC_NAMESPACE,
  METRICS,
  type MetricDefinition,
  type MetricName,
  type MetricSource,
  PRICES,
  parseConfig,
} from "@vigil/core";
import { PROMETHEUS, type PrometheusMetric } from "./status/prometheus-registry.ts";

/** Where the page lives, from the repository's root. */
export const METRICS_PATH = "docs/metrics.md";

const INTRO = `# Metrics

<!-- Generated from packages/core/src/metrics and packages/cli/src/status/prometheus-registry.ts by
     \`npm run docs\`: edit there. -->

## CloudWatch

A deployed Vigil sends these to the namespace \`${METRIC_NAMESPACE}\`, in home's region, whichever vantage a run is from.
A value stands for the minute of its run. Of a target only scheduled runs speak: none made by hand, and none
of a burst. What could not be sent is sent later, while it is less than three hours old; heartbeats are not.
`;

const COST = `Each set of dimension values is one metric on the bill, $${PRICES.customMetric.usd.toFixed(2)} a month. CloudWatch bills
a metric for the hours in which it is sent, so what is sent only when not zero costs $${hourly()} in
such an hour, and nothing while all is well. Whole bills, with requests and alarms: [cost.md](cost.md), or
\`vigil cost\` for your config.

Absence is meant: a run that could not judge its target sends no success and no failure, a failure sends no
duration, and a metric that is sent only when not zero is missing while it is zero. In metric math, \`FILL(m, 0)\`.
`;

const ALARMS_INTRO = `### What the alarms look at

What each alarm means and asks for: [alarms.md](alarms.md). Metrics of AWS's own are free.
`;

const PROMETHEUS_INTRO = `## Prometheus

\`vigil watch\` serves these at \`/metrics\` of the [status page](status-page.md); rules and panels that use them are in
[recipes.md](recipes.md). Times are in seconds. Beside them stand what the client library says of the process:
\`process_…\` and \`nodejs_…\`.
`;

/** The text of docs/metrics.md. */
export function metricsMarkdown(): string {
  return [
    INTRO,
    ...table(
      ["Metric", "Unit", "Dimensions", "Profiles", "Sent in", "One value says", "Alarms"],
      METRIC_NAMES.map(metricCells),
    ),
    COST,
    ALARMS_INTRO,
    ...table(["Alarm", "Metrics", "Statistic"], watched(everyAlarm())),
    PROMETHEUS_INTRO,
    ...table(["Metric", "Type", "Labels", "One value says"], prometheusRows()),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function metricCells(name: MetricName): readonly string[] {
  const { unit, dimensions, title, sent, onlyWhenNotZero }: MetricDefinition = METRICS[name];
  const alarms = everyAlarm().filter(({ watch }) =>
    sourcesOf(watch).some(
      (source) => source.namespace === METRIC_NAMESPACE && source.metric === name,
    ),
  );
  return [
    `\`${name}\``,
    unit,
    dimensions.map((dimension) => `\`${dimension}\``).join(", "),
    isPaidFor(name, "lean") ? "both" : "standard",
    onlyWhenNotZero ? `${sent}; never 0` : sent,
    title,
    alarmNames(alarms),
  ];
}

function alarmNames(alarms: readonly AlarmSpec[]): string {
  const names = [...new Set(alarms.map(anyName))];
  return names.length === 0 ? "–" : names.map((name) => `\`${name}\``).join(", ");
}

/** Each kind of alarm once, with all that it looks at. */
function watched(alarms: readonly AlarmSpec[]): readonly (readonly string[])[] {
  const kinds = new Map(alarms.map((alarm) => [anyName(alarm), sourcesOf(alarm.watch)]));
  return [...kinds].map(([name, sources]) => {
    const metrics = sources.map(({ namespace, metric }) => `\`${namespace}\` \`${metric}\``);
    const [first] = sources;
    const statistic = first === undefined ? "" : Object.values(first.statistic).join();
    return [`\`${name}\``, [...new Set(metrics)].join(", "), statistic];
  });
}

function sourcesOf(watch: AlarmSpec["watch"]): readonly MetricSource[] {
  return watch.kind === "metric" ? [watch] : watch.sources;
}

const TARGET = "orders";
const VANTAGES = ["eu-west-1", "us-west-2"] as const;

/** Of a target with two vantages, which has every kind. */
function everyAlarm(): readonly AlarmSpec[] {
  const parsed = parseConfig({
    vantages: VANTAGES,
    targets: [{ name: TARGET, url: "https://orders.example.com/mcp" }],
  });
  if (!parsed.ok) throw new Error("the example of the metrics page is no config");
  return alarmSpecs(parsed.config);
}

function anyName({ name }: AlarmSpec): string {
  const of = VANTAGES.reduce<string>((text, vantage) => text.replace(vantage, "<vantage>"), name);
  return of.replace(TARGET, "<target>");
}

function prometheusRows(): readonly (readonly string[])[] {
  const metrics: readonly PrometheusMetric[] = Object.values(PROMETHEUS);
  return metrics.map(({ name, type, labels, help }) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(", ") || "–",
    help,
  ]);
}

/** Followed by an empty line. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line), ""];
}

function hourly(): string {
  return (PRICES.customMetric.usd / capacity.MONTH_HOURS).toFixed(5);
}
