import { beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "./cloud.ts";
import { FOLLOWED, FULL, HOME, SECOND } from "./configs.ts";
import { type Deployment, deploy } from "./deploy.ts";
import { type Recorded, recordCalls, recordPagerCalls } from "./handlers.ts";
import { allows, type Call, grantsOf, isUsed, roleOf, statementsOf } from "./policies.ts";

const VANTAGES = [
  [HOME, "EuWest1"],
  [SECOND, "ApSoutheast2"],
] as const;

let deployment: Deployment;
let followed: Deployment;
let pagerCalls: readonly Call[];
const recorded = new Map<string, Recorded>();
beforeAll(async () => {
  deployment = await deploy(FULL);
  followed = await deploy(FOLLOWED);
  const pager = followed.resources.find(({ name }) => name === "PagerEuWest1Function");
  pagerCalls = await recordPagerCalls({
    environment: pager?.inputs.environment.variables,
    vantage: HOME,
    config: FOLLOWED,
  });
  for (const [vantage, word] of VANTAGES) {
    const { environment } = named(`Probe${word}Function`).inputs;
    const played = { environment: environment.variables, vantage, config: FULL };
    recorded.set(vantage, await recordCalls(played));
  }
});

function named(name: string): Resource {
  const found = deployment.resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

const ofType = (type: string) =>
  deployment.resources.filter((resource) => resource.type.endsWith(`:${type}`));

/** What is used on a function's behalf and not by its code. */
const USED_BY_LAMBDA = {
  // Its log, and the destination of events that came to nothing.
  Probe: ["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage SpillDead"],
  Replay: ["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage SpillDead"],
} as const;

describe.each(VANTAGES)("in %s", (vantage, word) => {
  describe.each(["Probe", "Replay"] as const)("%s", (thing) => {
    const calls = () => recorded.get(vantage)?.[thing] ?? [];
    const statements = () => statementsOf(roleOf(deployment, `${thing}${word}`));

    it("may do all that its code does", () => {
      expect(calls().length).toBeGreaterThan(3);
      expect(calls().filter((call) => !allows(statements(), call))).toEqual([]);
    });

    it("may do nothing that neither its code nor Lambda does for it", () => {
      const log = named(`${thing}Log${word}`).arn;
      const expected = USED_BY_LAMBDA[thing].map((grant) => {
        const [action, queue] = grant.split(" ");
        const resource = queue === undefined ? `${log}:*` : named(`${queue}${word}`).arn;
        return { action, resource };
      });
      const unused = grantsOf(statements()).filter((grant) => !isUsed(grant, calls()));
      expect(unused).toEqual(expect.arrayContaining(expected));
      expect(unused).toHaveLength(expected.length);
    });
  });
});

describe("the pager", () => {
  const statements = () => statementsOf(roleOf(followed, "PagerEuWest1"));

  it("may do all that its code does", () => {
    expect(new Set(pagerCalls.map(({ action }) => action))).toEqual(
      new Set([
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
        "lambda:GetAlias",
        "lambda:GetFunctionConcurrency",
        "lambda:GetFunctionConfiguration",
        "lambda:GetPolicy",
        "lambda:GetProvisionedConcurrencyConfig",
        "lambda:ListFunctionUrlConfigs",
        "lambda:ListProvisionedConcurrencyConfigs",
        "sns:ListSubscriptionsByTopic",
        "sns:Publish",
      ]),
    );
    expect(pagerCalls.filter((call) => !allows(statements(), call))).toEqual([]);
  });

  it("may do nothing else, but what Lambda does for it and other functions of the config ask", () => {
    const unused = grantsOf(statements())
      .filter((grant) => !isUsed(grant, pagerCalls))
      .map(({ action, resource }) => `${action} ${resource}`)
      .filter((grant) => !/^lambda:(Get|List)\w+ \S+:function:(Orders|Billing)(:\*)?$/.test(grant));
    const log = followed.resources.find(({ name }) => name === "PagerLogEuWest1")?.arn;
    const monitor = followed.resources.find(({ name }) => name === "MonitorEuWest1")?.arn;
    expect(unused.sort()).toEqual(
      [
        `logs:CreateLogStream ${log}:*`,
        `logs:PutLogEvents ${log}:*`,
        `sns:Publish ${monitor}`,
      ].sort(),
    );
  });
});

describe("every role", () => {
  it("is trusted to one service, and to no account", () => {
    const trusted = ofType("Role").map(({ name, inputs }) => [
      name.replace(/(EuWest1|ApSoutheast2|CaCentral1)/, "*"),
      JSON.parse(inputs.assumeRolePolicy).Statement,
    ]);
    const only = (Service: string) => [
      { Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" },
    ];
    expect(Object.fromEntries(trusted)).toEqual({
      "Probe*Role": only("lambda.amazonaws.com"),
      "Replay*Role": only("lambda.amazonaws.com"),
      "Pager*Role": only("lambda.amazonaws.com"),
      "PagerTick*Role": only("scheduler.amazonaws.com"),
      "Widget*Role": only("lambda.amazonaws.com"),
      "Probe*Shard0Role": only("scheduler.amazonaws.com"),
      "ReplayTick*Role": only("scheduler.amazonaws.com"),
    });
  });

  it("has no policy but its own", () => {
    for (const { inputs } of ofType("Role")) expect(inputs.managedPolicyArns ?? []).toEqual([]);
    expect(ofType("RolePolicyAttachment")).toEqual([]);
  });

  it("names its actions, and its resources wherever the action has any", () => {
    const wide = ofType("Role")
      .flatMap((role) => grantsOf(statementsOf(role)))
      .filter(({ action, resource }) => action.includes("*") || resource === "*");
    expect([...new Set(wide.map(({ action }) => action))]).toEqual(["cloudwatch:PutMetricData"]);
  });

  it.each([
    ["Probe*Shard0Role", "Probe*Function"],
    ["ReplayTick*Role", "Replay*Function"],
  ])("of a schedule may call its function alone: %s", (role, called) => {
    for (const word of ["EuWest1", "ApSoutheast2", "CaCentral1"]) {
      const grants = grantsOf(statementsOf(named(role.replace("*", word))));
      const resource = named(called.replace("*", word)).arn;
      expect(grants).toEqual([{ action: "lambda:InvokeFunction", resource }]);
    }
  });
});

describe("every queue", () => {
  it("refuses whoever comes without TLS", () => {
    const queues = ofType("Queue");
    const policies = ofType("QueuePolicy").map(({ inputs }) => JSON.parse(inputs.policy).Statement);
    const refusals = queues.map(({ arn }) => [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
    expect(policies).toHaveLength(6);
    expect(policies).toEqual(expect.arrayContaining(refusals));
  });

  it("is encrypted, and keeps messages as long as SQS can", () => {
    for (const { inputs } of ofType("Queue")) {
      expect(inputs).toMatchObject({
        sqsManagedSseEnabled: true,
        messageRetentionSeconds: 1_209_600,
      });
    }
  });
});

describe("every log group", () => {
  it("forgets after a month, and is the one that its function writes to", () => {
    const groups = ofType("LogGroup").map(({ inputs }) => inputs);
    for (const { retentionInDays } of groups) expect(retentionInDays).toBe(30);
    for (const { inputs } of ofType("Function")) {
      expect(groups.map(({ name }) => name)).toContain(inputs.loggingConfig.logGroup);
      expect(inputs.loggingConfig.logFormat).toBe("JSON");
    }
  });
});
