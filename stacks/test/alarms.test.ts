import { alarmSpecs, parseConfig } from "@vigil/core";
import { beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT, type Resource } from "./cloud.ts";
import { FULL, HOME, SECOND, THIRD } from "./configs.ts";
import { type Deployment, deploy } from "./deploy.ts";

let deployment: Deployment;
beforeAll(async () => {
  deployment = await deploy(FULL);
});

const alarms = () =>
  deployment.resources.filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm");

function named(name: string): Resource {
  const found = deployment.resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe("alarms", () => {
  it("are core's, one each, named by stage", () => {
    const parsed = parseConfig(FULL);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
    const specs = alarmSpecs(parsed.config).map(({ name }) => `vigil-test-${name}`);
    expect(
      alarms()
        .map(({ inputs }) => inputs.name)
        .sort(),
    ).toEqual(specs.sort());
  });

  it("call the pager of an outage, and else a topic in their own region", () => {
    const pager = named("PagerEuWest1Function").arn;
    for (const { name, region, inputs } of alarms()) {
      const topic = `arn:aws:sns:${region}:${ACCOUNT}:vigil-test-monitor`;
      const isDown = name.endsWith("-down");
      expect([name, inputs.alarmActions]).toEqual([name, [isDown ? pager : topic]]);
      expect([name, inputs.okActions]).toEqual([name, isDown ? [] : [topic]]);
      expect(inputs.insufficientDataActions).toBeUndefined();
    }
  });

  it("are let in by the pager: those of outages, of this account and deployment", () => {
    expect(named("AlarmsMayPage").inputs).toMatchObject({
      function: named("PagerEuWest1Function").inputs.name,
      action: "lambda:InvokeFunction",
      principal: "lambda.alarms.cloudwatch.amazonaws.com",
      sourceAccount: ACCOUNT,
      sourceArn: `arn:aws:cloudwatch:${HOME}:${ACCOUNT}:alarm:vigil-test-*-down`,
    });
  });

  it("ring on one confirmed failure", () => {
    expect(named(`Alarm-orders-${SECOND}-down`).inputs).toMatchObject({
      namespace: "Vigil",
      metricName: "ProbeSuccess",
      dimensions: { Target: "orders", Vantage: SECOND },
      statistic: "Minimum",
      period: 60,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      datapointsToAlarm: 1,
      evaluationPeriods: 1,
      treatMissingData: "ignore",
    });
  });

  it("ring on silence", () => {
    expect(named(`Alarm-heartbeat-${HOME}`).inputs).toMatchObject({
      comparisonOperator: "LessThanThreshold",
      threshold: 2,
      datapointsToAlarm: 3,
      evaluationPeriods: 3,
      metricQueries: [
        { id: "watched", expression: "FILL(probed, 0)", returnData: true },
        {
          id: "probed",
          metric: {
            namespace: "Vigil",
            metricName: "TargetsProbed",
            dimensions: { Vantage: HOME },
            period: 60,
            stat: "Sum",
          },
        },
      ],
    });
  });

  it("look at the probe and the queue that are deployed beside them", () => {
    const { metricQueries } = named(`Alarm-heartbeat-${SECOND}-invocations`).inputs;
    const functionName = named("ProbeApSoutheast2Function").inputs.name;
    expect(metricQueries[1].metric.dimensions).toEqual({ FunctionName: functionName });
    for (const [vantage, word] of [
      [SECOND, "ApSoutheast2"],
      [THIRD, "CaCentral1"],
    ]) {
      const alarm = named(`Alarm-spill-age-${vantage}`);
      const queue = named(`Spill${word}`);
      expect(alarm.inputs.dimensions).toEqual({ QueueName: queue.inputs.name });
      expect(alarm.region).toBe(queue.region);
    }
  });
});
