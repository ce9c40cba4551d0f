import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "@vigil/core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "./cloud.ts";
import { FULL, HOME, SECOND, SMALL } from "./configs.ts";
import { type Deployment, deploy } from "./deploy.ts";

const SHORT = { [HOME]: "EuWest1", [SECOND]: "ApSoutheast2" };

function one({ resources }: Deployment, type: string, name: string): Resource {
  const [found, ...more] = resources.filter(
    (resource) => resource.type.endsWith(`:${type}`) && resource.name === name,
  );
  if (found === undefined || more.length > 0) throw new Error(`not one ${type} ${name}`);
  return found;
}

function resolved(config: unknown) {
  const parsed = parseConfig(config);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.config;
}

let deployment: Deployment;
beforeAll(async () => {
  deployment = await deploy(FULL);
});

describe.each(Object.entries(SHORT))("in %s", (vantage, word) => {
  const get = (type: string, name: string) => one(deployment, type, name);

  it("ticks every minute, at the minute, for its own probe and by nobody else's leave", () => {
    const probe = get("Function", `Probe${word}Function`);
    const role = get("Role", `Probe${word}Shard0Role`);
    const { inputs } = get("Schedule", `Probe${word}Shard0Schedule`);
    expect(inputs).toMatchObject({
      scheduleExpression: "cron(* * * * ? *)",
      flexibleTimeWindow: { mode: "OFF" },
      state: "ENABLED",
      target: { arn: probe.arn, roleArn: role.arn, retryPolicy: { maximumRetryAttempts: 0 } },
    });
    expect(JSON.parse(inputs.target.input)).toEqual({
      shard: 0,
      scheduledAt: "<aws.scheduler.scheduled-time>",
    });
  });

  it("repeats no event, takes none that is a minute old, and keeps what failed in its region", () => {
    const { inputs } = get("FunctionEventInvokeConfig", `Probe${word}EventInvokeConfig`);
    const { name } = get("Function", `Probe${word}Function`).inputs;
    expect(inputs).toEqual({
      functionName: name,
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
      destinationConfig: {
        onFailure: { destination: get("Queue", `SpillDead${word}`).arn },
      },
    });
  });

  it("tells its functions where they stand and what to write to", () => {
    for (const thing of ["Probe", "Replay"]) {
      const { inputs } = get("Function", `${thing}${word}Function`);
      expect(inputs.environment.variables).toMatchObject({
        VIGIL_HOME: HOME,
        VIGIL_TABLE: "vigil-test-history",
        VIGIL_SPILL_QUEUE_URL: `https://sqs.${vantage}.amazonaws.com/123456789012/vigil-test-spill`,
        VIGIL_CONFIG: "config/vigil.json",
        VIGIL_VERSION: "0.1.0",
      });
      expect(inputs).toMatchObject({ architectures: ["arm64"], runtime: "nodejs24.x" });
    }
  });

  it("looks into the spill queue every five minutes, and finds again what an earlier look left", () => {
    const replay = get("Function", `Replay${word}Function`);
    const { inputs } = get("Schedule", `ReplayTick${word}Schedule`);
    expect(inputs).toMatchObject({
      scheduleExpression: "cron(0/5 * * * ? *)",
      flexibleTimeWindow: { mode: "OFF" },
      target: { arn: replay.arn, retryPolicy: { maximumRetryAttempts: 0 } },
    });
    expect(JSON.parse(inputs.target.input)).toEqual({ kind: "drain" });
    const { visibilityTimeoutSeconds, redrivePolicy } = get("Queue", `Spill${word}`).inputs;
    expect(visibilityTimeoutSeconds).toBe(4 * replay.inputs.timeout);
    expect(visibilityTimeoutSeconds).toBeLessThan(5 * 60);
    expect(JSON.parse(redrivePolicy)).toEqual({
      deadLetterTargetArn: get("Queue", `SpillDead${word}`).arn,
      maxReceiveCount: 288,
    });
  });

  it("bundles the config with all its defaults", () => {
    const build = deployment.builds.find(({ functionID }) => functionID === `Probe${word}`);
    expect(build).toMatchObject({ handler: "packages/functions/src/probe.handler" });
    const [folder] = build?.copyFiles ?? [];
    expect(folder?.to).toBe("config");
    const bundled = JSON.parse(readFileSync(join(String(folder?.from), "vigil.json"), "utf8"));
    expect(bundled).toEqual(JSON.parse(JSON.stringify(resolved(FULL))));
  });
});

describe("outputs", () => {
  it("tell what a month costs", async () => {
    const { outputs } = await deploy(SMALL);
    expect(outputs["bill"]).toMatch(
      /^\$\d\.\d\d a month, \$\d\.\d\d per target \(standard; prices of us-east-1 of \d{4}-\d\d-\d\d, no free tier; by line: npx vigil cost\)$/,
    );
  });
});

it("keeps history in one table, as the adapters read it and the command finds it", () => {
  const { inputs } = one(deployment, "Table", "HistoryTable");
  expect(inputs).toMatchObject({
    name: "vigil-test-history",
    billingMode: "PAY_PER_REQUEST",
    attributes: [
      { name: "pk", type: "S" },
      { name: "sk", type: "S" },
    ],
    hashKey: "pk",
    rangeKey: "sk",
    ttl: { attributeName: "expiresAt", enabled: true },
    pointInTimeRecovery: { enabled: true },
  });
});
