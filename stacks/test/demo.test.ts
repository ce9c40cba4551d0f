import { beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "./cloud.ts";
import { DEMO, DEMO_REGION, SMALL } from "./configs.ts";
import { type Deployment, deploy, known } from "./deploy.ts";
import { recordSessionCalls } from "./handlers.ts";
import { allows, grantsOf, isUsed, roleOf, statementsOf } from "./policies.ts";

let deployment: Deployment;
beforeAll(async () => {
  deployment = await deploy(DEMO);
});

function named(name: string): Resource {
  const found = deployment.resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

/** The version that is published is the alias's, and everything that serves clients is the alias's. */
describe("the demo server", () => {
  it("serves clients by one alias: URL, provisioned concurrency and both permissions", () => {
    const { name: functionName } = named("DemoUsEast1Function").inputs;
    expect(named("DemoAlias").inputs).toEqual({ name: "live", functionName, functionVersion: "1" });
    const served = { functionName, qualifier: "live" };
    expect(named("DemoProvisioned").inputs).toEqual({
      ...served,
      provisionedConcurrentExecutions: 1,
    });
    expect(named("DemoUrl").inputs).toMatchObject({
      ...served,
      authorizationType: "NONE",
      invokeMode: "RESPONSE_STREAM",
    });
    const anyone = { function: functionName, qualifier: "live", principal: "*" };
    expect(named("DemoMayInvokeUrl").inputs).toEqual({
      ...anyone,
      action: "lambda:InvokeFunctionUrl",
      functionUrlAuthType: "NONE",
    });
    expect(named("DemoMayInvoke").inputs).toEqual({
      ...anyone,
      action: "lambda:InvokeFunction",
      invokedViaFunctionUrl: true,
    });
  });

  it("lets a page read the session that it was given", () => {
    expect(named("DemoUrl").inputs.cors).toMatchObject({
      allowOrigins: ["*"],
      allowMethods: ["GET", "POST", "DELETE"],
      exposeHeaders: ["Mcp-Session-Id"],
    });
    expect(named("DemoUrl").inputs.cors.allowHeaders).toContain("mcp-session-id");
  });

  it("runs behind the adapter, which streams, in its own region and architecture", () => {
    const { inputs } = named("DemoUsEast1Function");
    expect(inputs).toMatchObject({
      architectures: ["arm64"],
      memorySize: 1_024,
      handler: "run.sh",
      layers: ["arn:aws:lambda:us-east-1:753240598075:layer:LambdaAdapterLayerArm64:27"],
      publish: true,
    });
    expect(inputs.environment.variables).toMatchObject({
      AWS_LAMBDA_EXEC_WRAPPER: "/opt/bootstrap",
      AWS_LWA_INVOKE_MODE: "response_stream",
      AWS_LWA_PORT: "8080",
      PORT: "8080",
      MCP_SESSIONS: "dynamodb",
      SESSIONS_TABLE: "vigil-test-demo-sessions",
      DEMO_FAULT: "tools-empty",
    });
  });

  it("may do what its sessions do, and write its log", async () => {
    const { environment } = named("DemoUsEast1Function").inputs;
    const played = { environment: environment.variables, vantage: DEMO_REGION };
    const calls = await recordSessionCalls(played);
    const statements = statementsOf(roleOf(deployment, "DemoUsEast1"));
    expect(calls.filter((call) => !allows(statements, call))).toEqual([]);
    const unused = grantsOf(statements).filter((grant) => !isUsed(grant, calls));
    expect(unused.map(({ action }) => action)).toEqual([
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]);
  });

  it("tells its address", async () => {
    expect(await known(deployment.outputs["demo"])).toBe(
      `https://abc.lambda-url.${DEMO_REGION}.on.aws/mcp`,
    );
  });

  it("is not there unless it is asked for", async () => {
    const { resources, outputs } = await deploy(SMALL);
    expect(resources.filter(({ name }) => name.startsWith("Demo"))).toEqual([]);
    expect(outputs).not.toHaveProperty("demo");
  });
});
