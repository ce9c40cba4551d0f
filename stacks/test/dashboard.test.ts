import { expect, it } from "vitest";
import { ACCOUNT } from "./cloud.ts";
import { FULL, HOME } from "./configs.ts";
import { deploy, known } from "./deploy.ts";

it("draws core's dashboard at home, with the alarms that are deployed, and tells its address", async () => {
  const { resources, outputs } = await deploy(FULL);
  const [dashboard, ...more] = resources.filter(
    ({ type }) => type === "aws:cloudwatch/dashboard:Dashboard",
  );
  expect(more).toEqual([]);
  expect(dashboard?.region).toBe(HOME);
  const name = "vigil-test-overview";
  expect(dashboard?.inputs.dashboardName).toBe(name);
  const body = JSON.stringify(JSON.parse(dashboard?.inputs.dashboardBody));
  const alarms = resources.filter(({ name: logical }) => logical.startsWith("Alarm-"));
  const missing = alarms.map(({ arn }) => arn).filter((arn) => !body.includes(arn));
  expect(missing).toEqual([]);
  expect(body).toContain(`arn:aws:cloudwatch:${HOME}:${ACCOUNT}:alarm:vigil-test-orders-slow`);
  expect(await known(outputs["dashboard"])).toBe(
    `https://${HOME}.console.aws.amazonaws.com/cloudwatch/home?region=${HOME}#dashboards/dashboard/${name}`,
  );
});
