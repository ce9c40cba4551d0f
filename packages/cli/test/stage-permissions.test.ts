import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GapRecord } from "@vigil/core";
import { type AwsEndpoint, startAwsEndpoint } from "@vigil/testkit/aws-endpoint";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { runBaselineAccept, runBaselineShow } from "../src/commands/baseline.ts";
import { runGaps } from "../src/commands/gaps.ts";
import { runHistory } from "../src/commands/history.ts";
import { runIncidents } from "../src/commands/incidents.ts";
import { runReport } from "../src/commands/report.ts";
import { runSlo } from "../src/commands/slo.ts";
import type { PlaceFlags } from "../src/flags.ts";
import { useDeployedTable } from "./deployed-table.ts";
import { type Command, NOW, type Past, useHistoryFolder } from "./history-folder.ts";
import { DOWN, UP } from "./records.ts";

const TABLE = "vigil-production-history";
const LOCAL = { data: ".vigil" };
const DEPLOYED = { data: ".vigil", stage: "production", region: "eu-west-1" };
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

const GAP: GapRecord = {
  target: "orders",
  openedAt: ago(20),
  start: { notBefore: ago(21), notAfter: ago(20) },
  end: { notBefore: ago(18), notAfter: ago(18) },
  ended: "ready",
  exposure: "exposed",
  course: [{ at: ago(20), exposure: "exposed" }],
  deployments: [ago(20)],
  version: "42",
  reason: null,
  overdueAt: null,
  evidence: { runs: 3, failures: 1, slowestMs: 4_180, coldStarts: 2, spillover: null },
};

const PAST: Past = {
  records: Array.from({ length: 30 }, (_, n) => ({
    ...(n > 26 ? DOWN : UP),
    kind: "scheduled",
    runId: `orders-${n}`,
    scheduledAt: ago(30 - n),
    startedAt: ago(30 - n),
  })),
  async also(history) {
    await history.putGap(GAP);
    await history.putDeployment("orders", {
      at: ago(20),
      between: { notBefore: ago(21), notAfter: ago(20) },
      from: { version: "41", codeSha256: null },
      to: { version: "42", codeSha256: null },
      exposure: "exposed",
    });
    const lists = (name: string) => ({
      legacy: { toolsHash: `sha256:${name}`, toolCount: 1, tools: [{ name, inputSchema: {} }] },
    });
    const baseline = { acceptedAt: ago(30), previousAcceptedAt: null, lists: lists("query") };
    await history.putBaseline({
      target: "orders",
      baseline: { at: ago(30), acceptedBy: "first-good-run", ...baseline },
      when: "absent",
    });
    await history.putTools("orders", { at: ago(1), lists: lists("ask") });
  },
};

/** Has never listed its tools. */
const SILENT: Past = { records: [{ ...UP, target: "silent", kind: "scheduled" }] };

const folder = useHistoryFolder([PAST, SILENT]);
const deployed = useDeployedTable(TABLE, [PAST, SILENT]);
let recorder: AwsEndpoint;

/** What the requests ask for, on their way to the table. */
beforeAll(async () => {
  recorder = await startAwsEndpoint(async ({ headers, body }) => {
    const { authorization = "", "content-type": type = "", "x-amz-date": date } = headers;
    const response = await fetch(deployed.url(), {
      method: "POST",
      headers: {
        authorization,
        "content-type": type,
        "x-amz-date": String(date),
        "x-amz-target": String(headers["x-amz-target"]),
      },
      body: JSON.stringify(body),
    });
    return { kind: "json", status: response.status, body: await response.json() };
  });
});
afterAll(() => recorder.close());
beforeEach(async () => {
  vi.stubEnv("TZ", "UTC");
  await deployed.stubAccount(recorder.url);
});

/** What an operator may write, `--stage` or not. */
const COMMANDS: Readonly<Record<string, (flags: PlaceFlags) => Command>> = {
  history: (flags) => (context) => runHistory("orders", flags, context),
  slo: (flags) => (context) => runSlo("all", flags, context),
  incidents: (flags) => (context) => runIncidents("orders", flags, context),
  gaps: (flags) => (context) => runGaps("orders", flags, context),
  report: (flags) => (context) =>
    runReport(
      { ...flags, out: flags.stage === undefined ? "here" : "there" },
      { ...context, version: "1.2.3" },
    ),
  "baseline show": (flags) => (context) => runBaselineShow("orders", flags, context),
  "baseline accept": (flags) => (context) => runBaselineAccept("orders", flags, context),
};

const DOCS = readFileSync(join(import.meta.dirname, "../../../docs/history.md"), "utf8");

/** The actions that docs/history.md names for a command. */
function documented(command: string): readonly string[] {
  const rows = DOCS.split("\n").filter((line) => line.includes("dynamodb:"));
  const cells = rows.map((line) => line.split("|").map((cell) => cell.trim()));
  const [, , actions = ""] = cells.find(([, names]) => names?.includes(`\`${command}\``)) ?? [];
  return [...actions.matchAll(/`(dynamodb:\w+)`/gu)].map(([, action = ""]) => action);
}

it("reads the same gap windows of a deployment as of a folder", async () => {
  const gaps = (flags: PlaceFlags, json: boolean) =>
    folder.call((context) => runGaps("orders", { ...flags, json }, context));
  for (const json of [false, true]) {
    const here = await gaps(LOCAL, json);
    expect(here.stdout).toContain("42");
    expect(await gaps(DEPLOYED, json)).toEqual(here);
  }
});

it("writes the same report of a deployment as of a folder", async () => {
  for (const flags of [LOCAL, DEPLOYED]) {
    expect(await folder.call(COMMANDS["report"]?.(flags) ?? expect.fail())).toMatchObject({
      code: 0,
    });
  }
  const [here, there] = ["here", "there"].map((out) => join(folder.cwd(), out));
  const files = readdirSync(here ?? "", { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice((here ?? "").length + 1));
  expect(files.sort()).toEqual([
    "index.html",
    "status.json",
    "style.css",
    "targets/orders.html",
    "targets/silent.html",
  ]);
  for (const file of files) {
    const [local, remote] = [here, there].map((dir) => readFileSync(join(dir ?? "", file), "utf8"));
    expect(remote).toBe(local);
  }
});

// After what compares the two, since accepting writes.
it.each(Object.entries(COMMANDS))("%s asks for what is documented", async (command, ask) => {
  const before = recorder.calls.length;
  expect(await folder.call(ask(DEPLOYED))).toMatchObject({ code: 0, stderr: "" });
  const calls = recorder.calls.slice(before);
  const actions = new Set(calls.map(({ operation }) => `dynamodb:${operation}`));
  expect([...actions].sort()).toEqual([...documented(command)].sort());
  expect(new Set(calls.map(({ body }) => Object(body).TableName))).toEqual(new Set([TABLE]));
});

it("accepts what the next look then finds accepted", async () => {
  const show = (flags: PlaceFlags) =>
    folder.call((context) => runBaselineShow("orders", { ...flags, json: true }, context));
  const accept = (flags: PlaceFlags) =>
    folder.call((context) => runBaselineAccept("orders", { ...flags, json: true }, context));
  await accept(DEPLOYED);
  await accept(LOCAL);
  expect(JSON.parse((await accept(DEPLOYED)).stdout)).toMatchObject({ accepted: false });
  expect(await show(DEPLOYED)).toEqual(await show(LOCAL));
});

it.each<[PlaceFlags, string]>([
  [LOCAL, "vigil history silent."],
  [DEPLOYED, "vigil history silent --stage production --region eu-west-1."],
])("says where to look on, with %j", async (flags, command) => {
  const asked = await folder.call((context) => runBaselineAccept("silent", flags, context));
  expect(asked).toEqual({
    code: 2,
    stdout: "",
    stderr: `vigil: No run of silent has listed its tools yet, so there is nothing to accept. Its runs say why: ${command}\n`,
  });
});
