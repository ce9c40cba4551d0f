import { describe, expect, it } from "vitest";
import { FULL, HOME, SECOND, SMALL } from "./configs.ts";
import { type Deployment, deploy } from "./deploy.ts";
import { grantsOf, roleOf, statementsOf } from "./policies.ts";

function named({ resources }: Deployment, name: string) {
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

const DEADMAN = { deadman: "https://pings.example.com/vigil" };

describe("the pager", () => {
  it("is told of changes by every vantage's probe", async () => {
    const deployment = await deploy({ ...FULL, vantages: [HOME, SECOND] });
    const pager = named(deployment, "PagerEuWest1Function");
    for (const probe of ["ProbeEuWest1Function", "ProbeApSoutheast2Function"]) {
      const { variables } = named(deployment, probe).inputs.environment;
      expect(variables.VIGIL_PAGER).toBe(pager.inputs.name);
    }
    expect(pager.inputs.environment.variables).toMatchObject({
      VIGIL_PAGES_TOPIC: named(deployment, "PagesEuWest1").arn,
      VIGIL_STAGE: "test",
    });
  });

  it("is called again when it fails, and then people hear of it by the plain topic", async () => {
    const deployment = await deploy(SMALL);
    expect(named(deployment, "PagerEuWest1EventInvokeConfig").inputs).toMatchObject({
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 300,
      destinationConfig: { onFailure: { destination: named(deployment, "MonitorEuWest1").arn } },
    });
  });

  it.each([
    ["every fifth minute", {}, "cron(0/5 * * * ? *)"],
    ["each minute where a dead man's ping is due", DEADMAN, "cron(* * * * ? *)"],
  ])("sweeps %s", async (_title, paging, schedule) => {
    const { inputs } = named(await deploy({ ...SMALL, paging }), "PagerTickEuWest1Schedule");
    expect(inputs.scheduleExpression).toBe(schedule);
    expect(JSON.parse(inputs.target.input)).toEqual({
      schema: 1,
      kind: "sweep",
      at: "<aws.scheduler.scheduled-time>",
    });
  });
});

describe("to explain an outage, the pager may read", () => {
  const grantsWith = async (...targets: readonly object[]) => {
    const grants = grantsOf(
      statementsOf(roleOf(await deploy({ vantages: [HOME], targets }), "PagerEuWest1")),
    );
    return grants
      .filter(({ action }) => /^(lambda|apigateway):/.test(action))
      .map(({ action, resource }) => `${action} ${resource}`)
      .sort();
  };
  const ORDERS = "arn:aws:lambda:us-east-1:123456789012:function:Orders";
  const OF_FUNCTION = [
    "GetAlias",
    "GetFunctionConcurrency",
    "GetFunctionConfiguration",
    "GetPolicy",
    "GetProvisionedConcurrencyConfig",
    "ListFunctionUrlConfigs",
    "ListProvisionedConcurrencyConfigs",
  ].flatMap((action) => [`lambda:${action} ${ORDERS}`, `lambda:${action} ${ORDERS}:*`]);
  const lambda = { functionName: "Orders", qualifier: "live" };
  const behind = (host: string) => ({ name: "orders", url: `https://${host}/mcp`, lambda });

  it("the setting of a followed function, in its region, and of no other", async () => {
    const others = { name: "search", url: "https://search.example.com/mcp" };
    expect(await grantsWith(behind("abc.lambda-url.us-east-1.on.aws"), others)).toEqual(
      OF_FUNCTION,
    );
    expect(await grantsWith(others)).toEqual([]);
  });

  it("the integrations of the API before it", async () => {
    expect(await grantsWith(behind("a1b2.execute-api.us-east-1.amazonaws.com"))).toEqual([
      "apigateway:GET arn:aws:apigateway:us-east-1::/apis/a1b2/integrations",
      "apigateway:GET arn:aws:apigateway:us-east-1::/restapis/a1b2/resources",
      ...OF_FUNCTION,
    ]);
  });
});
