import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { History } from "@vigil/aws";
import type { RunRecord } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { runIncidents } from "../src/commands/incidents.ts";
import { runSlo } from "../src/commands/slo.ts";
import { NOW, useHistoryFolder } from "./history-folder.ts";
import { DOWN, UNKNOWN, UP } from "./records.ts";

const MINUTE = 60_000;

function ago(minutes: number, record: RunRecord, changes: Partial<RunRecord> = {}): RunRecord {
  const scheduledAt = new Date(NOW - minutes * MINUTE).toISOString();
  return { ...record, kind: "scheduled", scheduledAt, startedAt: scheduledAt, ...changes };
}

const hostile = (text: string) => DOWN.failures.map((failure) => ({ ...failure, summary: text }));

/** A run a minute for 100 minutes: down for 4, two of them in a gap, and again at the end. */
const ORDERS = Array.from({ length: 100 }, (_, n) => {
  if (n >= 20 && n < 24) return ago(100 - n, DOWN, { gap: n < 22 ? UP.startedAt : null });
  if (n === 50) return ago(50, UNKNOWN);
  return n >= 98
    ? ago(100 - n, DOWN, { failures: hostile("\u001b[31mno\n tools\u202e") })
    : ago(100 - n, UP);
});
const FINE = Array.from({ length: 40 }, (_, n) => ago(40 - n, UP, { target: "fine" }));

const explain = (history: History) =>
  history.explainIncident({
    target: "orders",
    vantage: "local",
    likelyCause: "tools-empty, and the alias is \u001b[31mlive\n",
  });
const folder = useHistoryFolder([
  { records: ORDERS, also: async (history) => void (await explain(history)) },
  { records: FINE },
]);

const slo = (target: string, flags: object = {}) =>
  folder.call((context) => runSlo(target, { data: ".vigil", ...flags }, context));
const incidents = (target: string, flags: object = {}) =>
  folder.call((context) => runIncidents(target, { data: ".vigil", ...flags }, context));

describe("vigil slo", () => {
  it("shows each window and the budget, with and without gaps", async () => {
    expect(await slo("orders", { slo: 95 })).toEqual({
      code: 0,
      stderr: "",
      stdout: `\
orders: 95 % of first tries good over 30 d (--slo)
window       SLI  good  bad  unknown   burn  SLI, no gaps  burn, no gaps  coverage
1h       96.61 %    57    2        1  0.68x       96.61 %          0.68x     100 %
6h      93.939 %    93    6        1  1.21x      95.876 %          0.83x     100 %
24h     93.939 %    93    6        1  1.21x      95.876 %          0.83x     100 %
30d     93.939 %    93    6        1  1.21x      95.876 %          0.83x     100 %
budget   overdrawn by 21.2 %: spent 6 of 4.95 bad runs, 6 m of 4 m 57 s
no gaps  17.5 % left: spent 4 of 4.85 bad runs, 4 m of 4 m 51 s
`,
    });
  });

  it("shows all targets, by the usual objective where there is no config", async () => {
    const { stdout } = await slo("all");
    const [fine, orders] = stdout.split("\n\n");
    expect(fine).toBe(`\
fine: 99.9 % of first tries good over 30 d (the usual objective; there is no config here)
window    SLI  good  bad  unknown  burn  coverage
1h      100 %    40    0        0    0x     100 %
6h      100 %    40    0        0    0x     100 %
24h     100 %    40    0        0    0x     100 %
30d     100 %    40    0        0    0x     100 %
budget   100 % left: spent 0 of 0.04 bad runs, 0 ms of 2.40 s`);
    expect(orders).toMatch(
      /^orders: 99.9 % [\s\S]*\nbudget {3}overdrawn: spent 6 of 0.1 bad runs/u,
    );
  });

  it("takes the objective of the config", async () => {
    const config =
      'export default { vantages: ["eu-west-1"], slo: 99.5, targets: [{ name: "fine", url: "https://a.example/mcp" }] };';
    writeFileSync(join(folder.cwd(), "objective.config.ts"), config);
    const { stdout } = await slo("fine", { config: "objective.config.ts" });
    expect(stdout).toMatch(
      /^fine: 99.5 % of first tries good over 30 d \(objective.config.ts\)\n/u,
    );
  });

  it("prints JSON, one target a line", async () => {
    const { stdout } = await slo("all", { json: true, slo: 99 });
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ target }) => target)).toEqual(["fine", "orders"]);
    const { windows, ...rest } = lines[1];
    expect(rest).toEqual({
      schema: 1,
      target: "orders",
      vantage: null,
      objective: 99,
      budget: {
        window: "30d",
        raw: {
          allowedRuns: 0.99,
          spentRuns: 6,
          leftRuns: -5.01,
          leftPercent: -506.061,
          allowedMinutes: 0.99,
          spentMinutes: 6,
          leftMinutes: -5.01,
        },
        gapExcluded: {
          allowedRuns: 0.97,
          spentRuns: 4,
          leftRuns: -3.03,
          leftPercent: -312.371,
          allowedMinutes: 0.97,
          spentMinutes: 4,
          leftMinutes: -3.03,
        },
      },
    });
    expect(windows.map(({ window }: { window: string }) => window)).toEqual([
      "1h",
      "6h",
      "24h",
      "30d",
    ]);
    expect(windows[1]).toEqual({
      window: "6h",
      from: "2026-11-22T06:30:00.000Z",
      to: "2026-11-22T12:30:00.000Z",
      raw: { good: 93, bad: 6, unknown: 1, sli: 0.939394, burnRate: 6.061 },
      gapExcluded: { good: 93, bad: 4, unknown: 1, sli: 0.958763, burnRate: 4.124 },
      coverage: { ratio: 1, missingMinutes: 0 },
    });
  });

  it.each<[string, string, object, string]>([
    [
      "a target that never ran",
      "nope",
      {},
      'There is no history of "nope". Known targets: fine, orders.',
    ],
    ["a config that is not there", "orders", { config: "nope.ts" }, "There is no config at "],
  ])("refuses %s", async (_name, target, flags, message) => {
    const { code, stdout, stderr } = await slo(target, flags);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});

describe("vigil incidents", () => {
  it("lists what goes on first, and shows no server's text as it came", async () => {
    expect(await incidents("orders")).toEqual({
      code: 0,
      stderr: "",
      stdout: `\
opened                      duration        status  failed runs  modes        first failure                                         likely cause
2026-11-22 12:28:00 +00:00       2 m  open  ✖ down            2  tools-empty  no  tools                                             tools-empty, and the alias is live
2026-11-22 11:10:00 +00:00       5 m        ✖ down            4  tools-empty  tools/list returned no tools; at least 1 is expected
`,
    });
  });

  it("prints JSON, one a line", async () => {
    const { stdout } = await incidents("orders", { json: true, since: "1h" });
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        schema: 1,
        target: "orders",
        vantage: "local",
        openedAt: "2026-11-22T12:28:00.000Z",
        closedAt: null,
        durationMs: 120_000,
        status: "down",
        modes: ["tools-empty"],
        summary: "\u001b[31mno\n tools\u202e",
        remedy: "Registration failed silently: look for an error while the tools were loaded.",
        runsFailed: 2,
        lastRunAt: "2026-11-22T12:29:00.000Z",
        likelyCause: "tools-empty, and the alias is \u001b[31mlive\n",
      },
    ]);
  });

  it.each<[string, string, number]>([
    ["that were over before", "1h", 1],
    ["that went on then", "78m", 2],
  ])("--since: those %s", async (_name, since, expected) => {
    const { stdout } = await incidents("orders", { json: true, since });
    expect(stdout.trimEnd().split("\n")).toHaveLength(expected);
  });

  it.each<[string, object, object]>([
    ["in words", {}, { code: 0, stdout: "No incidents of fine.\n", stderr: "" }],
    [
      "with the time",
      { since: "1h" },
      { code: 0, stdout: "No incidents of fine since 2026-11-22 11:30:00 +00:00.\n", stderr: "" },
    ],
    [
      "on stderr",
      { json: true },
      { code: 0, stdout: "", stderr: "vigil: No incidents of fine.\n" },
    ],
  ])("says when there are none: %s", async (_name, flags, expected) => {
    expect(await incidents("fine", flags)).toEqual(expected);
  });

  it.each<[string, string, object, string]>([
    [
      "a target that never ran",
      "nope",
      {},
      'There is no history of "nope". Known targets: fine, orders.',
    ],
    [
      "a time beyond what is kept",
      "orders",
      { since: "400d" },
      '--since "400d" is longer ago than incidents are kept (396 days). Leave it out to see all that are kept.',
    ],
    [
      "a time to come",
      "orders",
      { since: "2027-01-01" },
      '--since "2027-01-01" has yet to come: no run can be later. Write how long ago (30m, 24h, 7d) or an ISO time (2026-11-22T08:00Z).',
    ],
  ])("refuses %s", async (_name, target, flags, message) => {
    expect(await incidents(target, flags)).toEqual({
      code: 2,
      stdout: "",
      stderr: `vigil: ${message}\n`,
    });
  });
});
