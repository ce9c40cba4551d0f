import { capacity } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { MAX_DATAPOINTS } from "../src/publish.ts";
import { ROLLUP_RETENTION_DAYS } from "../src/rollup-item.ts";
import { encodeRun, itemBytes, RUN_RETENTION_DAYS } from "../src/run-item.ts";
import { encodeState } from "../src/state-item.ts";
import { healthyRun, state } from "./fixtures.ts";

/** A month as the bill counts it. */
const MONTH_DAYS = capacity.MONTH_HOURS / 24;

describe("what the bill takes history to hold", () => {
  it.each([
    ["a healthy run", itemBytes(encodeRun(healthyRun())), capacity.RUN_ITEM_BYTES],
    ["a state", JSON.stringify(encodeState(0, state())).length, capacity.STATE_ITEM_BYTES],
    ["days of runs", RUN_RETENTION_DAYS / MONTH_DAYS, capacity.RUN_MONTHS],
    ["days of hours", ROLLUP_RETENTION_DAYS / MONTH_DAYS, capacity.HOUR_MONTHS],
  ])("is, within a tenth and never too little: %s", (_title, real, counted) => {
    expect(counted).toBeGreaterThanOrEqual(Math.floor(real));
    expect(counted).toBeLessThanOrEqual(real * 1.15);
  });

  it("publishes as many datapoints in a request", () => {
    expect(capacity.DATAPOINTS_PER_REQUEST).toBe(MAX_DATAPOINTS);
  });
});
