import { beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT, type Resource } from "./cloud.ts";
import { FOLLOWED, HOME, SMALL, TARGET_REGION, THIRD } from "./configs.ts";
import { type Deployment, deploy } from "./deploy.ts";
import { grantsOf, roleOf, statementsOf } from "./policies.ts";

let deployment: Deployment;
beforeAll(async () => {
  deployment = await deploy(FOLLOWED);
});

function named(name: string): Resource {
  const found = deployment.resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe("the correlator", () => {
  it("stands at home, once, and nowhere else", () => {
    const own = deployment.resources.filter(({ name }) => name.startsWith("Correlator"));
    expect(
      own.map(({ type, name, region }) => `${type.split(":").at(-1)} ${name} ${region}`).sort(),
    ).toMatchInlineSnapshot(`
        [
          "BucketObjectv2 CorrelatorEuWest1Code eu-west-1",
          "Function CorrelatorEuWest1Function eu-west-1",
          "FunctionEventInvokeConfig CorrelatorEuWest1EventInvokeConfig eu-west-1",
          "LogGroup CorrelatorLogEuWest1 eu-west-1",
          "Role CorrelatorEuWest1Role global",
          "Role CorrelatorEuWest1Shard0Role global",
          "Schedule CorrelatorEuWest1Shard0Schedule eu-west-1",
        ]
      `);
  });

  it("ticks every minute, at the minute, once a shard", () => {
    const { inputs } = named("CorrelatorEuWest1Shard0Schedule");
    expect(inputs).toMatchObject({
      scheduleExpression: "cron(* * * * ? *)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: named("CorrelatorEuWest1Function").arn,
        retryPolicy: { maximumRetryAttempts: 0 },
      },
    });
    expect(JSON.parse(inputs.target.input)).toEqual({
      shard: 0,
      scheduledAt: "<aws.scheduler.scheduled-time>",
    });
  });

  it("repeats no event, and takes none that is a minute old", () => {
    expect(named("CorrelatorEuWest1EventInvokeConfig").inputs).toMatchObject({
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
      destinationConfig: { onFailure: { destination: named("SpillDeadEuWest1").arn } },
    });
  });

  it("has time to stay into the minute after the next, and knows whom to ask for bursts", () => {
    const { timeout, environment } = named("CorrelatorEuWest1Function").inputs;
    expect(timeout).toBe(130);
    expect(environment.variables.VIGIL_PROBE).toBe(named("ProbeEuWest1Function").inputs.name);
  });

  it("may look at the functions of the config, ask home's probe, and keep what it finds", () => {
    const orders = `arn:aws:lambda:${TARGET_REGION}:${ACCOUNT}:function:Orders`;
    const billing = `arn:aws:lambda:${THIRD}:${ACCOUNT}:function:Billing`;
    const table = named("HistoryTable").arn;
    const log = `${named("CorrelatorLogEuWest1").arn}:*`;
    const grants = grantsOf(statementsOf(roleOf(deployment, "CorrelatorEuWest1")));
    const lines = grants.map(({ action, resource }) => `${action} ${resource}`);
    expect(lines.sort()).toEqual(
      [
        "cloudwatch:GetMetricData *",
        "cloudwatch:PutMetricData *",
        `dynamodb:PutItem ${table}`,
        `dynamodb:Query ${table}`,
        ...[orders, billing].flatMap((arn) => [
          `lambda:GetAlias ${arn}`,
          `lambda:GetAlias ${arn}:*`,
          `lambda:GetFunctionConfiguration ${arn}`,
          `lambda:GetFunctionConfiguration ${arn}:*`,
          `lambda:GetProvisionedConcurrencyConfig ${arn}:*`,
        ]),
        `lambda:InvokeFunction ${named("ProbeEuWest1Function").arn}`,
        `logs:CreateLogStream ${log}`,
        `logs:PutLogEvents ${log}`,
        `sqs:SendMessage ${named("SpillDeadEuWest1").arn}`,
      ].sort(),
    );
  });

  it("is told of changes in the functions' regions by a bus that nothing else uses", async () => {
    const traced = await deploy({ ...FOLLOWED, deployments: { cloudtrail: true } });
    for (const { resources } of [deployment, traced]) {
      const rules = resources.filter(({ type }) => type.endsWith(":EventRule"));
      for (const { name } of rules) {
        const targets = resources.filter(({ name: other }) => other === `${name}Target`);
        expect(targets.map(({ region }) => region)).toEqual([
          rules.find((rule) => rule.name === name)?.region,
        ]);
      }
    }
    const rulesOf = ({ resources }: Deployment) =>
      resources
        .filter(({ type }) => type.endsWith(":EventRule"))
        .map(({ name, region, inputs }) => {
          const { source } = JSON.parse(inputs.eventPattern);
          return `${name} in ${region}, on ${inputs.eventBusName ?? "default"}: ${source}`;
        })
        .sort();
    const bus = named("HintsEuWest1").inputs.name;
    const changes = "on default: aws.codedeploy,aws.cloudformation";
    const home = `HintsRuleEuWest1 in ${HOME}, on ${bus}: aws.codedeploy,aws.cloudformation,aws.lambda`;
    expect(rulesOf(deployment)).toEqual([
      `ChangesCaCentral1 in ${THIRD}, ${changes}`,
      `ChangesUsEast1 in ${TARGET_REGION}, ${changes}`,
      home,
    ]);
    expect(rulesOf(traced)).toEqual([
      `CallsCaCentral1 in ${THIRD}, on default: aws.lambda`,
      `CallsUsEast1 in ${TARGET_REGION}, on default: aws.lambda`,
      `ChangesCaCentral1 in ${THIRD}, ${changes}`,
      `ChangesUsEast1 in ${TARGET_REGION}, ${changes}`,
      home,
    ]);
  });

  it("is called by that bus's rule alone, and EventBridge may put there and nowhere else", () => {
    const bus = named("HintsEuWest1").arn;
    const role = named("HintsForwardEuWest1");
    expect(JSON.parse(role.inputs.inlinePolicies[0].policy).Statement).toEqual([
      { Effect: "Allow", Action: ["events:PutEvents"], Resource: [bus] },
    ]);
    for (const region of ["UsEast1", "CaCentral1"]) {
      const { arn, roleArn } = named(`Changes${region}Target`).inputs;
      expect([arn, roleArn]).toEqual([bus, role.arn]);
    }
    expect(named("HintsRuleEuWest1Target").inputs).toMatchObject({
      arn: named("CorrelatorEuWest1Function").arn,
      retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
    });
    expect(named("HintsMayCallEuWest1").inputs).toMatchObject({
      action: "lambda:InvokeFunction",
      function: named("CorrelatorEuWest1Function").inputs.name,
      principal: "events.amazonaws.com",
      sourceArn: named("HintsRuleEuWest1").arn,
    });
  });

  it("is not there where no target names a function", async () => {
    const { resources } = await deploy(SMALL);
    expect(resources.filter(({ name }) => /^(?:Correlator|Hints|Changes)/.test(name))).toEqual([]);
  });
});
