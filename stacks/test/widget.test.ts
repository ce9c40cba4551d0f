import { beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "./cloud.ts";
import { FOLLOWED, HOME } from "./configs.ts";
import { type Deployment, deploy } from "./deploy.ts";
import { recordWidgetCalls } from "./handlers.ts";
import { allows, grantsOf, roleOf, statementsOf } from "./policies.ts";

let deployment: Deployment;
beforeAll(async () => {
  deployment = await deploy(FOLLOWED);
});

function named(name: string): Resource {
  const found = deployment.resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe("the widget", () => {
  it("stands at home, once; nothing calls it by a schedule, and no service may", () => {
    const own = deployment.resources.filter(({ name }) => name.startsWith("Widget"));
    expect(
      own.map(({ type, name, region }) => `${type.split(":").at(-1)} ${name} ${region}`).sort(),
    ).toEqual([
      "BucketObjectv2 WidgetEuWest1Code eu-west-1",
      "Function WidgetEuWest1Function eu-west-1",
      "LogGroup WidgetLogEuWest1 eu-west-1",
      "Role WidgetEuWest1Role global",
    ]);
    const { arn, inputs } = named("WidgetEuWest1Function");
    const callers = deployment.resources
      .filter(({ type }) => !type.endsWith(":Dashboard"))
      .filter(({ inputs: other }) => JSON.stringify(other).includes(arn));
    expect(callers.map(({ name }) => name)).toEqual([]);
    const allowed = deployment.resources
      .filter(({ type }) => type.endsWith(":Permission"))
      .filter(({ inputs: other }) => other.function === inputs.name);
    expect(allowed).toEqual([]);
  });

  it("is built from its handler, with the config of the others, and answers in time", () => {
    const build = deployment.builds.find(({ handler }) => handler.endsWith("widget.handler"));
    expect(build).toMatchObject({
      handler: "packages/functions/src/widget.handler",
      copyFiles: [{ to: "config" }],
    });
    expect(named("WidgetEuWest1Function").inputs).toMatchObject({
      architectures: ["arm64"],
      memorySize: 1_769,
      timeout: 15,
      environment: {
        variables: {
          VIGIL_HOME: HOME,
          VIGIL_TABLE: "vigil-test-history",
          VIGIL_CONFIG: "config/vigil.json",
        },
      },
    });
  });

  it("may query history, which is all that it does, and write its log", async () => {
    const statements = statementsOf(roleOf(deployment, "WidgetEuWest1"));
    const table = named("HistoryTable").arn;
    const log = `${named("WidgetLogEuWest1").arn}:*`;
    expect(grantsOf(statements).map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      `logs:CreateLogStream ${log}`,
      `logs:PutLogEvents ${log}`,
      `dynamodb:BatchGetItem ${table}`,
      `dynamodb:Query ${table}`,
    ]);
    const calls = await recordWidgetCalls({
      environment: named("WidgetEuWest1Function").inputs.environment.variables,
      vantage: HOME,
      config: FOLLOWED,
    });
    expect(calls.length).toBeGreaterThan(3);
    expect([...new Set(calls.map(({ action }) => action))].sort()).toEqual([
      "dynamodb:BatchGetItem",
      "dynamodb:Query",
    ]);
    expect(calls.filter((call) => !allows(statements, call))).toEqual([]);
  });
});
