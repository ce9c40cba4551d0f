import { describe, expect, it } from "vitest";
import { datapointsOf, METRIC_NAMES, METRICS, vantageDatapoints } from "../src/metrics/index.ts";
import type { RecordedStep, RunRecord } from "../src/verdict.ts";
import { minute, type Outcome, run } from "./state-runs.ts";

function step(name: RecordedStep["step"], durationMs: number | null): RecordedStep {
  const outcome = durationMs === null ? "not-reached" : "ok";
  return { step: name, outcome, startMs: 0, durationMs, firstByteMs: null };
}

const STEPS = [
  step("negotiate", 80),
  step("listTools", 30),
  step("callTool", 50),
  step("callTool", 70),
];

function told(record: RunRecord, profile: "lean" | "standard"): Readonly<Record<string, number>> {
  const points = datapointsOf(record, profile);
  return Object.fromEntries(points.map(({ metric, value }) => [metric, value]));
}

const ALL = { ProbeSuccess: 1, ProbeDuration: 100, InitializeDuration: 80, ToolCallDuration: 70 };

const RUNS: readonly (readonly [string, Outcome, Partial<RunRecord>, object, object])[] = [
  ["a good run", "U", { steps: STEPS }, ALL, { ProbeSuccess: 1 }],
  ["a degraded run", "G", { steps: STEPS }, ALL, { ProbeSuccess: 1 }],
  ["a confirmed failure", "D", { steps: STEPS }, { ProbeSuccess: 0 }, { ProbeSuccess: 0 }],
  [
    "a failure that a repeat did not show",
    "F",
    { steps: STEPS },
    { ProbeSuccess: 1 },
    { ProbeSuccess: 1 },
  ],
  ["a run that could not judge", "?", { steps: STEPS }, {}, {}],
  ["a burst's run", "D", { kind: "burst" }, {}, {}],
  ["a run by hand", "U", { kind: "manual" }, {}, {}],
  [
    "a run without a sentinel",
    "U",
    { steps: [step("negotiate", 80), step("callTool", null)] },
    { ProbeSuccess: 1, ProbeDuration: 100, InitializeDuration: 80 },
    { ProbeSuccess: 1 },
  ],
];

describe("what a run says in metrics", () => {
  it.each(RUNS)("%s", (_title, outcome, changes, standard, lean) => {
    const record = run(outcome, 3, changes);
    expect(told(record, "standard")).toEqual(standard);
    expect(told(record, "lean")).toEqual(lean);
  });

  it("is stamped with the minute that the run stands for, and with target and vantage", () => {
    expect(datapointsOf(run("U", 3, { startedAt: minute(4) }), "lean")).toEqual([
      {
        metric: "ProbeSuccess",
        unit: "None",
        value: 1,
        at: minute(3),
        dimensions: { Target: "orders", Vantage: "eu-west-1" },
      },
    ]);
  });
});

describe("what a vantage says of itself", () => {
  const COUNTS = { vantage: "eu-west-1", at: minute(0), probed: 7, unknown: 0, sinkFailures: 0 };
  const names = (counts: object) =>
    vantageDatapoints({ ...COUNTS, ...counts }).map(({ metric, value }) => [metric, value]);

  it.each([
    ["all is well", {}, [["TargetsProbed", 7]]],
    ["nothing was probed", { probed: 0 }, [["TargetsProbed", 0]]],
    ["it was no minute's run", { probed: null, sinkFailures: 2 }, [["SinkFailures", 2]]],
    ["it was none, and all is well", { probed: null }, []],
    [
      "something was unknown",
      { unknown: 2 },
      [
        ["TargetsProbed", 7],
        ["ProbeUnknown", 2],
      ],
    ],
    [
      "a sink failed",
      { sinkFailures: 1 },
      [
        ["TargetsProbed", 7],
        ["SinkFailures", 1],
      ],
    ],
  ])("when %s", (_title, counts, expected) => {
    expect(names(counts)).toEqual(expected);
  });
});

it("defines every metric with dimensions that a bill can be counted by", () => {
  expect(METRIC_NAMES.map((name) => METRICS[name].dimensions.length > 0)).not.toContain(false);
});
