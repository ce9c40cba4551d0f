import { expect, it } from "vitest";
import { ACCOUNT } from "./cloud.ts";
import { PROOFS, TARGET_REGION, THIRD } from "./configs.ts";
import { deploy } from "./deploy.ts";
import { grantsOf, roleOf, statementsOf } from "./policies.ts";

it("lets a probe read the logs that its targets name for proof of cold starts, and no others", async () => {
  const grants = grantsOf(statementsOf(roleOf(await deploy(PROOFS), "ProbeEuWest1")));
  const read = grants.filter(({ action }) => action === "logs:FilterLogEvents");
  expect(read.map(({ resource }) => resource)).toEqual([
    `arn:aws:logs:${TARGET_REGION}:${ACCOUNT}:log-group:/aws/lambda/Orders:*`,
    `arn:aws:logs:${THIRD}:${ACCOUNT}:log-group:/mcp/billing:*`,
  ]);
});
