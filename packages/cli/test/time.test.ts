import { describe, expect, it } from "vitest";
import {
  formatDuration,
  formatTime,
  formatTimestamp,
  parseDuration,
  parseSince,
} from "../src/time.ts";

describe("formatDuration", () => {
  it.each([
    [0, "0 ms"],
    [-3, "0 ms"],
    [999.4, "999 ms"],
    [999.6, "1 s"],
    [10_000, "10 s"],
    [1_236, "1.24 s"],
    [12_340, "12.3 s"],
    [59_960, "1 m"],
    [123_000, "2 m 3 s"],
    [3_600_000, "1 h"],
    [18_600_000, "5 h 10 m"],
    [273_600_000, "3 d 4 h"],
  ])("%s ms", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe("parseDuration", () => {
  it.each([
    ["500ms", 500],
    ["60s", 60_000],
    ["1.5m", 90_000],
    ["24h", 86_400_000],
    ["7d", 604_800_000],
    ["60", null],
    ["", null],
    ["-5s", null],
    ["1e3s", null],
    ["5 weeks", null],
  ])("%s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
});

describe("parseSince", () => {
  const now = Date.parse("2026-11-22T08:00:00Z");

  it("takes how long ago, or a time", () => {
    expect(parseSince("24h", now)).toEqual({ ok: true, value: now - 86_400_000 });
    expect(parseSince("2026-11-22T07:00Z", now)).toEqual({ ok: true, value: now - 3_600_000 });
  });

  it.each([
    ["2026-11-22T08:01Z", "has yet to come"],
    ["0m", "is now"],
  ])("refuses %j, which %s", (text, why) => {
    expect(parseSince(text, now)).toMatchObject({
      complaint: { message: expect.stringContaining(`--since "${text}" ${why}: no run can be`) },
    });
  });

  it.each(["yesterday", "24", "2026-99-01", ""])("refuses %j", (text) => {
    expect(parseSince(text, now)).toEqual({
      ok: false,
      complaint: {
        message: `--since ${JSON.stringify(text)} is no time. Write how long ago (30m, 24h, 7d) or an ISO time (2026-11-22T08:00Z).`,
      },
    });
  });
});

it("times are the machine's own, with their offset", () => {
  const at = Date.parse("2026-11-22T23:30:05Z");
  expect(formatTimestamp(at, () => 60)).toBe("2026-11-23 00:30:05 +01:00");
  expect(formatTimestamp(at, () => -210)).toBe("2026-11-22 20:00:05 -03:30");
  expect(formatTimestamp(at, () => 0)).toBe("2026-11-22 23:30:05 +00:00");
  expect(formatTime(at, () => 60)).toBe("00:30:05");
});
