import { describe, expect, it } from "vitest";
import { nearest } from "../../src/config/nearest.ts";

const KEYS = ["name", "url", "auth", "headers", "clientTimeoutMs", "runTimeoutMs", "sentinels"];

describe("nearest", () => {
  it.each([
    ["URL", "url"],
    ["uri", "url"],
    ["auht", "auth"],
    ["header", "headers"],
    ["sentinel", "sentinels"],
    ["clientTimeout", "clientTimeoutMs"],
    ["run_timeout_ms", "runTimeoutMs"],
    ["colour", null],
    ["x", null],
    ["", null],
    ["timeout", null],
  ])("takes %j for %j", (word, meant) => {
    expect(nearest(word, KEYS)).toBe(meant);
  });
});
