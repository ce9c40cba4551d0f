import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VigilConfigInput } from "../../src/config/index.ts";
import { dashboardNames } from "../../src/dashboard/index.ts";
import { configOf } from "../configs.ts";
import { bodySchema, MAX_DASHBOARD_METRICS } from "./body.ts";
import { drawn, HOME } from "./drawn.ts";

type Drawn = ReturnType<typeof drawn>;

function target(n: number, rest: object = {}) {
  const region = "us-east-1";
  const lambda = { functionName: `McpServer${n}`, qualifier: "production" };
  return { name: `t${n}`, url: `https://t${n}.example.com/mcp`, region, lambda, ...rest };
}

const configFor = (count: number): VigilConfigInput => ({
  vantages: [HOME],
  targets: Array.from({ length: count }, (_, n) => target(n)),
});

function textOf(all: Drawn, n: number): string {
  const [first] = all[n]?.body.widgets ?? [];
  return first?.type === "text" ? first.properties.markdown : "";
}

const headings = (all: Drawn, n: number) =>
  (all[n]?.body.widgets ?? []).flatMap((one) =>
    one.type === "text" && one.properties.markdown.startsWith("## ")
      ? [one.properties.markdown.split("\n")[0]?.slice(3)]
      : [],
  );

const customs = (all: Drawn, n: number) =>
  (all[n]?.body.widgets ?? []).flatMap((one) => (one.type === "custom" ? [one] : []));

const link = (name: string) =>
  `[${name}](https://${HOME}.console.aws.amazonaws.com/cloudwatch/home?region=${HOME}#dashboards/dashboard/${name})`;

describe("targets on one dashboard", () => {
  it("need no ways to others", () => {
    expect(textOf(drawn(configFor(2)), 0)).toBe(
      "# Vigil\nWhat clients can use, and whether the monitor itself is well.",
    );
  });
});

describe("targets on several dashboards", () => {
  const all = drawn(configFor(160));
  const names = ["overview", "targets-2", "targets-3"].map((name) => `vigil-test-${name}`);

  it("are told in the overview, each with the dashboard that it is on", () => {
    expect(all.map(({ name }) => name)).toEqual(names);
    const [, , , ...places] = textOf(all, 0).split("\n");
    expect(places).toEqual([
      "The targets are on 3 dashboards:",
      `- on this one: ${headings(all, 0).join(", ")}`,
      `- ${link("vigil-test-targets-2")}: ${headings(all, 1).join(", ")}`,
      `- ${link("vigil-test-targets-3")}: ${headings(all, 2).join(", ")}`,
    ]);
    const shown = names.flatMap((_, n) => headings(all, n));
    expect(shown).toEqual(Array.from({ length: 160 }, (_, n) => `t${n}`));
  });

  it("have a way back to the overview, and to the dashboards before and after", () => {
    expect(textOf(all, 1)).toBe(
      `# Vigil, 2 of 3\nback to ${link("vigil-test-overview")} · after it ${link("vigil-test-targets-3")}`,
    );
    expect(textOf(all, 2)).toBe(
      `# Vigil, 3 of 3\nback to ${link("vigil-test-overview")} · before it ${link("vigil-test-targets-2")}`,
    );
  });

  it("have their past on top of each: all in the overview, then those of the dashboard", () => {
    const past = names.map((_, n) => customs(all, n).map(({ properties }) => properties.params));
    expect(past).toEqual([[{}], [{ targets: headings(all, 1) }], [{ targets: headings(all, 2) }]]);
  });

  it("are told by the first and the last where there are too many to read", () => {
    const many = drawn({ ...configFor(1_001), profile: "lean" });
    const last = headings(many, many.length - 1);
    expect(textOf(many, 0).split("\n").at(-1)).toBe(
      `- ${link(`vigil-test-targets-${many.length}`)}: ${last.length} targets, from ${last[0]} to t1000`,
    );
  });
});

describe("the past of targets", () => {
  it.each([
    [1, 4],
    [16, 19],
    [17, 20],
    [50, 20],
  ])("of %i stands %i rows high, and scrolls beyond", (count, height) => {
    expect(customs(drawn(configFor(count)), 0)).toMatchObject([{ width: 24, height }]);
  });
});

describe("any config of up to 500 targets", () => {
  const REGIONS = ["eu-west-1", "ap-southeast-2", "ca-central-1", "eu-north-1"];
  const anyTarget = fc.record({
    name: fc.integer({ min: 1, max: 57 }),
    words: fc.integer({ min: 0, max: 400 }),
    isFollowed: fc.boolean(),
    hasSentinel: fc.boolean(),
  });
  const anyConfig = fc.record({
    vantages: fc.integer({ min: 1, max: REGIONS.length }),
    profile: fc.constantFrom("lean" as const, "standard" as const),
    stage: fc.integer({ min: 1, max: 40 }),
    count: fc.integer({ min: 1, max: 500 }),
    kinds: fc.array(anyTarget, { minLength: 1, maxLength: 5 }),
  });
  type Any = typeof anyConfig extends fc.Arbitrary<infer T> ? T : never;

  function configOfAny({ vantages, profile, count, kinds }: Any): VigilConfigInput {
    const [home = HOME, ...others] = REGIONS.slice(0, vantages);
    const targets = Array.from({ length: count }, (_, n) => {
      const { name, words, isFollowed, hasSentinel } =
        kinds[n % kinds.length] ?? kinds[0] ?? never();
      return {
        ...(isFollowed ? target(n) : { url: `https://t${n}.example.com/mcp` }),
        name: `${"n".repeat(name)}-${n}`,
        owner: "ö".repeat(words + 1),
        ...(hasSentinel && { sentinels: [{ tool: "ping" }] }),
      };
    });
    return { vantages: [home, ...others], profile, targets };
  }

  it("gives bodies within every limit, with each target once, as many as names are told", () => {
    const everyLimitHolds = fc.property(anyConfig, (any) => {
      const stage = "s".repeat(any.stage);
      const input = configOfAny(any);
      const all = drawn(input, stage);
      expect(dashboardNames(configOf(input), (name) => `vigil-${stage}-${name}`)).toEqual(
        all.map(({ name }) => name),
      );
      for (const { body } of all) expectWithin(JSON.stringify(body));
      expect(all.flatMap((_, n) => headings(all, n))).toEqual(
        input.targets.map(({ name }) => name),
      );
    });
    fc.assert(everyLimitHolds, { numRuns: 12 });
  });
});

/** By a reading of the limits that is not the packer's. */
function expectWithin(json: string): void {
  const { widgets } = bodySchema.parse(JSON.parse(json));
  const metrics = widgets.map((one) => (one.type === "metric" ? one.properties.metrics.length : 0));
  expect(metrics.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(MAX_DASHBOARD_METRICS);
  expect(new URLSearchParams({ DashboardBody: json }).toString().length).toBeLessThan(1_000_000);
  expect(widgets.filter(({ x, width }) => x + width > 24)).toEqual([]);
}

function never(): never {
  throw new Error("there is at least one kind of target");
}
