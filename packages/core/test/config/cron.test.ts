import { describe, expect, it } from "vitest";
import { cronProblems } from "../../src/config/cron.ts";
import { durationMs } from "../../src/config/duration.ts";

const unreadable = (names: string) => `has a field that cron cannot read: ${names}`;
const MINUTE = unreadable("minute (0-59)");
const HOUR = unreadable("hour (0-23)");
const DAY = unreadable("day of the month (1-31)");
const MONTH = unreadable("month (1-12)");
const WEEKDAY = unreadable("day of the week (0-7)");

describe("cronProblems", () => {
  it.each([
    "* * * * *",
    "0 3 * * 0",
    "  59   23 31 12 7 ",
    "*/5 0-23/2 1,15 JAN-mar,oct Mon-FRI",
    "0,30 */6 * * 1-5",
    "0 0 29 2 *",
    "0 0 30,31 2,4 *",
    "0 0 31 2 1",
  ])("accepts %j", (text) => {
    expect(cronProblems(text)).toEqual([]);
  });

  it.each([
    ["0 3 * *", "has 4 fields and needs 5"],
    ["cron(0 3 * * ? *)", "has 6 fields and needs 5"],
    ["@daily", "has 1 field and needs 5"],
    ["60 * * * *", MINUTE],
    ["-1 * * * *", MINUTE],
    ["1.5 * * * *", MINUTE],
    ["*/0 * * * *", MINUTE],
    ["5/15 * * * *", MINUTE],
    ["0-59/5/5 * * * *", MINUTE],
    ["0-10-20 * * * *", MINUTE],
    ["1,,2 * * * *", MINUTE],
    ["1, * * * *", MINUTE],
    ["20-10 * * * *", MINUTE],
    ["* 24 * * *", HOUR],
    ["* * 0 * *", DAY],
    ["* * L * *", DAY],
    ["* * ? * *", DAY],
    ["* * * 13 *", MONTH],
    ["* * * sun *", MONTH],
    ["* * * * 8", WEEKDAY],
    ["* * * * 1#2", WEEKDAY],
    ["* * * * fri-mon", WEEKDAY],
    ["x y 1 1 1", unreadable("minute (0-59), hour (0-23)")],
    ["0 0 30 2 *", "names a day that never comes"],
    ["0 0 31 2,4,6,9,11 *", "names a day that never comes"],
  ])("refuses %j: %s", (text, problem) => {
    expect(cronProblems(text)).toEqual([problem]);
  });
});

describe("durationMs", () => {
  it.each([
    ["90s", 90_000],
    ["60m", 3_600_000],
    ["1h", 3_600_000],
    ["0s", 0],
    ["60", null],
    ["1d", null],
    ["1.5h", null],
    ["-1h", null],
    ["1h30m", null],
    ["", null],
  ])("%j is %j", (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });
});
