import type { GapRecord, RunRecord } from "@vigil/core";
import { runRecord } from "@vigil/testkit/records";
import { describe, expect, it } from "vitest";
import { lingeringGap } from "../src/index.ts";

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 8, 0, second)).toISOString();

const CLOSED: GapRecord = {
  target: "orders",
  openedAt: at(10),
  start: { notBefore: at(0), notAfter: at(10) },
  end: { notBefore: at(95), notAfter: at(100) },
  ended: "ready",
  exposure: "exposed",
  course: [],
  deployments: [],
  version: "2",
  reason: null,
  overdueAt: null,
  evidence: null,
};

const run = (second: number, status: RunRecord["status"], confirmed: boolean) =>
  runRecord({ scheduledAt: at(second), startedAt: at(second), status, confirmed });

interface Past {
  readonly gap?: GapRecord | null;
  readonly runs?: readonly RunRecord[];
  readonly second?: number;
}

function lingers({ gap = CLOSED, runs = [], second = 130 }: Past) {
  const listing = <T>(items: readonly T[]) =>
    Object.assign(
      (async function* () {
        yield* items;
      })(),
      { unreadable: [] },
    );
  return lingeringGap(
    { name: "orders", lambda: null },
    {
      history: {
        gaps: () => listing(gap === null ? [] : [gap]),
        runs: (_target, { since = "" } = {}) =>
          Object.assign(listing(runs.filter(({ scheduledAt }) => scheduledAt >= since)), {
            skipped: 0,
          }),
      },
      clock: { now: () => Date.parse(at(second)) },
    },
  );
}

const NOT: readonly (readonly [string, Past])[] = [
  ["there never was one", { gap: null }],
  ["one is open, which is no one's to linger", { gap: { ...CLOSED, end: null, ended: null } }],
  ["the function is gone", { gap: { ...CLOSED, ended: "gone" } }],
  ["it closed longer ago than a gap may hold a page", { second: 401 }],
  ["a run after it failed", { runs: [run(120, "down", true)] }],
];

describe("a gap that has closed", () => {
  it.each(NOT)("explains nothing when %s", async (_name, past) => {
    expect(await lingers(past)).toBeNull();
  });

  it.each([
    ["before there was a run", {}],
    ["what the runs in it found", { runs: [run(60, "down", true)] }],
    ["while the first run after it is clean", { runs: [run(120, "up", false)] }],
    ["what a repeat did not show", { runs: [run(120, "down", false)] }],
    ["to the end of its time", { second: 400 }],
  ] satisfies readonly (readonly [string, Past])[])(
    "goes on explaining %s",
    async (_name, past) => {
      expect(await lingers(past)).toMatchObject({
        openedAt: at(100),
        end: null,
        exposure: "exposed",
        version: "2",
      });
    },
  );
});
