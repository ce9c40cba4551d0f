import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ALARM_KINDS, ALARMS_PATH, alarmDescription, alarmSpecs } from "../../src/alarms/index.ts";
import type { VigilConfigInput } from "../../src/config/index.ts";
import { METRICS, type MetricName } from "../../src/metrics/index.ts";
import { shardTargets } from "../../src/shards.ts";
import { configOf, targetsOf } from "../configs.ts";

const HOME = "eu-west-1";
const SECOND = "us-west-2";
const ORDERS = {
  name: "orders",
  url: "https://abc.lambda-url.us-east-1.on.aws/mcp",
  severity: "info",
  slowMs: 2_000,
  runbook: "https://wiki.example.com/orders",
} as const;

function specsOf(changes: Partial<VigilConfigInput> = {}) {
  return alarmSpecs(configOf({ vantages: [HOME], targets: [ORDERS], ...changes }));
}

function named(name: string, changes: Partial<VigilConfigInput> = {}) {
  const found = specsOf(changes).filter((spec) => spec.name === name);
  expect(found).toHaveLength(1);
  return found[0];
}

/** Name, region and what it calls. */
function placesOf(changes: Partial<VigilConfigInput>) {
  return specsOf(changes).map(({ name, region, action }) => `${name} ${region} ${action}`);
}

describe("the alarms of a config", () => {
  it("rings for a target once a minute's run is down, and leaves silence to the heartbeat", () => {
    expect(named("orders-eu-west-1-down")).toEqual({
      name: "orders-eu-west-1-down",
      title: "orders is down from eu-west-1",
      meaning:
        "No client can use orders, as eu-west-1 sees it: a failed probe whose repeats failed too.",
      severity: "info",
      region: HOME,
      profile: "lean",
      watch: {
        kind: "metric",
        namespace: "Vigil",
        metric: "ProbeSuccess",
        dimensions: { Target: "orders", Vantage: HOME },
        statistic: { statistic: "Minimum" },
      },
      periodSeconds: 60,
      datapointsToAlarm: 1,
      evaluationPeriods: 1,
      comparison: "LessThanThreshold",
      threshold: 1,
      missingData: "ignore",
      action: "pager",
      target: "orders",
      vantage: HOME,
      runbook: "https://wiki.example.com/orders",
      dedupeKey: "target/orders/down",
    });
  });

  it("rings when a target's p95 is over its budget in 3 of 5 minutes", () => {
    expect(named("orders-slow")).toMatchObject({
      watch: {
        kind: "metric",
        metric: "ProbeDuration",
        dimensions: { Target: "orders", Vantage: HOME },
        statistic: { extendedStatistic: "p95" },
      },
      periodSeconds: 60,
      datapointsToAlarm: 3,
      evaluationPeriods: 5,
      comparison: "GreaterThanThreshold",
      threshold: 2_000,
      missingData: "notBreaching",
      profile: "standard",
      action: "monitor",
      severity: "info",
    });
  });

  it("looks at the slowest of several vantages, at most ten to an alarm", () => {
    const vantages = ["eu", "ap", "af"].flatMap((land) =>
      ["east-1", "east-2", "west-1", "west-2"].map((place) => `${land}-${place}`),
    );
    const slow = specsOf({ vantages }).filter(({ name }) => name.includes("-slow"));
    expect(
      slow.map(({ name, watch }) => [name, "expression" in watch && watch.expression]),
    ).toEqual([
      ["orders-slow", "MAX([m0, m1, m2, m3, m4, m5, m6, m7, m8, m9])"],
      ["orders-slow-2", "MAX([m0, m1])"],
    ]);
    const sources = slow.flatMap(({ watch }) => (watch.kind === "math" ? watch.sources : []));
    expect(sources.map(({ dimensions }) => dimensions["Vantage"])).toEqual(vantages);
  });

  it("rings when a vantage is silent, or misses targets", () => {
    expect(named(`heartbeat-${HOME}`, { targets: targetsOf(7) })).toMatchObject({
      watch: {
        kind: "math",
        expression: "FILL(probed, 0)",
        sources: [
          {
            id: "probed",
            namespace: "Vigil",
            metric: "TargetsProbed",
            dimensions: { Vantage: HOME },
            statistic: { statistic: "Sum" },
          },
        ],
      },
      datapointsToAlarm: 3,
      evaluationPeriods: 3,
      comparison: "LessThanThreshold",
      threshold: 7,
      missingData: "breaching",
      severity: "critical",
    });
  });

  it("counts in the second vantage how many of its shards ran well", () => {
    const targets = targetsOf(1_000);
    const config = configOf({ vantages: [HOME, SECOND], targets });
    const dimensions = { FunctionName: { resource: "probeFunction", vantage: SECOND } };
    expect(
      named(`heartbeat-${SECOND}-invocations`, { vantages: [HOME, SECOND], targets }),
    ).toMatchObject({
      region: SECOND,
      watch: {
        expression: "FILL(invocations, 0) - FILL(errors, 0)",
        sources: [
          { id: "invocations", namespace: "AWS/Lambda", metric: "Invocations", dimensions },
          { id: "errors", namespace: "AWS/Lambda", metric: "Errors", dimensions },
        ],
      },
      threshold: shardTargets(config.targets).length,
      missingData: "breaching",
      dedupeKey: `vantage/${SECOND}/heartbeat`,
    });
  });

  it("rings when runs cannot be judged for five minutes", () => {
    expect(named(`unknown-${HOME}`)).toMatchObject({
      watch: { metric: "ProbeUnknown", dimensions: { Vantage: HOME } },
      datapointsToAlarm: 5,
      evaluationPeriods: 5,
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      missingData: "notBreaching",
    });
  });

  it("rings when a spilled message waits for over ten minutes, where its queue is", () => {
    expect(named(`spill-age-${SECOND}`, { vantages: [HOME, SECOND] })).toMatchObject({
      region: SECOND,
      watch: {
        namespace: "AWS/SQS",
        metric: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: { resource: "spillQueue", vantage: SECOND } },
        statistic: { statistic: "Maximum" },
      },
      comparison: "GreaterThanThreshold",
      threshold: 600,
      missingData: "notBreaching",
    });
  });

  it("stand at home, but for those whose metric is elsewhere", () => {
    expect(placesOf({ vantages: [HOME, SECOND, "ap-south-1"] })).toEqual([
      "orders-eu-west-1-down eu-west-1 pager",
      "orders-us-west-2-down eu-west-1 pager",
      "orders-ap-south-1-down eu-west-1 pager",
      "orders-slow eu-west-1 monitor",
      "heartbeat-eu-west-1 eu-west-1 monitor",
      "heartbeat-us-west-2 eu-west-1 monitor",
      "heartbeat-ap-south-1 eu-west-1 monitor",
      "heartbeat-us-west-2-invocations us-west-2 monitor",
      "unknown-eu-west-1 eu-west-1 monitor",
      "unknown-us-west-2 eu-west-1 monitor",
      "unknown-ap-south-1 eu-west-1 monitor",
      "spill-age-eu-west-1 eu-west-1 monitor",
      "spill-age-us-west-2 us-west-2 monitor",
      "spill-age-ap-south-1 ap-south-1 monitor",
    ]);
  });

  it("are fewer in the lean profile: what it does not publish is not watched", () => {
    expect(placesOf({ profile: "lean" })).toEqual([
      "orders-eu-west-1-down eu-west-1 pager",
      "heartbeat-eu-west-1 eu-west-1 monitor",
      "unknown-eu-west-1 eu-west-1 monitor",
      "spill-age-eu-west-1 eu-west-1 monitor",
    ]);
  });

  it("take the repository's page as runbook where the target names none", () => {
    const { runbook: _, ...bare } = ORDERS;
    expect(named("orders-eu-west-1-down", { targets: [bare] })?.runbook).toBe(
      "docs/alarms.md#down",
    );
  });
});

/** CloudWatch's limit is 255; the rest is left to the stage's name. */
const MAX_NAME = 160;
const LONGEST = {
  vantages: ["ap-southeast-1", "ap-northeast-1", "eusc-de-northeast-1"],
  targets: targetsOf(1, { name: "n".repeat(64), runbook: `https://a.example/${"r".repeat(900)}` }),
};

describe("every alarm", () => {
  const specs = specsOf(LONGEST);

  it.each(specs)("$name says all that an alarm must, within CloudWatch's limits", (spec) => {
    expect(spec.name).toMatch(/^[a-z0-9-]+$/u);
    expect(spec.name.length).toBeLessThanOrEqual(MAX_NAME);
    expect([spec.title, spec.meaning, spec.runbook, spec.dedupeKey]).not.toContain("");
    expect(alarmDescription(spec).length).toBeLessThanOrEqual(1_024);
    expect(spec.datapointsToAlarm).toBeLessThanOrEqual(spec.evaluationPeriods);
    expect(spec.periodSeconds * spec.evaluationPeriods).toBeLessThanOrEqual(86_400);
  });

  it.each(specs)("$name reads a metric that is published, by all its dimensions", ({ watch }) => {
    const sources = watch.kind === "metric" ? [watch] : watch.sources;
    for (const { namespace, metric, dimensions } of sources) {
      if (namespace !== "Vigil") continue;
      expect(Object.keys(dimensions)).toEqual(METRICS[metric as MetricName].dimensions);
    }
    if (watch.kind === "math") {
      const used = watch.expression.match(/[a-z][a-z0-9]*/gu) ?? [];
      expect(used).toEqual(watch.sources.map(({ id }) => id));
    }
  });

  it("has a name of its own", () => {
    const names = specs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("says in its text what it means and where to read on", () => {
    const spec = named("orders-slow");
    expect(spec && alarmDescription(spec)).toBe(
      "orders can be used, but a whole probe of it takes over 2000 ms, its slowMs, in 3 of 5 minutes.\n\nSeverity: info\nRunbook: https://wiki.example.com/orders\nDedupe key: target/orders/slow",
    );
  });
});

it("explains every kind of alarm in the docs", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../..", ALARMS_PATH), "utf8");
  const anchors = [...page.matchAll(/^## (.+)$/gmu)].map(([, anchor]) => anchor);
  expect(anchors).toEqual(ALARM_KINDS);
});
