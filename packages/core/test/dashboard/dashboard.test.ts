import { describe, expect, it } from "vitest";
import { alarmSpecs } from "../../src/alarms/index.ts";
import type { VigilConfigInput } from "../../src/config/index.ts";
import { dashboards } from "../../src/dashboard/index.ts";
import type { MathLook, MetricLook } from "../../src/dashboard/widget.ts";
import { configOf, targetsOf } from "../configs.ts";
import { bodySchema, MAX_DASHBOARD_METRICS, overlap } from "./body.ts";
import { arnsOf, drawn, HOME, WIDGET_ARN } from "./drawn.ts";

const SECOND = "us-west-2";
const ORDERS = {
  name: "orders",
  url: "https://abc.lambda-url.us-east-1.on.aws/mcp",
  owner: "team-orders",
  runbook: "https://wiki.example.com/orders",
  slowMs: 2_000,
  sentinels: [{ tool: "ping" }],
  lambda: { functionName: "McpServer", qualifier: "production" },
};

const built = (changes: Partial<VigilConfigInput> = {}) =>
  drawn({ vantages: [HOME], targets: [ORDERS], ...changes });

function widgetsOf(changes: Partial<VigilConfigInput> = {}) {
  return built(changes).flatMap(({ body }) => body.widgets);
}

/** A graph's region and metrics, each as one line. */
function graph(title: string, changes: Partial<VigilConfigInput> = {}) {
  const found = widgetsOf(changes).flatMap((widget) =>
    widget.type === "metric" && widget.properties.title === title ? [widget.properties] : [],
  );
  expect(found).toHaveLength(1);
  const [properties] = found;
  return {
    region: properties?.region,
    metrics: properties?.metrics.map((entry) => entry.map(partText).join(" ")),
  };
}

function partText(part: string | MetricLook | MathLook): string {
  if (typeof part === "string") return part;
  const how = "stat" in part ? part.stat : part.expression;
  return "visible" in part ? `${how} as ${part.id}` : `${how} ${part.yAxis ?? "left"}`;
}

const titles = (changes: Partial<VigilConfigInput> = {}) =>
  widgetsOf(changes).map((widget) =>
    widget.type === "text" ? widget.properties.markdown.split("\n")[0] : widget.properties.title,
  );

const GAPS = [
  "Vigil DeployGap Target orders Maximum as deploygap",
  "FILL(deploygap, 0) right",
  "Vigil GapFault Target orders Maximum as gapfault",
  "FILL(gapfault, 0) right",
];

const OVERVIEW = [
  "# Vigil",
  "Targets, deployments and gap windows",
  "Targets",
  "The monitor itself",
  "Heartbeat: targets probed, of 1",
  "Runs that could not be judged, and writes that failed",
  "Usable",
];

describe("the dashboard", () => {
  it("shows an overview, then the target's protocol metrics above Lambda's own", () => {
    expect(titles()).toEqual([
      ...OVERVIEW,
      "Duration of a probe, p95",
      "## orders",
      "orders: alarms",
      "orders: usable",
      "orders: what clients wait, p95",
      "orders: Lambda's invocations",
      "orders: Lambda's duration and concurrency",
      "orders: versions that serve",
      "orders: provisioned concurrency",
    ]);
  });

  it("leaves out in the lean profile what that does not publish", () => {
    expect(titles({ profile: "lean" })).toEqual([
      ...OVERVIEW,
      "## orders",
      "orders: alarms",
      "orders: usable",
      "orders: Lambda's invocations",
      "orders: Lambda's duration and concurrency",
      "orders: versions that serve",
      "orders: provisioned concurrency",
    ]);
  });

  it("shows nothing of Lambda's where the function is not known", () => {
    const { lambda: _, ...rest } = ORDERS;
    expect(titles({ targets: [rest] }).filter((title) => title?.includes("Lambda"))).toEqual([]);
  });

  it("draws gap windows only where the function is followed, for no other target has any", () => {
    const { lambda: _, ...rest } = ORDERS;
    expect(graph("orders: usable", { targets: [rest] }).metrics).toEqual([
      "Vigil ProbeSuccess Target orders Vantage eu-west-1 Minimum left",
    ]);
  });

  it("draws Vigil's metrics from home and Lambda's from the target's region", () => {
    const lambda = "FunctionName McpServer Resource McpServer:production";
    expect(graph("orders: usable")).toEqual({
      region: HOME,
      metrics: ["Vigil ProbeSuccess Target orders Vantage eu-west-1 Minimum left", ...GAPS],
    });
    expect(graph("orders: what clients wait, p95")).toEqual({
      region: HOME,
      metrics: ["ProbeDuration", "InitializeDuration", "ToolCallDuration"].map(
        (metric) => `Vigil ${metric} Target orders Vantage eu-west-1 p95 left`,
      ),
    });
    expect(graph("orders: Lambda's invocations")).toEqual({
      region: "us-east-1",
      metrics: ["Invocations", "Errors", "Throttles"].map(
        (metric) => `AWS/Lambda ${metric} ${lambda} Sum left`,
      ),
    });
    expect(graph("orders: Lambda's duration and concurrency")).toEqual({
      region: "us-east-1",
      metrics: [
        `AWS/Lambda Duration ${lambda} p95 left`,
        `AWS/Lambda ConcurrentExecutions ${lambda} Maximum right`,
      ],
    });
    const versions = `SEARCH('{AWS/Lambda,ExecutedVersion,FunctionName,Resource} MetricName="Invocations" FunctionName="McpServer" Resource="McpServer:production"', 'Sum', 60)`;
    expect(graph("orders: versions that serve")).toEqual({
      region: "us-east-1",
      metrics: [`${versions} left`],
    });
    expect(graph("orders: provisioned concurrency")).toEqual({
      region: "us-east-1",
      metrics: [
        `AWS/Lambda ProvisionedConcurrencyUtilization ${lambda} Maximum left`,
        `AWS/Lambda ProvisionedConcurrencySpilloverInvocations ${lambda} Sum right`,
      ],
    });
  });

  it("asks for the whole function's metrics without an alias, which can have no provisioning", () => {
    const targets = [{ ...ORDERS, lambda: { functionName: "McpServer" } }];
    expect(graph("orders: Lambda's invocations", { targets }).metrics?.[0]).toBe(
      "AWS/Lambda Invocations FunctionName McpServer Sum left",
    );
    expect(titles({ targets })).not.toContain("orders: provisioned concurrency");
    expect(titles({ targets })).not.toContain("orders: versions that serve");
  });

  it("draws no versions of a version, which stays what it is", () => {
    const targets = [{ ...ORDERS, lambda: { functionName: "McpServer", qualifier: "7" } }];
    expect(titles({ targets })).toContain("orders: provisioned concurrency");
    expect(titles({ targets })).not.toContain("orders: versions that serve");
  });

  it("draws every vantage of a target, and of the monitor", () => {
    const vantages = { vantages: [HOME, SECOND] } as const;
    expect(graph("orders: usable", { vantages: [...vantages.vantages] }).metrics).toEqual([
      "Vigil ProbeSuccess Target orders Vantage eu-west-1 Minimum left",
      "Vigil ProbeSuccess Target orders Vantage us-west-2 Minimum left",
      ...GAPS,
    ]);
    const beats = graph("Heartbeat: targets probed, of 1", { vantages: [HOME, SECOND] });
    expect(beats).toEqual({
      region: HOME,
      metrics: [
        "Vigil TargetsProbed Vantage eu-west-1 Sum left",
        "Vigil TargetsProbed Vantage us-west-2 Sum left",
      ],
    });
  });

  it("shows every alarm: the target's with the target, and all in the overview", () => {
    const config = configOf({ vantages: [HOME, SECOND], targets: [ORDERS] });
    const shown = widgetsOf({ vantages: [HOME, SECOND] }).flatMap((widget) =>
      widget.type === "alarm" ? [[widget.properties.title, widget.properties.alarms.length]] : [],
    );
    expect(shown).toEqual([
      ["Targets", 3],
      ["The monitor itself", alarmSpecs(config).length - 3],
      ["orders: alarms", 3],
    ]);
  });

  it("refuses to leave out an alarm", () => {
    const config = configOf({ vantages: [HOME], targets: [ORDERS] });
    const { [`unknown-${HOME}`]: _, ...alarmArns } = arnsOf(config);
    const options = { alarmArns, widgetArn: WIDGET_ARN, nameOf: String };
    expect(() => dashboards(config, options)).toThrow("the alarm unknown-eu-west-1 has no ARN");
  });
});

const ALL_OF_ONE = { ...ORDERS, name: undefined, url: ORDERS.url };
const many = (count: number) =>
  targetsOf(count, { ...ALL_OF_ONE, name: "x" } as never).map((target, n) => ({
    ...target,
    name: `t${n}`,
  }));

const SIZES: readonly (readonly [string, Partial<VigilConfigInput>, number])[] = [
  ["one target", {}, 1],
  ["one target, lean", { profile: "lean" }, 1],
  ["fifty", { targets: many(50) }, 1],
  ["a hundred", { targets: many(100) }, 2],
  ["a thousand, lean", { targets: many(1_000), profile: "lean" }, 15],
  [
    "a thousand from three vantages",
    { targets: many(1_000), vantages: [HOME, SECOND, "ap-south-1"] },
    20,
  ],
];

describe.each(SIZES)("dashboards of %s", (_title, changes, count) => {
  const all = built(changes);

  it("are what CloudWatch takes, well within its limits", () => {
    for (const { name, body } of all) {
      expect(name).toMatch(/^[A-Za-z0-9_-]{1,255}$/u);
      const { widgets } = bodySchema.parse(JSON.parse(JSON.stringify(body)));
      const metrics = widgets.map((one) =>
        one.type === "metric" ? one.properties.metrics.length : 0,
      );
      expect(widgets.length).toBeLessThanOrEqual(500);
      expect(metrics.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(MAX_DASHBOARD_METRICS);
    }
  });

  it("are few, each with a name of its own", () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all).toHaveLength(count);
  });

  it("lay no widget over another, and none beyond the grid", () => {
    for (const { body } of all) {
      const { widgets } = body;
      expect(widgets.filter(({ x, width }) => x + width > 24)).toEqual([]);
      const pairs = widgets.flatMap((one, n) =>
        // Widgets come in the order of their rows: only near ones could touch.
        widgets.slice(n + 1, n + 8).filter((other) => overlap(one, other)),
      );
      expect(pairs).toEqual([]);
    }
  });

  it("show each target once", () => {
    const headings = all.flatMap(({ body }) =>
      body.widgets.flatMap((one) =>
        one.type === "text" && one.properties.markdown.startsWith("## ")
          ? [one.properties.markdown.split("\n")[0]]
          : [],
      ),
    );
    const names = (changes.targets ?? [ORDERS]).map(({ name }) => `## ${name}`);
    expect(headings).toEqual(names);
  });
});
