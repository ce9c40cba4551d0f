import { renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DEMO_REGION, HOME, SMALL } from "./configs.ts";
import { openProject } from "./project.ts";

const project = openProject();
afterAll(() => project.close());

const names = async (stage: string) => (await project.state(stage)).map(({ name }) => name);
const [ORDERS] = SMALL.targets;
const MANY = Array.from({ length: 2_501 }, (_, n) => ({ ...ORDERS, name: `t${n}` }));

describe("a config that cannot be deployed", () => {
  it.each([
    [
      "a vantage in its target's region",
      { ...SMALL, vantages: [HOME, "us-east-1"] },
      `vigil.config.ts cannot be deployed:
targets[0].url: is in us-east-1, as vantages[1] is: an outage of that region would silence its own alarm
  Probe from a vantage in another region, or set allowSameRegion: true on this target.`,
    ],
    [
      "an unknown region, and two targets of one name",
      { vantages: ["eu-wets-1"], targets: [ORDERS, ORDERS] },
      `vigil.config.ts cannot be deployed:
vantages[0]: is not an AWS region
  Did you mean "eu-west-1"? Write an AWS region, for example "eu-west-1", or "local" for one machine.
targets[1].name: is the name of targets[0] too
  Give each target a name of its own: history, metrics and alarms are kept by it.`,
    ],
    [
      "more alarms than an account may have",
      { ...SMALL, targets: MANY },
      `alarms in eu-west-1, where an account may have 5000
  Write profile: "lean", watch from fewer vantages, or watch some of the targets from another account.`,
    ],
    ["no config", null, "There is no vigil.config.ts beside sst.config.ts. Write one:"],
  ])("is refused before anything is made: %s", async (_, config, said) => {
    project.configure(config);
    const { code, output } = await project.sst(["deploy", "--stage", "refused"]);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(said) });
    expect(output).toContain("✕  Failed");
    expect(output).not.toContain("Created");
    expect(await names("refused")).toEqual(["vigil-refused"]);
  });

  it("is refused by a diff too", async () => {
    project.configure({ ...SMALL, vantages: [HOME, "us-east-1"] });
    const { code, output } = await project.sst(["diff", "--stage", "refused"]);
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining("targets[0].url: is in us-east-1, as vantages[1] is"),
    });
  });
});

describe("a stack that fails", () => {
  it("fails the command, says why, and is mended by the next deployment", async () => {
    project.configure(SMALL);
    const deploy = ["deploy", "--stage", "failing"];
    const refused = { VIGIL_TEST_REFUSES: "aws:sqs/queue:Queue::SpillEuWest1" };
    const { code, output } = await project.sst(deploy, refused);
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining("creating aws:sqs/queue:Queue: AccessDenied"),
    });
    expect(output).toContain("✕  Failed");
    const made = await names("failing");
    expect(made).toContain("SpillDeadEuWest1");
    expect(made).not.toContain("SpillEuWest1");
    const again = await project.sst(deploy);
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining("✓  Complete") });
    expect(await names("failing")).toEqual(expect.arrayContaining([...made, "SpillEuWest1"]));
  });

  it("says how to build the demo server where it is not built", async () => {
    project.configure({ ...SMALL, demo: { region: DEMO_REGION } });
    const bundle = join(project.folder, "packages/demo-server/dist/lambda");
    renameSync(bundle, `${bundle}.away`);
    const { code, output } = await project.sst(["deploy", "--stage", "unbuilt"]);
    renameSync(`${bundle}.away`, bundle);
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining(
        "The demo server is not built: packages/demo-server/dist/lambda is missing. Run npm run build.",
      ),
    });
  });
});

describe("production", () => {
  it("refuses to be removed, and would keep its history, though no session of the demo server's", async () => {
    project.configure({ ...SMALL, demo: { region: DEMO_REGION } });
    const production = ["--stage", "production"];
    expect(await project.sst(["deploy", "--stage", "production"])).toEqual({
      code: 0,
      output: expect.stringContaining("✓  Complete"),
    });
    const state = await project.state("production");
    const { code, output } = await project.sst(["remove", ...production]);
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining("Cannot remove protected stage"),
    });
    expect(await project.state("production")).toEqual(state);
    const table = state.find(({ name }) => name === "HistoryTable");
    expect(table).toMatchObject({
      retainOnDelete: true,
      inputs: { deletionProtectionEnabled: true },
    });
    // A table that stayed would hold the name that the next demo server's takes.
    expect(state.filter(({ retainOnDelete }) => retainOnDelete)).toEqual([table]);
  });
});
