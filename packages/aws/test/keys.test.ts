import { describe, expect, it } from "vitest";
import { canonicalTime, parseRunKey, parseStateKey, runKey, stateKey } from "../src/index.ts";

describe("keys", () => {
  const run = { target: "orders", scheduledAt: "2026-11-22T08:00:00.000Z", vantage: "eu-west-1" };

  it("builds and parses a run's key", () => {
    const key = { pk: "TARGET#orders", sk: "RUN#2026-11-22T08:00:00.000Z#eu-west-1" };
    expect(runKey(run)).toEqual(key);
    expect(parseRunKey(key)).toEqual(run);
  });

  it("gives one key to one moment, however it is written", () => {
    const spellings = ["2026-11-22T08:00:00Z", "2026-11-22T09:00:00+01:00", "2026-11-22T08:00Z"];
    for (const scheduledAt of spellings) {
      expect(runKey({ ...run, scheduledAt })).toEqual(runKey(run));
    }
  });

  it("builds and parses a state's key", () => {
    const state = { target: "orders", vantage: "local" };
    expect(stateKey(3, state)).toEqual({ pk: "STATE#3", sk: "orders#local" });
    expect(parseStateKey("orders#local")).toEqual(state);
  });

  it.each([
    ["another kind of item", { pk: "TARGET#orders", sk: "HOUR#2026-11-22T08#local" }],
    ["another partition", { pk: "STATE#0", sk: "RUN#2026-11-22T08:00:00.000Z#local" }],
    ["no vantage", { pk: "TARGET#orders", sk: "RUN#2026-11-22T08:00:00.000Z" }],
  ])("sees no run in %s", (_, key) => {
    expect(parseRunKey(key)).toBeNull();
  });

  it("sees no state in a sort key without a target", () => {
    expect(parseStateKey("orders")).toBeNull();
    expect(parseStateKey("#local")).toBeNull();
  });

  it("refuses what is no time", () => {
    expect(() => canonicalTime("yesterday")).toThrow(RangeError);
  });
});
