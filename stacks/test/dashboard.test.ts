import type { DashboardBody } from "@vigil/core";
import { dashboardProblems } from "@vigil/core";
import { beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT, type Resource } from "./cloud.ts";
import { FULL, HOME, SMALL } from "./configs.ts";
import { type Deployment, deploy, known } from "./deploy.ts";

const drawn = ({ resources }: Deployment) =>
  resources.filter(({ type }) => type === "aws:cloudwatch/dashboard:Dashboard");

function bodyOf(dashboard: Resource | undefined): DashboardBody {
  return JSON.parse(dashboard?.inputs.dashboardBody);
}

const addressOf = (name: string) =>
  `https://${HOME}.console.aws.amazonaws.com/cloudwatch/home?region=${HOME}#dashboards/dashboard/${name}`;

describe("the dashboard", () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await deploy(FULL);
  });

  it("is core's, at home, with the alarms that are deployed, and its address is told", async () => {
    const [dashboard, ...more] = drawn(deployment);
    expect(more).toEqual([]);
    expect(dashboard?.region).toBe(HOME);
    const name = "vigil-test-overview";
    expect(dashboard?.inputs.dashboardName).toBe(name);
    const body = JSON.stringify(bodyOf(dashboard));
    const alarms = deployment.resources.filter(({ name: own }) => own.startsWith("Alarm-"));
    const missing = alarms.map(({ arn }) => arn).filter((arn) => !body.includes(arn));
    expect(missing).toEqual([]);
    expect(body).toContain(`arn:aws:cloudwatch:${HOME}:${ACCOUNT}:alarm:vigil-test-orders-slow`);
    expect(await known(deployment.outputs["dashboard"])).toBe(addressOf(name));
  });

  it("has the widget of this deployment on top", () => {
    const widget = deployment.resources.find(({ name }) => name === "WidgetEuWest1Function");
    const [title, history] = bodyOf(drawn(deployment)[0]).widgets;
    expect(title).toMatchObject({ type: "text", x: 0, y: 0 });
    expect(history).toEqual({
      type: "custom",
      x: 0,
      y: 2,
      width: 24,
      height: 5,
      properties: {
        title: "Targets, deployments and gap windows",
        endpoint: widget?.arn,
        updateOn: { refresh: true, resize: false, timeRange: true },
        params: {},
      },
    });
  });
});

/** More than one dashboard holds. */
const MANY = {
  ...SMALL,
  profile: "lean",
  targets: Array.from({ length: 240 }, (_, n) => ({
    name: `t${n}`,
    url: `https://t${n}.example.com/mcp`,
  })),
};

describe("dashboards of many targets", () => {
  it("are named after the stage, lead to one another by these names, and are all that is deployed", async () => {
    const deployment = await deploy(MANY);
    const all = drawn(deployment);
    const names = ["vigil-test-overview", "vigil-test-targets-2"];
    expect(all.map(({ inputs }) => inputs.dashboardName)).toEqual(names);
    expect(all.map(({ region }) => region)).toEqual([HOME, HOME]);
    const problems = all.flatMap((one) =>
      dashboardProblems({ name: one.inputs.dashboardName, body: bodyOf(one) }),
    );
    expect(problems).toEqual([]);
    const [overview = "", further = ""] = names;
    const titles = all.map((one) => JSON.stringify(bodyOf(one).widgets[0]));
    expect(titles[0]).toContain(`[${further}](${addressOf(further)}): t`);
    expect(titles[1]).toContain(`back to [${overview}](${addressOf(overview)})`);
    expect(await known(deployment.outputs["dashboard"])).toBe(addressOf(overview));
  });
});
