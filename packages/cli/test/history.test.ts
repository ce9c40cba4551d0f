import type { RunRecord } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { runHistory } from "../src/commands/history.ts";
import type { HistoryFlags } from "../src/flags.ts";
import type { Io } from "../src/io.ts";
import { type Called, NOW, useHistoryFolder } from "./history-folder.ts";
import { DOWN, UNKNOWN, UP } from "./records.ts";

const MINUTE = 60_000;

function ago(ms: number, record: RunRecord, changes: Partial<RunRecord> = {}): RunRecord {
  const scheduledAt = new Date(NOW - ms).toISOString();
  return { ...record, kind: "scheduled", scheduledAt, startedAt: scheduledAt, ...changes };
}

/** A run a minute from 11:00 on: down from 11:30 to 11:34, unknown at 12:00, none from 12:10 to 12:19. */
const ORDERS = Array.from({ length: 90 }, (_, n) => {
  const record = n >= 30 && n < 35 ? DOWN : n === 60 ? UNKNOWN : UP;
  return ago((90 - n) * MINUTE, record, {
    durationMs: 200 + n,
    gap: n === 30 ? UP.startedAt : null,
  });
}).filter((_, n) => n < 70 || n >= 80);

const OLD = [ago(80 * 1_440 * MINUTE, UP, { target: "old" })];
const TWO = [
  ago(2 * MINUTE, UP, { target: "two" }),
  ago(2 * MINUTE, DOWN, { target: "two", vantage: "eu-west-1" }),
];

const folder = useHistoryFolder([
  { records: ORDERS },
  { records: OLD },
  { records: TWO.slice(0, 1) },
  { records: TWO.slice(1) },
]);

function history(
  target: string,
  flags: Partial<HistoryFlags> = {},
  io: Partial<Io> = {},
): Promise<Called> {
  return folder.call((context) => runHistory(target, { data: ".vigil", ...flags }, context), io);
}

describe("vigil history", () => {
  it("lists the newest runs and sums them up, and says that there are older ones", async () => {
    expect(await history("orders", { limit: 3 })).toEqual({
      code: 0,
      stderr: "",
      stdout: `\
time                        status  duration  modes
2026-11-22 12:29:00 +00:00  ✔ up      289 ms
2026-11-22 12:28:00 +00:00  ✔ up      288 ms
2026-11-22 12:27:00 +00:00  ✔ up      287 ms

uptime    100 % over these 3 runs: 3 of 3 first tries good
latency   p50 288 ms  p95 288 ms  p99 288 ms  slowest 289 ms
          ###  durations, oldest first, up to 289 ms
There are older runs: --limit shows more, --by hour or --by day sums them up.
`,
    });
  });

  it("gives each hour a row, and tells of minutes without a run", async () => {
    const io = { env: { LANG: "en_US.UTF-8" } };
    const { stdout } = await history("orders", { since: "2026-11-22T10:30:00Z", by: "hour" }, io);
    expect(stdout).toBe(`\
hour                       uptime  runs  bad  unknown     p50     p95  slowest  coverage  modes
2026-11-22 12:00 +00:00     100 %    20             1  288 ms  288 ms   289 ms  66.666 %  auth-required 1
2026-11-22 11:00 +00:00  91.666 %    60    5           229 ms  259 ms   259 ms     100 %  tools-empty 5 (1 in a gap)

uptime    93.67 % over 2 hours: 74 of 79 first tries good, 1 could not be judged; 94.871 % outside of deployment gaps
latency   p50 247 ms  p95 288 ms  p99 288 ms  slowest 289 ms
coverage  88.888 %: 10 m without a run, and so neither good nor bad
`);
  });

  it("shows days without a run between those with one", async () => {
    const { stdout } = await history("old", { by: "day", since: "90d", limit: 2 });
    expect(stdout).toMatch(
      /^day \(UTC\) .*\n2026-11-22 +- +0 +- +- +- +0 % {2}no runs\n2026-11-21 +- .*\n\nuptime {4}100 % over 81 days: 1 of 1 /u,
    );
    expect(stdout).toMatch(
      /\n {10}# {40,60}p95 of a day, oldest first, up to 226 ms\ncoverage {2}0.001 %: 79 d 23 h without/u,
    );
  });

  it("names the vantage where runs are of several, and tells of one alone when asked", async () => {
    const all = await history("two");
    expect(all.stdout).toContain("✔ up      226 ms  local\n");
    expect(all.stdout).toContain("✖ down    214 ms  eu-west-1  tools-empty\n");
    const { stdout } = await history("two", { vantage: "local", by: "hour" });
    expect(stdout).toMatch(/\nuptime {4}100 % over 1 hour: 1 of 1 first tries good\n/u);
  });

  it.each<[string, Partial<HistoryFlags>, RegExp]>([
    ["runs without --since", {}, /^time /u],
    ["runs up to 6 h", { since: "6h" }, /^time /u],
    ["hours up to 3 d", { since: "3d" }, /^hour /u],
    ["days beyond", { since: "73h" }, /^day /u],
    ["runs as JSON, whatever the span", { since: "30d", json: true }, /^\{"schema":1,.*"runId":/u],
    ["what is asked for", { since: "1h", by: "day" }, /^day /u],
  ])("shows %s", async (_name, flags, expected) => {
    expect((await history("orders", flags)).stdout).toMatch(expected);
  });

  it("prints hours as JSON, one a line", async () => {
    const { stdout } = await history("orders", { by: "hour", json: true });
    const [newest, oldest, ...rest] = stdout.split("\n");
    expect(rest).toEqual([""]);
    expect(JSON.parse(newest ?? "")).toMatchObject({ from: "2026-11-22T12:00:00.000Z" });
    expect(JSON.parse(oldest ?? "")).toEqual({
      schema: 1,
      target: "orders",
      vantage: null,
      by: "hour",
      from: "2026-11-22T11:00:00.000Z",
      to: "2026-11-22T12:00:00.000Z",
      runs: 60,
      good: 55,
      bad: 5,
      unknown: 0,
      sli: 0.916667,
      gapExcluded: { good: 55, bad: 4, unknown: 0, sli: 0.932203 },
      p50Ms: 228.6,
      p95Ms: 259,
      p99Ms: 259,
      slowestMs: 259,
      statuses: { up: 55, degraded: 0, down: 5, unknown: 0 },
      modes: { "tools-empty": 5 },
      coverage: { ratio: 1, missingMinutes: 0 },
    });
  });

  const NOTHING = "No runs of old in that time. The last one was at 2026-09-03 12:30:00 +00:00.\n";

  it.each<[string, Partial<HistoryFlags>, Called]>([
    ["in words", { since: "1h" }, { code: 0, stdout: NOTHING, stderr: "" }],
    ["hours too", { by: "hour" }, { code: 0, stdout: NOTHING, stderr: "" }],
    [
      "on stderr",
      { since: "1h", json: true },
      { code: 0, stdout: "", stderr: `vigil: ${NOTHING}` },
    ],
  ])("says when nothing was run in that time: %s", async (_name, flags, expected) => {
    expect(await history("old", flags)).toEqual(expected);
  });

  it.each<[string, string, Partial<HistoryFlags>, string]>([
    [
      "a target that never ran",
      "ordres",
      { by: "day" },
      'There is no history of "ordres". Known targets: old, orders, two.',
    ],
    [
      "a vantage that never ran it",
      "two",
      { vantage: "mars" },
      'There is no history of "two" from "mars". Known vantages: eu-west-1, local.',
    ],
    [
      "a time to come",
      "orders",
      { since: "2026-11-23" },
      '--since "2026-11-23" has yet to come: no run can be later. Write how long ago (30m, 24h, 7d) or an ISO time (2026-11-22T08:00Z).',
    ],
    [
      "longer ago than runs are kept",
      "orders",
      { since: "91d", by: "run" },
      '--since "91d" is longer ago than runs are kept (90 days). Write --since 90d or later, or --by hour or --by day, which are kept for 396 days.',
    ],
    [
      "longer ago than hours are kept",
      "orders",
      { since: "2024-01-01" },
      '--since "2024-01-01" is longer ago than hours are kept (396 days). Write --since 396d or later.',
    ],
  ])("refuses %s", async (_name, target, flags, message) => {
    expect(await history(target, flags)).toEqual({
      code: 2,
      stdout: "",
      stderr: `vigil: ${message}\n`,
    });
  });
});
