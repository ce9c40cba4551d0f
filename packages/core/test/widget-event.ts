/** What CloudWatch sends, in full: a widget on a dashboard in dark, of which somebody has zoomed into a part. */
export const NOW = Date.parse("2026-11-22T08:00:30.000Z");
const HOUR_MS = 3_600_000;

export const CONTEXT = {
  dashboardName: "vigil-production",
  widgetId: "widget-16",
  domain: "https://eu-west-1.console.aws.amazon.com",
  accountId: "123456789012",
  locale: "en",
  timezone: { label: "UTC", offsetISO: "+00:00", offsetInMinutes: 0 },
  period: 300,
  isAutoPeriod: true,
  timeRange: {
    mode: "relative",
    start: NOW - 3 * HOUR_MS,
    end: NOW,
    relativeStart: 3 * HOUR_MS,
    zoom: { start: NOW - 2 * HOUR_MS, end: NOW - HOUR_MS },
  },
  theme: "dark",
  linkCharts: true,
  title: "Targets",
  params: { targets: ["orders"] },
  forms: { all: {} },
  width: 588,
  height: 369,
};

/** The event with another context, or other parameters. */
export function widgetEvent(
  params: object = {},
  context: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return { ...params, widgetContext: { ...CONTEXT, params, ...context } };
}
