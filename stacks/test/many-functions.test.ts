import { beforeAll, describe, expect, it } from "vitest";
import { HOME } from "./configs.ts";
import { type Deployment, deploy } from "./deploy.ts";
import { grantsOf, roleOf, statementsOf } from "./policies.ts";

/** Two shards' worth, with the longest names that Lambda takes for some. */
const FUNCTIONS = Array.from({ length: 150 }, (_, n) =>
  n % 10 === 0 ? `F${n}`.padEnd(64, "x") : `Server${n}`,
);

let deployment: Deployment;
beforeAll(async () => {
  deployment = await deploy({
    vantages: [HOME],
    targets: FUNCTIONS.map((functionName, n) => ({
      name: `t${n}`,
      url: `https://t${n}.example.com/mcp`,
      region: "us-east-1",
      lambda: { functionName },
    })),
  });
});

/** The role's own policies, and those that it is given. */
function policiesOf(functionName: string): readonly (readonly [limit: number, text: string])[] {
  const { inputs } = roleOf(deployment, functionName);
  const managed = inputs.managedPolicyArns.map((arn: string) => {
    const policy = deployment.resources.find((resource) => resource.arn === arn);
    return [6_144, policy?.inputs.policy];
  });
  const own = inputs.inlinePolicies.map(({ policy }: { policy: string }) => [10_240, policy]);
  return [...own, ...managed];
}

describe.each([
  ["CorrelatorEuWest1", "lambda:GetFunctionConfiguration"],
  ["PagerEuWest1", "lambda:ListFunctionUrlConfigs"],
])("the role of %s", (name, action) => {
  it("names every function, each of them once", () => {
    const inline = statementsOf(roleOf(deployment, name));
    const given = policiesOf(name).flatMap(([, text]) => JSON.parse(text).Statement);
    const named = grantsOf(given)
      .filter((grant) => grant.action === action)
      .map(({ resource }) => resource.split(":function:")[1])
      .filter((resource) => resource?.endsWith(":*") === false);
    expect(named.sort()).toEqual([...FUNCTIONS].sort());
    expect(given.length).toBeGreaterThan(inline.length);
  });

  it("has policies within IAM's limits", () => {
    const policies = policiesOf(name);
    expect(policies.length).toBeGreaterThan(2);
    expect(policies.length).toBeLessThanOrEqual(11);
    expect(policies.filter(([limit, text]) => text.length > limit)).toEqual([]);
  });
});
