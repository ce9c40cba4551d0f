import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment, GapRecord, RunRecord } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { runReport } from "../src/commands/report.ts";
import { NOW, useHistoryFolder } from "./history-folder.ts";
import { DOWN, UP } from "./records.ts";

const MINUTE = 60_000;

function ago(minutes: number, record: RunRecord, target: string): RunRecord {
  const scheduledAt = new Date(NOW - minutes * MINUTE).toISOString();
  const runId = `${target}-${minutes}`;
  return { ...record, kind: "scheduled", target, runId, scheduledAt, startedAt: scheduledAt };
}

const ORDERS = Array.from({ length: 30 }, (_, n) => ago(30 - n, n >= 27 ? DOWN : UP, "orders"));
const FINE = Array.from({ length: 30 }, (_, n) => ago(30 - n, UP, "fine"));

const DEPLOYED_AT = new Date(NOW - 20 * MINUTE).toISOString();
const DEPLOYMENT: Deployment = {
  at: DEPLOYED_AT,
  between: { notBefore: null, notAfter: DEPLOYED_AT },
  from: { version: "41", codeSha256: null },
  to: { version: "42", codeSha256: null },
  exposure: "exposed",
};
const GAP: GapRecord = {
  target: "orders",
  openedAt: DEPLOYED_AT,
  start: { notBefore: null, notAfter: DEPLOYED_AT },
  end: null,
  ended: null,
  exposure: "exposed",
  course: [],
  deployments: [DEPLOYED_AT],
  version: "42",
  reason: null,
  overdueAt: null,
  evidence: null,
};

const folder = useHistoryFolder([
  {
    records: ORDERS,
    async also(history) {
      await history.putDeployment("orders", DEPLOYMENT);
      await history.putGap(GAP);
    },
  },
  { records: FINE },
]);
const report = (out: string, flags: object = {}) =>
  folder.call((context) =>
    runReport({ data: ".vigil", out, ...flags }, { ...context, version: "1.2.3" }),
  );
const read = (...path: readonly string[]) => readFileSync(join(folder.cwd(), ...path), "utf8");

describe("vigil report", () => {
  it("writes an overview, a page for each target and the same as JSON", async () => {
    expect(await report("out")).toEqual({
      code: 0,
      stdout: `2 targets written to ${join(folder.cwd(), "out/index.html")}\n`,
      stderr: "",
    });
    expect(readdirSync(join(folder.cwd(), "out"), { recursive: true }).sort()).toEqual([
      "index.html",
      "status.json",
      "style.css",
      "targets",
      join("targets", "fine.html"),
      join("targets", "orders.html"),
    ]);
    const overview = read("out", "index.html");
    expect(overview).toContain('<p class="tally" id="tally">2 targets: 1 down, 1 up</p>');
    expect(overview).toContain('<a href="./targets/orders.html">orders</a>');
    expect(overview).toContain('<link rel="stylesheet" href="./style.css">');
    expect(overview).not.toContain("<script");
    expect(read("out", "targets", "orders.html")).toContain('href="../style.css"');
    expect(JSON.parse(read("out", "status.json")).targets).toMatchObject([
      { target: "fine", status: "up", uptime90d: 1 },
      { target: "orders", status: "down", uptime90d: 0.9 },
    ]);
  });

  it("tells of the same hours and budget as the other commands", async () => {
    await report("out");
    const page = read("out", "targets", "orders.html");
    expect(page).toContain("Objective: 99.9 %");
    expect(page).toContain("overspent by 3.0 min");
    expect(page).toContain("tools/list returned no tools; at least 1 is expected");
  });

  it("marks deployments, and shades the gap window that is open", async () => {
    await report("out");
    const overview = read("out", "index.html");
    expect(overview).toContain("<title>deployed 42 at 2026-11-22 12:10:00 UTC</title>");
    expect(overview).toContain(
      "<title>gap window from 2026-11-22 12:10:00 UTC, still open: exposed</title>",
    );
    expect(read("out", "targets", "orders.html")).toContain("20 min, <strong>open</strong>");
  });

  it("takes owners, tags and objective from the config", async () => {
    const config = join(folder.cwd(), "named.config.ts");
    writeFileSync(
      config,
      `export default { slo: 95, targets: [{ name: "orders", url: "https://a.example/mcp?key=hush", owner: "team-orders", runbook: "https://runbooks.example/orders" }] };`,
    );
    expect((await report("configured", { config })).code).toBe(0);
    const page = read("configured", "targets", "orders.html");
    expect(page).toContain("<code>https://a.example/mcp</code> team-orders");
    expect(page).toContain("Objective: 95 %");
    expect(page).toContain('<a href="https://runbooks.example/orders"');
    expect(page).not.toContain("hush");
  });

  it("writes over its own files, and leaves those of others alone", async () => {
    await report("again");
    expect((await report("again")).code).toBe(0);
    mkdirSync(join(folder.cwd(), "foreign"));
    writeFileSync(join(folder.cwd(), "foreign", "thesis.txt"), "x");
    expect(await report("foreign")).toEqual({
      code: 2,
      stdout: "",
      stderr: `vigil: ${join(folder.cwd(), "foreign")} holds other files. Name an empty folder, or a new one, with --out.\n`,
    });
    expect(readdirSync(join(folder.cwd(), "foreign"))).toEqual(["thesis.txt"]);
  });

  it("says where it cannot write, and where there is no history", async () => {
    writeFileSync(join(folder.cwd(), "file"), "");
    expect((await report("file")).stderr).toBe(
      `vigil: The report cannot be written to ${join(folder.cwd(), "file")} (ENOTDIR). Name another folder with --out.\n`,
    );
    expect(await report("nothing", { data: "empty" })).toMatchObject({ code: 2 });
  });
});
