import type { Status } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { type ExitCode, exitCodeOf, type FailOn, worstExitCode } from "../src/exit-codes.ts";

describe("exitCodeOf", () => {
  it.each<[Status, FailOn, ExitCode]>([
    ["up", "down", 0],
    ["up", "degraded", 0],
    ["degraded", "down", 0],
    ["degraded", "degraded", 3],
    ["down", "down", 1],
    ["down", "degraded", 1],
    ["unknown", "down", 4],
    ["unknown", "degraded", 4],
  ])("%s, --fail-on %s", (status, failOn, code) => {
    expect(exitCodeOf(status, failOn)).toBe(code);
  });
});

describe("worstExitCode", () => {
  it.each<[readonly ExitCode[], ExitCode]>([
    [[], 0],
    [[0, 0], 0],
    [[0, 3], 3],
    [[3, 4, 0], 4],
    [[4, 3, 1], 1],
    [[1, 2, 4, 3, 0], 2],
  ])("%j", (codes, worst) => {
    expect(worstExitCode(codes)).toBe(worst);
  });
});
