import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEMO_REGION, HOME, SECOND, WHOLE } from "./configs.ts";
import { type Deployed, type Ended, openProject } from "./project.ts";

const project = openProject();
afterAll(() => project.close());
const stage = ["--stage", "whole"];

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff?: Readonly<Record<string, unknown>>;
}

/** What a diff names, as `update DemoAlias: functionVersion`. */
async function changes(): Promise<readonly string[]> {
  const { code, output } = await project.sst(["diff", "--json", ...stage]);
  expect({ code, output }).toMatchObject({ code: 0 });
  const steps: readonly Step[] = JSON.parse(output.slice(output.indexOf("[")));
  const told = steps.map(({ op, urn, detailedDiff = {} }) => {
    const paths = Object.keys(detailedDiff).join(", ");
    return `${op} ${urn.split("::").at(-1)}: ${paths}`;
  });
  return told.sort();
}

/** In the order of a person's work, each upon the last. */
describe("the whole app, with the demo server", () => {
  let first: Ended;
  let state: readonly Deployed[];

  beforeAll(async () => {
    project.configure(WHOLE);
    first = await project.sst(["deploy", "--stage", "whole"]);
    state = first.code === 0 ? await project.state("whole") : [];
  });

  it("deploys, and tells what was made and what it costs", () => {
    expect(first).toEqual({ code: 0, output: expect.stringContaining("✓  Complete") });
    const told = first.output.split("✓  Complete").at(-1) ?? "";
    expect([...told.matchAll(/^ {3}(\w+): /gm)].map(([, name]) => name).sort()).toEqual([
      "bill",
      "dashboard",
      "demo",
      "history",
      "monitor",
      "pages",
    ]);
    expect(told).toMatch(/history: vigil-whole-history\n/);
    expect(told).toMatch(/bill: \$\d+\.\d\d a month, /);
  });

  it("makes functions, tables and queues in the regions that the config names, and nowhere else", () => {
    const placed = state.map(({ name, region }) => `${name} in ${region}`);
    expect(placed).toEqual(
      expect.arrayContaining([
        `ProbeEuWest1Function in ${HOME}`,
        `ProbeApSoutheast2Function in ${SECOND}`,
        `DemoUsEast1Function in ${DEMO_REGION}`,
        `WidgetEuWest1Function in ${HOME}`,
        `HistoryTable in ${HOME}`,
        `DemoSessionsTable in ${DEMO_REGION}`,
        `SpillEuWest1 in ${HOME}`,
        `SpillApSoutheast2 in ${SECOND}`,
      ]),
    );
    const regions = new Set(
      state.filter(({ type }) => type.startsWith("aws:")).map(({ region }) => region),
    );
    expect([...regions].sort()).toEqual([HOME, SECOND, DEMO_REGION].sort());
  });

  it("has nothing to change when nothing has", async () => {
    const { code, output } = await project.sst(["deploy", ...stage]);
    expect(code).toBe(0);
    expect(output).not.toMatch(/Created|Updated|Deleted/);
    expect(await project.state("whole")).toEqual(state);
  });

  it("names in a diff exactly what a change of the config changes", async () => {
    project.configure({ ...WHOLE, demo: { region: DEMO_REGION, fault: "tools-empty" } });
    const named = await changes();
    // The config is in the code of the functions that read it, which the demo server does not.
    const isCode = (change: string) => /Code: key, |Function: s3Key$/.test(change);
    expect(named.filter((change) => !isCode(change))).toEqual([
      "update DemoAlias: functionVersion",
      "update DemoUsEast1Function: environment.variables.DEMO_FAULT",
    ]);
    const code = named.filter(isCode);
    expect(code).toContain("update ProbeEuWest1Function: s3Key");
    expect(code.filter((change) => change.includes("Demo"))).toEqual([]);
  });

  it("is removed without a remainder", async () => {
    const { code, output } = await project.sst(["remove", ...stage]);
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining("✓  Removed"),
    });
    expect(await project.state("whole")).toEqual([]);
  });
});
