import { describe, expect, it } from "vitest";
import { ACCOUNT } from "./cloud.ts";
import { HOME, TARGET_REGION } from "./configs.ts";
import { deploy } from "./deploy.ts";
import { roleOf, statementsOf } from "./policies.ts";

describe("signed requests", () => {
  it("may reach the functions and APIs of the config, by their front doors alone", async () => {
    const signed = {
      vantages: [HOME],
      targets: [
        {
          name: "url",
          url: `https://abc.lambda-url.${TARGET_REGION}.on.aws/mcp`,
          auth: { type: "sigv4" },
          lambda: { functionName: "McpServer", qualifier: "live" },
        },
        {
          name: "api",
          url: `https://a1b2.execute-api.${TARGET_REGION}.amazonaws.com/mcp`,
          auth: { type: "sigv4" },
        },
      ],
    };
    const statements = statementsOf(roleOf(await deploy(signed), "ProbeEuWest1"));
    // Besides, the probe calls the pager.
    const calls = statements.filter(
      ({ actions, resources }) =>
        /^(lambda|execute-api):/.test(String(actions)) &&
        !/:vigil-test-Pager/.test(String(resources)),
    );
    const at = (service: string, resource: string) => [
      `arn:aws:${service}:${TARGET_REGION}:${ACCOUNT}:${resource}`,
    ];
    expect(calls).toEqual([
      {
        effect: "Allow",
        actions: ["lambda:InvokeFunctionUrl"],
        resources: at("lambda", "function:McpServer:live"),
      },
      {
        effect: "Allow",
        actions: ["lambda:InvokeFunction"],
        resources: at("lambda", "function:McpServer:live"),
        conditions: [{ test: "Bool", variable: "lambda:InvokedViaFunctionUrl", values: ["true"] }],
      },
      {
        effect: "Allow",
        actions: ["execute-api:Invoke"],
        resources: at("execute-api", "a1b2/*"),
      },
    ]);
  });
});
