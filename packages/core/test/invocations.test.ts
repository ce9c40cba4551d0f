import { describe, expect, it } from "vitest";
import { pagerInvocationOf, readProbeInvocation } from "../src/invocations.ts";
import { readPagerInvocation } from "../src/pager-events.ts";
import { nextState } from "../src/state.ts";
import { minute, play, run } from "./state-runs.ts";

const TICK = { shard: 0, scheduledAt: "2026-11-22T08:00:00Z" };
const BURST = { targets: ["orders"], everyMs: 5_000, untilMs: 1_795_000_000_000 };

describe("what the probe function is asked", () => {
  it.each([
    ["a tick of the Scheduler", TICK, { kind: "scheduled", ...TICK }],
    ["a burst", BURST, { kind: "burst", ...BURST }],
  ])("reads %s", (_title, event, invocation) => {
    expect(readProbeInvocation(event)).toEqual({ ok: true, invocation });
  });

  it.each([
    ["nothing", undefined, ["event: Invalid input: expected object, received undefined"]],
    ["a text", "{}", ["event: Invalid input: expected object, received string"]],
    ["a shard below zero", { ...TICK, shard: -1 }, ["shard: Too small: expected number to be >=0"]],
    [
      "a placeholder that the Scheduler did not fill in",
      { ...TICK, scheduledAt: "<aws.scheduler.scheduled-time>" },
      ["scheduledAt: Invalid ISO datetime"],
    ],
    ["an unknown key", { ...TICK, targets_: [] }, ['event: Unrecognized key: "targets_"']],
    [
      "a burst of nobody, too often",
      { ...BURST, targets: [], everyMs: 10 },
      [
        "targets: Too small: expected array to have >=1 items",
        "everyMs: Too small: expected number to be >=1000",
      ],
    ],
  ])("refuses %s", (_title, event, problems) => {
    expect(readProbeInvocation(event)).toEqual({ ok: false, problems });
  });
});

describe("what the pager is told", () => {
  it.each([
    ["the first good run", "", "U", null],
    ["a run like the one before", "UU", "U", null],
    ["going down", "UU", "D", ["up", "down"]],
    ["down at the first run", "", "D", [null, "down"]],
    ["a failure that a repeat did not show", "UU", "F", null],
    ["degraded after three of five", "UGUG", "G", ["up", "degraded"]],
    ["well again", "UUDU", "U", ["down", "up"]],
    ["unknown", "UU??", "?", null],
  ] as const)("of %s", (_title, before, outcome, change) => {
    const previous = before === "" ? null : (play(before).states.at(-1) ?? null);
    const record = run(outcome, 9);
    const { state, events } = nextState(previous, record);
    const told = pagerInvocationOf(record, state, events);
    expect(told === null ? null : [told.from, told.to]).toEqual(change);
    if (told !== null) {
      const sent: unknown = JSON.parse(JSON.stringify(told));
      expect(readPagerInvocation(sent)).toEqual({ ok: true, invocation: told });
      expect(told).toMatchObject({ target: "orders", vantage: "eu-west-1", at: minute(9) });
    }
  });

  it("refuses what is no payload of ours", () => {
    const read = readPagerInvocation({ schema: 2, kind: "state-change" });
    expect(read.ok).toBe(false);
  });
});
