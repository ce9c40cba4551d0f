import { describe, expect, it } from "vitest";
import {
  type AttemptCounts,
  burnRate,
  countAttempts,
  coverageOf,
  coveredSpans,
  errorBudget,
  type HourRollup,
  periodsOf,
  rollUp,
  sliOf,
  type TimeWindow,
} from "../../src/index.ts";
import { minute, type Outcome, run } from "../state-runs.ts";

const at = (n: number) => Date.parse(minute(n));
const window = (from: number, to: number): TimeWindow => ({ from: at(from), to: at(to) });

/** One run a minute, as letters; "-" for a minute without a run, and lower case for one in a gap. */
function hoursOf(letters: string, firstMinute = 0, vantage = "eu-west-1"): readonly HourRollup[] {
  const records = [...letters].flatMap((letter, n) =>
    letter === "-"
      ? []
      : [
          run(letter.toUpperCase() as Outcome, firstMinute + n, {
            vantage,
            gap: letter === letter.toUpperCase() ? null : minute(0),
          }),
        ],
  );
  return rollUp(records, 60_000);
}

describe("countAttempts", () => {
  it.each<[string, string, TimeWindow, AttemptCounts, AttemptCounts]>([
    ["good: up and degraded", "UGUG", window(0, 60), counts(4), counts(4)],
    ["bad: down, though a repeat was well", "DFTU", window(0, 60), counts(1, 3), counts(1, 3)],
    ["neither: unknown", "??U", window(0, 60), counts(1, 0, 2), counts(1, 0, 2)],
    ["within a gap", "UdgU?u", window(0, 60), counts(4, 1, 1), counts(2, 0, 1)],
    ["nothing for a minute without a run", "U--D", window(0, 60), counts(1, 1), counts(1, 1)],
    ["from, inclusive", "DUU", window(1, 60), counts(2), counts(2)],
    ["to, exclusive", "UUD", window(0, 2), counts(2), counts(2)],
    ["an hour cut at both ends, gaps too", "dUuDd", window(1, 4), counts(2, 1), counts(1, 1)],
    ["nothing of another time", "UUU", window(60, 120), counts(0), counts(0)],
  ])("%s", (_name, letters, within, raw, gapExcluded) => {
    expect(countAttempts(hoursOf(letters), within)).toEqual({ raw, gapExcluded });
  });

  it("adds up hours and vantages", () => {
    const rollups = [...hoursOf("UD".repeat(60), 30), ...hoursOf("U".repeat(90), 0, "local")];
    expect(countAttempts(rollups, window(50, 70)).raw).toEqual(counts(30, 10));
  });
});

function counts(good: number, bad = 0, unknown = 0): AttemptCounts {
  return { good, bad, unknown };
}

describe("sliOf, burnRate and errorBudget", () => {
  it.each<[string, AttemptCounts, number | null, number | null]>([
    ["all good", counts(1_000), 1, 0],
    ["just what is allowed", counts(999, 1), 0.999, 1],
    ["ten times as much", counts(990, 10), 0.99, 10],
    ["all bad", counts(0, 60), 0, 1_000],
    ["unknown runs are not judged", counts(999, 1, 9_000), 0.999, 1],
    ["nothing judged", counts(0, 0, 7), null, null],
  ])("%s", (_name, attempts, sli, burn) => {
    expect(sliOf(attempts)).toBe(sli);
    expect(burnRate(attempts, 99.9)).toBe(burn);
  });

  it("tells the budget in runs, in percent and in minutes", () => {
    const question = { counts: counts(43_180, 20, 5), objective: 99.9, runMs: 60_000 };
    expect(errorBudget(question)).toEqual({
      allowedRuns: 43.2,
      spentRuns: 20,
      leftRuns: 23.2,
      leftPercent: 53.704,
      allowedMinutes: 43.2,
      spentMinutes: 20,
      leftMinutes: 23.2,
    });
  });

  it("tells what is overdrawn, and counts a run for its interval", () => {
    const question = { counts: counts(90, 10), objective: 95, runMs: 10_000 };
    expect(errorBudget(question)).toEqual({
      allowedRuns: 5,
      spentRuns: 10,
      leftRuns: -5,
      leftPercent: -100,
      allowedMinutes: 0.833,
      spentMinutes: 1.667,
      leftMinutes: -0.833,
    });
  });

  it("has no percentage of nothing", () => {
    const question = { counts: counts(0), objective: 99, runMs: 60_000 };
    expect(errorBudget(question)).toMatchObject({ allowedRuns: 0, leftPercent: null });
  });
});

describe("coverageOf", () => {
  it.each<[string, readonly HourRollup[], TimeWindow, number, number]>([
    ["every minute seen", hoursOf("U".repeat(60)), window(0, 60), 0, 60],
    ["three minutes missing", hoursOf(`UU---${"U".repeat(55)}`), window(0, 60), 3, 60],
    ["a run that could judge nothing is a run", hoursOf("?".repeat(60)), window(0, 60), 0, 60],
    ["the window's first minutes missing", hoursOf("U".repeat(50), 10), window(0, 60), 10, 60],
    ["the newest run's successor is under way", hoursOf("U".repeat(59)), window(0, 60), 0, 60],
    ["the newest run's successor is overdue", hoursOf("U".repeat(58)), window(0, 60), 1, 60],
    ["two are overdue", hoursOf("U".repeat(57)), window(0, 60), 2, 60],
    ["nothing seen at all", [], window(0, 60), 60, 60],
    [
      "one vantage stands in for the other",
      [...hoursOf("U".repeat(30)), ...hoursOf("U".repeat(40), 25, "local")],
      window(0, 60),
      0,
      60,
    ],
    ["a run before the window reaches into it", hoursOf("UUU", -1), window(0, 2), 0, 2],
  ])("%s", (_name, rollups, within, missingMinutes, minutes) => {
    const spans = coveredSpans(rollups);
    const coverage = coverageOf({ spans, window: within, firstRunAt: at(-1_000) });
    expect(coverage).toMatchObject({ missingMinutes, elapsedMs: minutes * 60_000 });
  });

  it.each<[string, number, number, number]>([
    ["every 10 s", 10_000, 360, 0],
    ["every 5 min", 300_000, 12, 0],
    ["every 5 min, half of the hour", 300_000, 6, 25],
    ["every 24 h", 86_400_000, 1, 0],
  ])("counts a run for its interval: %s", (_name, everyMs, runs, missingMinutes) => {
    const records = Array.from({ length: runs }, (_, n) =>
      run("U", 0, { scheduledAt: new Date(at(0) + n * everyMs).toISOString() }),
    );
    const spans = coveredSpans(rollUp(records, everyMs));
    const coverage = coverageOf({ spans, window: window(0, 60), firstRunAt: at(0) });
    expect(coverage.missingMinutes).toBe(missingMinutes);
  });

  it.each<[string, number | null, object]>([
    ["asks nothing before the first run", at(30), { elapsedMs: 1_800_000, ratio: 1 }],
    ["asks nothing of a target that never ran", null, { elapsedMs: 0, ratio: null }],
    ["asks nothing before a first run yet to come", at(90), { elapsedMs: 0, ratio: null }],
  ])("%s", (_name, firstRunAt, expected) => {
    const spans = coveredSpans(hoursOf("U".repeat(30), 30));
    expect(coverageOf({ spans, window: window(0, 60), firstRunAt })).toMatchObject(expected);
  });

  it("has one span for runs that follow each other, over hours and vantages", () => {
    const rollups = [...hoursOf("U".repeat(180)), ...hoursOf("U".repeat(90), 60, "local")];
    expect(coveredSpans(rollups)).toEqual([window(0, 181)]);
  });
});

describe("periodsOf", () => {
  const rollups = [...hoursOf("U".repeat(90)), ...hoursOf("U", 16 * 60)];

  it.each<[string, "hour" | "day", TimeWindow, string[]]>([
    [
      "hours, those cut and those empty too",
      "hour",
      window(30, 181),
      ["08:1", "09:1", "10:0", "11:0"],
    ],
    ["whole hours", "hour", window(0, 120), ["08:1", "09:1"]],
    ["days of UTC", "day", window(0, 16 * 60 + 1), ["00:2", "00:1"]],
    ["none in no time", "hour", window(0, 0), []],
  ])("gives %s", (_name, period, within, expected) => {
    const periods = periodsOf(rollups, period, within);
    const shown = periods.map(({ from, rollups: { length } }) => {
      return `${new Date(from).toISOString().slice(11, 13)}:${length}`;
    });
    expect(shown).toEqual(expected);
    expect(
      periods.every(({ from, to }, n) => to === (periods[n + 1]?.from ?? to) && to > from),
    ).toBe(true);
  });
});
