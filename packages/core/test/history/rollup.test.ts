import { describe, expect, it } from "vitest";
import {
  addToRollup,
  emptyRollup,
  firstAttemptStatus,
  type HourRollup,
  hourOf,
  type RunRecord,
  rollupShare,
  type Status,
  summarise,
} from "../../src/index.ts";
import { failure, minute, type Outcome, run } from "../state-runs.ts";

const KEY = { target: "orders", vantage: "eu-west-1", hour: "2026-11-22T08:00:00.000Z" };

function add(rollup: HourRollup, record: RunRecord, everyMs = 60_000): HourRollup {
  const share = rollupShare(record, everyMs);
  if (share === null) throw new Error("nothing to add");
  return addToRollup(rollup, share);
}

function rollupOf(records: readonly RunRecord[]): HourRollup {
  return records.reduce((rollup, record) => add(rollup, record), emptyRollup(KEY));
}

describe("firstAttemptStatus", () => {
  it.each<[string, Outcome, Status]>([
    ["up", "U", "up"],
    ["degraded, which is usable", "G", "degraded"],
    ["down, confirmed", "D", "down"],
    ["down, though a repeat was well", "F", "down"],
    ["a time-out that a repeat did not show: its client got no answer", "T", "down"],
    ["unknown", "?", "unknown"],
  ])("%s", (_name, outcome, status) => {
    expect(firstAttemptStatus(run(outcome, 0))).toBe(status);
  });

  it("is down for a first attempt that a cold start timed out", () => {
    const failures = [failure("slow"), failure("cold-start-timeout")];
    expect(firstAttemptStatus(run("G", 0, { failures }))).toBe("down");
  });
});

describe("rollupShare", () => {
  it.each(["burst", "manual"] as const)("leaves out a %s run", (kind) => {
    expect(rollupShare(run("U", 0, { kind }), 60_000)).toBeNull();
  });

  it("counts each mode of a run once", () => {
    const failures = [failure("slow"), failure("tools-empty"), failure("slow")];
    expect(rollupShare(run("D", 3, { failures }), 60_000)).toEqual({
      ...KEY,
      offset: 180_000,
      first: "down",
      effective: "down",
      modes: ["slow", "tools-empty"],
      inGap: false,
      coveredMs: 60_000,
      latency: null,
    });
  });
});

describe("hourOf", () => {
  it.each([
    ["2026-11-22T08:00:00.000Z", "2026-11-22T08:00:00.000Z"],
    ["2026-11-22T08:59:59.999Z", "2026-11-22T08:00:00.000Z"],
    ["2026-11-22T10:30:00+02:30", "2026-11-22T08:00:00.000Z"],
    [0, "1970-01-01T00:00:00.000Z"],
  ])("%s is in %s", (time, hour) => {
    expect(hourOf(time)).toBe(hour);
  });

  it("refuses what is no time", () => {
    expect(() => hourOf("soon")).toThrow(RangeError);
  });
});

describe("addToRollup", () => {
  const records = [
    run("U", 0, { durationMs: 100 }),
    run("G", 1, { durationMs: 4_000.5 }),
    run("D", 2, { durationMs: 9_000 }),
    run("F", 3, { durationMs: 7_000, gap: minute(3) }),
    run("T", 4, { durationMs: 10_000 }),
    run("?", 5),
    run("U", 6, { durationMs: 100, gap: minute(3) }),
  ];
  const expected: HourRollup = {
    ...KEY,
    seen: [0, 60_000, 120_000, 180_000, 240_000, 300_000, 360_000],
    notUp: { degraded: [60_000], down: [120_000, 180_000, 240_000], unknown: [300_000] },
    inGap: [180_000, 360_000],
    effective: { up: 2, degraded: 3, down: 1, unknown: 1 },
    modes: {
      slow: 1,
      "tools-empty": 1,
      "connection-reset": 1,
      "transient-timeout": 1,
      "secret-unavailable": 1,
    },
    coveredMs: 420_000,
    latency: { 90: 2, 138: 1 },
    slowestMs: 4_000.5,
  };

  it("counts every kind of run", () => {
    expect(rollupOf(records)).toEqual(expected);
  });

  it("does not mind the order, nor runs that come twice", () => {
    expect(rollupOf([...records.toReversed(), ...records])).toEqual(expected);
  });

  it("tells runs apart that are less than a minute apart", () => {
    const close = [0, 5, 5.25, 10].map((seconds) =>
      run("U", 0, { scheduledAt: new Date(Date.parse(KEY.hour) + seconds * 1_000).toISOString() }),
    );
    expect(close.reduce((rollup, record) => add(rollup, record, 5_000), emptyRollup(KEY))).toEqual({
      ...emptyRollup(KEY),
      seen: [0, 5_000, 5_250, 10_000],
      effective: { up: 4, degraded: 0, down: 0, unknown: 0 },
      coveredMs: 20_000,
      latency: { 90: 4 },
      slowestMs: 100,
    });
  });

  it("sums up", () => {
    expect(summarise([expected, { ...expected, hour: "2026-11-22T09:00:00.000Z" }])).toEqual({
      runs: 14,
      first: { up: 4, degraded: 2, down: 6, unknown: 2 },
      effective: { up: 4, degraded: 6, down: 2, unknown: 2 },
      modes: {
        "connection-reset": 2,
        "secret-unavailable": 2,
        slow: 2,
        "tools-empty": 2,
        "transient-timeout": 2,
      },
      runsInGap: 4,
      latency: { p50Ms: 98, p95Ms: 3_942.5, p99Ms: 3_942.5, slowestMs: 4_000.5 },
    });
  });

  it("sums up nothing", () => {
    expect(summarise([])).toEqual({
      runs: 0,
      first: { up: 0, degraded: 0, down: 0, unknown: 0 },
      effective: { up: 0, degraded: 0, down: 0, unknown: 0 },
      modes: {},
      runsInGap: 0,
      latency: { p50Ms: null, p95Ms: null, p99Ms: null, slowestMs: null },
    });
  });
});
