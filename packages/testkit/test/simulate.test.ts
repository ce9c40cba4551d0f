import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { Agenda } from "../simulate/agenda.ts";
import { command } from "../simulate/command.ts";
import { playDay, type Scene } from "../simulate/day.ts";
import { DISTRIBUTIONS } from "../simulate/distributions.ts";
import { missedGoals } from "../simulate/goals.ts";
import { Random } from "../simulate/random.ts";
import { simulate } from "../simulate/simulate.ts";
import type { Scheduling } from "../simulate/world.ts";

/** A minute of computing, where others compute too. */
const PATIENCE = { timeout: 240_000 };

const played = (scheduling: Scheduling) =>
  simulate({ days: 40, seed: 1, scheduling, flakeShare: 0.01, progress: () => undefined });

describe("a short simulation", () => {
  const steady = played("steady");

  test("keeps its goals where schedules keep to their second", () => {
    expect(missedGoals({ ...steady, falsePagesPerYear: 0 })).toEqual([]);
    // So few days hold a handful of false pages, each of which stands for a fifth of a year's one.
    expect(steady.falsePagesPerYear).toBeLessThan(3);
  });

  test("is about something", () => {
    const { detail } = steady;
    const { fast, timeout, fastFastWayDead, timeoutFastWayDead } = detail;
    for (const { outages } of [fast, timeout, fastFastWayDead, timeoutFastWayDead]) {
      expect(outages).toBeGreaterThan(15);
    }
    expect(detail.gaps).toBeGreaterThan(50);
    expect(steady.pageP95SecondsFastWayDead).toBeGreaterThan(steady.pageP95Seconds);
  });

  test("comes to the same figures again", PATIENCE, () => {
    expect(played("steady")).toEqual(steady);
  });

  test("tells later where every minute is drawn anew, and misses no other goal", PATIENCE, () => {
    const independent = played("independent");
    expect(independent.pageP95Seconds).toBeGreaterThan(steady.pageP95Seconds);
    expect(missedGoals({ ...independent, pageP95Seconds: 0, falsePagesPerYear: 0 })).toEqual([]);
  });
});

const QUIET: Scene = {
  scheduling: "steady",
  outages: null,
  deployments: null,
  isFastWayAlive: true,
  copies: 3,
  flakeShare: 0,
  tilt: 1,
};

/** What is wrong shows: a score that could not fail would say nothing. */
describe("a day", () => {
  test("without flakes, outages and deployments tells nobody of anything", () => {
    expect(playDay(QUIET, 7)).toEqual({
      pagedAfterMs: [],
      falsePages: 0,
      falsePagesWeighed: 0,
      pagesOfExposedGaps: 0,
      pagesDuringShieldedGaps: 0,
      duplicatePages: 0,
      gaps: [],
      unseenGaps: 0,
    });
  });

  test("whose attempts fail half of the time has false pages", () => {
    expect(playDay({ ...QUIET, flakeShare: 0.5 }, 7).falsePages).toBeGreaterThan(5);
  });

  test("of outages that hang is told later than one of those that fail at once", () => {
    const mean = (outages: "fast" | "timeout") => {
      const { pagedAfterMs } = playDay({ ...QUIET, outages }, 7);
      const told = pagedAfterMs.flatMap((ms) => ms ?? []);
      return told.reduce((sum, ms) => sum + ms, 0) / told.length;
    };
    expect(mean("timeout") - mean("fast")).toBeGreaterThan(5_000);
  });
});

describe("what it is drawn from", () => {
  test.each(Object.entries(DISTRIBUTIONS))("%s: a time, and its source", (_name, distribution) => {
    const random = new Random(3);
    const values = Array.from({ length: 500 }, () => distribution.sample(random));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(15 * 60_000);
    expect(distribution.source).not.toBe("");
  });

  test("skewed: half below the median, 95 % below p95", () => {
    const random = new Random(3);
    const values = Array.from({ length: 20_000 }, () => random.skewed(400, 1_500));
    const below = (limit: number) => values.filter((value) => value < limit).length / 20_000;
    expect(below(400)).toBeCloseTo(0.5, 1);
    expect(below(1_500)).toBeCloseTo(0.95, 2);
  });

  test("the agenda keeps to time, and to the order of entering at one time", () => {
    const agenda = new Agenda(0);
    const seen: string[] = [];
    for (const [at, name] of [
      [3, "c"],
      [1, "a"],
      [3, "d"],
      [2, "b"],
      [9, "z"],
    ] as const) {
      agenda.at(at, () => seen.push(`${name}${agenda.now}`));
    }
    agenda.run(5);
    expect(seen).toEqual(["a1", "b2", "c3", "d3"]);
  });
});

function told(...args: readonly string[]) {
  let out = "";
  let err = "";
  const code = command(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

describe("the command", () => {
  test.each([
    [["--days", "19"], "simulate: --days wants a whole number of at least 20\n"],
    [["--days", "many"], "simulate: --days wants a whole number of at least 20\n"],
    [["--seed", "-1"], "simulate: Option '--seed' argument is ambiguous."],
    [["--seed", "1.5"], "simulate: --seed wants a whole number of at least 0\n"],
    [["--schedule", "never"], "simulate: --schedule wants independent or steady\n"],
    [["--flake", "2"], "simulate: --flake wants a share from 0 to 0.1, e.g. 0.01\n"],
    [["--flake", ""], "simulate: --flake wants a share from 0 to 0.1, e.g. 0.01\n"],
    [["--fast"], "simulate: Unknown option '--fast'"],
  ])("%s is refused", (args, says) => {
    const { code, out, err } = told(...args);
    expect({ code, out, first: err.slice(0, says.length) }).toEqual({
      code: 2,
      out: "",
      first: says,
    });
  });

  test(
    "says how it goes on stderr, the figures in the last line of stdout; --strict fails on a goal",
    PATIENCE,
    () => {
      const { code, out, err } = told("--days", "20", "--flake", "0.1", "--json", "--strict");
      expect(code).toBe(1);
      expect(out.split("\n")).toHaveLength(2);
      expect(JSON.parse(out)).toMatchObject({
        pageP95Seconds: expect.any(Number),
        pageP95SecondsFastWayDead: expect.any(Number),
        falsePagesPerYear: expect.any(Number),
        missedOutages: expect.any(Number),
        gapStartBoundsHold: true,
        gapEndErrorSeconds: expect.any(Number),
        pagesDuringShieldedGaps: expect.any(Number),
        duplicatePages: expect.any(Number),
        goalsMissed: expect.arrayContaining(["falsePagesPerYear"]),
        schedule: "steady",
        days: 20,
        seed: 1,
        flakeShare: 0.1,
      });
      expect(err).toMatch(/^simulate: \d+ of 20 target-days\n/u);
    },
  );

  test("runs from the repository, as npm runs it", async () => {
    const run = join(import.meta.dirname, "../simulate/run.mjs");
    const { stdout } = await promisify(execFile)(process.execPath, [run, "--help"]);
    expect(stdout).toMatch(/^Usage: npm run simulate -- \[options\]\n/u);
  });
});
