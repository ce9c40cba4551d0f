import { describe, expect, it } from "vitest";
import { datapointsOf, vantageDatapoints } from "../src/metrics/index.ts";
import { packBySize, readSpilled, republishable } from "../src/spill.ts";
import { minute, run } from "./state-runs.ts";

describe("spilled things", () => {
  it.each([
    ["runs", { schema: 1, kind: "runs", runs: [run("U", 0), run("D", 1)] }],
    [
      "datapoints",
      { schema: 1, kind: "datapoints", datapoints: datapointsOf(run("D", 1), "lean") },
    ],
  ])("come back equal: %s", (_title, message) => {
    expect(readSpilled(JSON.stringify(message))).toEqual(message);
  });

  it.each<readonly [string, string]>([
    ["no JSON", "hello"],
    ["another schema", JSON.stringify({ schema: 2, kind: "runs", runs: [] })],
    ["another kind", JSON.stringify({ schema: 1, kind: "states", states: [] })],
    ["a run without a time", JSON.stringify({ schema: 1, kind: "runs", runs: [{ runId: "1" }] })],
    ...["unit", "dimensions"].map((key) => {
      const [datapoint = {}] = datapointsOf(run("D", 1), "lean");
      const rest = Object.fromEntries(Object.entries(datapoint).filter(([name]) => name !== key));
      const message = { schema: 1, kind: "datapoints", datapoints: [rest] };
      return [`a datapoint without ${key}`, JSON.stringify(message)] as const;
    }),
  ])("are told apart from %s", (_title, text) => {
    expect(readSpilled(text)).toBeNull();
  });
});

it("sends success and durations again for three hours, and a heartbeat never", () => {
  const now = Date.parse(minute(0)) + 3 * 3_600_000;
  const heartbeat = vantageDatapoints({
    vantage: "eu-west-1",
    at: minute(5),
    probed: 1,
    unknown: 1,
    sinkFailures: 1,
  });
  const old = datapointsOf(run("D", 0), "lean");
  const young = datapointsOf(run("D", 1), "lean");
  expect(republishable([...old, ...young, ...heartbeat], now)).toEqual(young);
});

describe("packs", () => {
  // A text of n characters takes n + 2 bytes of JSON and a comma.
  it.each([
    ["nothing", [], []],
    ["what fits", ["aaaa", "bbbb"], [2]],
    ["what does not", ["aaaa", "bbbb", "cccc"], [2, 1]],
    ["what is too large for any", ["a", "b".repeat(30), "c"], [1, 1, 1]],
    ["letters of more than one byte", ["ééé", "ééé"], [1, 1]],
  ])("of %s", (_title, things, sizes) => {
    const packs = packBySize(things, 15);
    expect(packs.map((pack) => pack.length)).toEqual(sizes);
    expect(packs.flat()).toEqual(things);
  });
});
