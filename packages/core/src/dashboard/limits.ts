import { utf8Length } from "../utf8-length.ts";
import type { Dashboard } from "./dashboard.ts";
import type { Widget } from "./widget.ts";

/**
 * What CloudWatch takes. From the API reference, "PutDashboard" (the name) and "Dashboard Body
 * Structure and Syntax" (grid, height, alarms of a widget), and from the user guide, "CloudWatch
 * service quotas" (widgets and metrics; those that are only calculated with count too).
 */
export const LIMITS = {
  name: /^[A-Za-z0-9_-]{1,255}$/u,
  widgets: 500,
  metrics: 2_500,
  metricsOfWidget: 500,
  alarmsOfWidget: 100,
  width: 24,
  height: 1_000,
  /**
   * Not documented. CloudWatch's largest documented request is 1 MB (PutMetricData), and in a form
   * each quote, brace and comma of the body takes three bytes: so much stays below that in any case.
   */
  bytes: 333_000,
} as const;

/** What CloudWatch would refuse of a dashboard, or cut; nothing where it would take it as it is. */
export function dashboardProblems({ name, body }: Dashboard): readonly string[] {
  const bytes = utf8Length(JSON.stringify(body));
  const metrics = body.widgets.reduce((sum, widget) => sum + metricCount(widget), 0);
  return [
    ...(LIMITS.name.test(name) ? [] : ["its name is not 1 to 255 of A-Z, a-z, 0-9, - and _"]),
    ...over("widgets", body.widgets.length, LIMITS.widgets),
    ...over("metrics", metrics, LIMITS.metrics),
    ...over("bytes", bytes, LIMITS.bytes),
    ...body.widgets.flatMap((widget, n) =>
      widgetProblems(widget).map((problem) => `widget ${n + 1} (${widget.type}): ${problem}`),
    ),
  ].map((problem) => `dashboard ${name}: ${problem}`);
}

/** A search counts as what it may well find: an alias seldom has more versions in the range. */
const SEARCHED_METRICS = 10;

export function metricCount(widget: Pick<Widget, "type" | "properties">): number {
  if (!("metrics" in widget.properties)) return 0;
  const counts = widget.properties.metrics.map(([first]) =>
    typeof first === "object" && first.expression.startsWith("SEARCH(") ? SEARCHED_METRICS : 1,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

function widgetProblems(widget: Widget): readonly string[] {
  const { x, y, width, height } = widget;
  const isOnGrid = isWithin(x, 0, LIMITS.width - 1) && isWithin(y, 0, Number.MAX_SAFE_INTEGER);
  return [
    ...(isOnGrid ? [] : [`it stands at ${x}, ${y}, which is not on the grid`]),
    ...(isWithin(width, 1, LIMITS.width - x) ? [] : [`it is ${width} wide, from column ${x}`]),
    ...(isWithin(height, 1, LIMITS.height) ? [] : [`it is ${height} high`]),
    ...contentProblems(widget),
  ];
}

function contentProblems(widget: Widget): readonly string[] {
  switch (widget.type) {
    case "metric":
      return counted("metrics", metricCount(widget), LIMITS.metricsOfWidget);
    case "alarm":
      return counted("alarms", widget.properties.alarms.length, LIMITS.alarmsOfWidget);
    case "text":
      return widget.properties.markdown === "" ? ["it has no text"] : [];
    case "custom":
      return widget.properties.endpoint === "" ? ["it calls no function"] : [];
    default:
      return widget satisfies never;
  }
}

function counted(what: string, count: number, most: number): readonly string[] {
  return count === 0 ? [`it has no ${what}`] : over(what, count, most);
}

function over(what: string, count: number, most: number): readonly string[] {
  return count <= most ? [] : [`${count} ${what}, and CloudWatch takes ${most}`];
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
