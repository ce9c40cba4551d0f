import type { GapRecord } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { runGaps } from "../src/commands/gaps.ts";
import { NOW, useHistoryFolder } from "./history-folder.ts";
import { UP } from "./records.ts";

const ago = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();

const CLOSED: GapRecord = {
  target: "orders",
  openedAt: ago(86_400),
  start: { notBefore: ago(86_460), notAfter: ago(86_400) },
  end: { notBefore: ago(86_275), notAfter: ago(86_270) },
  ended: "ready",
  exposure: "exposed",
  course: [{ at: ago(86_400), exposure: "exposed" }],
  deployments: [ago(86_400)],
  version: "42",
  reason: null,
  overdueAt: null,
  evidence: { runs: 26, failures: 2, slowestMs: 4_180, coldStarts: 3, spillover: null },
};
const OVERDUE: GapRecord = {
  ...CLOSED,
  openedAt: ago(600),
  start: { notBefore: ago(660), notAfter: ago(600) },
  end: null,
  ended: null,
  exposure: "failed",
  version: "43",
  reason: "FUNCTION_ERROR_INIT_FAILURE\u001b[31m",
  overdueAt: ago(299),
  evidence: null,
};

const folder = useHistoryFolder([
  {
    records: [{ ...UP, kind: "scheduled", scheduledAt: ago(60), startedAt: ago(60) }],
    also: async (history) => {
      await history.putGap(CLOSED);
      await history.putGap(OVERDUE);
    },
  },
  { records: [{ ...UP, target: "fine", kind: "scheduled", scheduledAt: ago(60) }] },
]);

const gaps = (target: string, flags: object = {}) =>
  folder.call((context) => runGaps(target, { data: ".vigil", ...flags }, context));

describe("vigil gaps", () => {
  it("shows each window with its bounds, who met it and what it did to them", async () => {
    expect(await gaps("orders")).toMatchObject({ code: 0, stderr: "" });
    expect((await gaps("orders")).stdout).toMatchInlineSnapshot(`
      "seen                                   duration           clients            version  runs  failed  slowest  why
      2026-11-22 12:20:00 +00:00               10 m …  overdue  allocation failed  43                              FUNCTION_ERROR_INIT_FAILURE
      2026-11-21 12:30:00 +00:00  2 m 5 s to 3 m 10 s           exposed            42         26       2   4.18 s
      "
    `);
  });

  it("shows those since a time", async () => {
    const { stdout } = await gaps("orders", { since: "1h", json: true });
    expect(stdout).toBe(`${JSON.stringify({ schema: 1, ...OVERDUE })}\n`);
  });

  it("prints JSON, one window a line", async () => {
    const { stdout, stderr } = await gaps("orders", { json: true });
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      { schema: 1, ...OVERDUE },
      { schema: 1, ...CLOSED },
    ]);
    expect(stderr).toBe("");
  });

  it.each([
    ["there are none", "fine", {}, 0, "No gap windows of fine.\n", ""],
    ["there are none, in JSON", "fine", { json: true }, 0, "", "vigil: No gap windows of fine.\n"],
    [
      "there is no such target",
      "nobody",
      {},
      2,
      "",
      'vigil: There is no history of "nobody". Known targets: fine, orders.\n',
    ],
  ])("says so when %s", async (_name, target, flags, code, stdout, stderr) => {
    expect(await gaps(target, flags)).toEqual({ code, stdout, stderr });
  });

  it("says what a time is like when it is none", async () => {
    const { code, stderr } = await gaps("orders", { since: "yesterday" });
    expect([code, stderr.startsWith('vigil: --since "yesterday"')]).toEqual([2, true]);
  });
});
