import { describe, expect, it } from "vitest";
import type { Dashboard } from "../../src/dashboard/dashboard.ts";
import { dashboardProblems } from "../../src/dashboard/index.ts";
import type { Content, MetricEntry, Widget } from "../../src/dashboard/widget.ts";

const text: Content = { type: "text", properties: { markdown: "# Vigil" } };
const at = (content: Content, place: Partial<Widget> = {}) =>
  ({ ...content, x: 0, y: 0, width: 24, height: 6, ...place }) as Widget;

function dashboard(widgets: readonly Widget[], name = "vigil-test-overview"): Dashboard {
  return { name, body: { start: "-PT3H", periodOverride: "inherit", widgets } };
}

const METRIC: MetricEntry = ["Vigil", "ProbeSuccess", "Target", "t", { stat: "Sum", label: "t" }];
const graph = (count: number) => graphOf(Array.from({ length: count }, () => METRIC));
function graphOf(metrics: readonly MetricEntry[]): Content {
  const look = { title: "t", view: "timeSeries", stacked: false, period: 60 } as const;
  return { type: "metric", properties: { ...look, region: "eu-west-1", metrics } };
}

const SEARCH = graphOf([[{ expression: "SEARCH('{AWS/Lambda}', 'Sum', 60)", label: "v" }]]);

const alarms = (count: number): Content => ({
  type: "alarm",
  properties: { title: "t", alarms: Array.from({ length: count }, (_, n) => `arn:${n}`) },
});
const custom = (endpoint: string): Content => ({
  type: "custom",
  properties: {
    title: "t",
    endpoint,
    updateOn: { refresh: true, resize: false, timeRange: true },
    params: {},
  },
});
const markdown = (length: number): Content => ({
  type: "text",
  properties: { markdown: "é".repeat(length / 2) },
});
/** A body of one text without any. */
const EMPTY = JSON.stringify(dashboard([at(markdown(0))]).body).length;
const times = (count: number, widget: Widget) => Array.from({ length: count }, () => widget);
const AT = "dashboard vigil-test-overview: ";

/** Each limit at its last good value, and just past it. */
const LIMITS: readonly (readonly [
  title: string,
  good: Dashboard,
  bad: Dashboard,
  problem: string,
])[] = [
  [
    "a name's length",
    dashboard([at(text)], "n".repeat(255)),
    dashboard([at(text)], "n".repeat(256)),
    `dashboard ${"n".repeat(256)}: its name is not 1 to 255 of A-Z, a-z, 0-9, - and _`,
  ],
  [
    "a name's characters",
    dashboard([at(text)], "Vigil_test-1"),
    dashboard([at(text)], "vigil.test"),
    "dashboard vigil.test: its name is not 1 to 255 of A-Z, a-z, 0-9, - and _",
  ],
  [
    "widgets",
    dashboard(times(500, at(text))),
    dashboard(times(501, at(text))),
    `${AT}501 widgets, and CloudWatch takes 500`,
  ],
  [
    "metrics of a widget",
    dashboard([at(graph(500))]),
    dashboard([at(graph(501))]),
    `${AT}widget 1 (metric): 501 metrics, and CloudWatch takes 500`,
  ],
  [
    "metrics of all widgets",
    dashboard(times(5, at(graph(500)))),
    dashboard([...times(5, at(graph(500))), at(graph(1))]),
    `${AT}2501 metrics, and CloudWatch takes 2500`,
  ],
  [
    "metrics of a search, which are counted as ten",
    dashboard([...times(4, at(graph(500))), at(graph(490)), at(SEARCH)]),
    dashboard([...times(4, at(graph(500))), at(graph(491)), at(SEARCH)]),
    `${AT}2501 metrics, and CloudWatch takes 2500`,
  ],
  [
    "bytes, and not characters",
    dashboard([at(markdown(333_000 - EMPTY))]),
    dashboard([at(markdown(333_002 - EMPTY))]),
    `${AT}${333_002 - (EMPTY % 2)} bytes, and CloudWatch takes 333000`,
  ],
  [
    "alarms of a widget",
    dashboard([at(alarms(100))]),
    dashboard([at(alarms(101))]),
    `${AT}widget 1 (alarm): 101 alarms, and CloudWatch takes 100`,
  ],
  [
    "a widget's width",
    dashboard([at(text, { width: 1 })]),
    dashboard([at(text, { width: 0 })]),
    `${AT}widget 1 (text): it is 0 wide, from column 0`,
  ],
  [
    "the grid's width",
    dashboard([at(text, { x: 23, width: 1 })]),
    dashboard([at(text, { x: 12, width: 13 })]),
    `${AT}widget 1 (text): it is 13 wide, from column 12`,
  ],
  [
    "a widget's height",
    dashboard([at(text, { height: 1_000 })]),
    dashboard([at(text, { height: 1_001 })]),
    `${AT}widget 1 (text): it is 1001 high`,
  ],
  [
    "whole numbers",
    dashboard([at(text, { y: 1_000_000 })]),
    dashboard([at(text, { y: 0.5 })]),
    `${AT}widget 1 (text): it stands at 0, 0.5, which is not on the grid`,
  ],
  [
    "a graph's least",
    dashboard([at(graph(1))]),
    dashboard([at(text), at(graph(0))]),
    `${AT}widget 2 (metric): it has no metrics`,
  ],
  [
    "alarm states' least",
    dashboard([at(alarms(1))]),
    dashboard([at(alarms(0))]),
    `${AT}widget 1 (alarm): it has no alarms`,
  ],
  [
    "a text's least",
    dashboard([at(text)]),
    dashboard([at({ type: "text", properties: { markdown: "" } })]),
    `${AT}widget 1 (text): it has no text`,
  ],
  [
    "a custom widget's function",
    dashboard([at(custom("arn:aws:lambda:eu-west-1:123456789012:function:w"))]),
    dashboard([at(custom(""))]),
    `${AT}widget 1 (custom): it calls no function`,
  ],
];

describe("the limits of a dashboard", () => {
  it.each(LIMITS)("%s", (_title, good, bad, problem) => {
    expect(dashboardProblems(good)).toEqual([]);
    expect(dashboardProblems(bad)).toEqual([problem]);
  });

  it("are told of all at once", () => {
    const bad = dashboard([at(alarms(0)), at(text, { height: 0 })], "");
    expect(dashboardProblems(bad)).toHaveLength(3);
  });
});
