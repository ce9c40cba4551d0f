import { readFunctionFacts, type WatchedTarget } from "@vigil/aws/function-facts";
import { diagnose } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { startAwsEndpoint } from "@vigil/testkit/aws-endpoint";
import { answerForFunction, arnOf, type PlayedFunction } from "@vigil/testkit/lambda-function";
import { beforeAll, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { DEMO } from "./configs.ts";
import { type Deployment, deploy } from "./deploy.ts";

let deployment: Deployment;
beforeAll(async () => {
  deployment = await deploy({ ...DEMO, demo: { region: "us-east-1" } });
});

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});

const HOST = "abc.lambda-url.us-east-1.on.aws";

function inputsOf(name: string) {
  const found = deployment.resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found.inputs;
}

/** `allowHeaders` as Lambda's API spells it: `AllowHeaders`. */
function capitalised(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
      value,
    ]),
  );
}

function statement(name: string) {
  const { action, principal, functionUrlAuthType, invokedViaFunctionUrl } = inputsOf(name);
  const Condition = {
    ...(functionUrlAuthType && {
      StringEquals: { "lambda:FunctionUrlAuthType": functionUrlAuthType },
    }),
    ...(invokedViaFunctionUrl && { Bool: { "lambda:InvokedViaFunctionUrl": "true" } }),
  };
  return { Effect: "Allow", Principal: principal, Action: action, Condition };
}

/** What Lambda tells of the demo server once its stack is deployed. */
function playedDemo(): PlayedFunction {
  const made = inputsOf("DemoUsEast1Function");
  const { name: alias, functionVersion } = inputsOf("DemoAlias");
  const url = inputsOf("DemoUrl");
  const pc = inputsOf("DemoProvisioned");
  return {
    name: made.name,
    configurations: {
      [alias]: {
        FunctionName: made.name,
        Runtime: made.runtime,
        Handler: made.handler,
        CodeSize: 700_000,
        Timeout: made.timeout,
        MemorySize: made.memorySize,
        Version: functionVersion,
        Environment: { Variables: made.environment.variables },
        Layers: made.layers.map((Arn: string) => ({ Arn })),
        State: "Active",
        LastUpdateStatus: "Successful",
        PackageType: made.packageType ?? "Zip",
        Architectures: made.architectures,
        ...(made.vpcConfig && { VpcConfig: { VpcId: "vpc-1" } }),
      },
    },
    urls: [
      {
        FunctionUrl: `https://${HOST}/`,
        FunctionArn: arnOf(made.name, url.qualifier),
        AuthType: url.authorizationType,
        InvokeMode: url.invokeMode,
        Cors: capitalised(url.cors),
      },
    ],
    policies: {
      [alias]: { Statement: [statement("DemoMayInvokeUrl"), statement("DemoMayInvoke")] },
    },
    aliases: { [alias]: { Name: alias, FunctionVersion: functionVersion } },
    provisioned: [
      {
        FunctionArn: arnOf(made.name, pc.qualifier),
        RequestedProvisionedConcurrentExecutions: pc.provisionedConcurrentExecutions,
        Status: "READY",
      },
    ],
    concurrency:
      made.reservedConcurrentExecutions === undefined
        ? {}
        : { ReservedConcurrentExecutions: made.reservedConcurrentExecutions },
    gateway: {},
  };
}

async function examine(played: PlayedFunction) {
  const endpoint = await startAwsEndpoint(answerForFunction(played));
  onTestFinished(() => endpoint.close());
  const target = {
    name: "demo",
    url: `https://${HOST}/mcp`,
    region: "us-east-1",
    auth: { type: "none" },
    era: "both",
    clientTimeoutMs: 10_000,
    lambda: { functionName: played.name, qualifier: "live" },
  } as WatchedTarget;
  const place = { clock: systemClock, endpoint: endpoint.url, maxAttempts: 1 };
  return diagnose((await readFunctionFacts(target, place)).facts);
}

it("has nothing against the demo server as its stack deploys it", async () => {
  expect(await examine(playedDemo())).toEqual({ findings: [], unread: [] });
});

it("would find what the stack left out", async () => {
  const sound = playedDemo();
  const { findings } = await examine({ ...sound, policies: {}, provisioned: [] });
  expect(findings.map(({ rule }) => rule)).toEqual([
    "url-permission",
    "url-invoke-permission",
    "provisioned-none",
  ]);
});
