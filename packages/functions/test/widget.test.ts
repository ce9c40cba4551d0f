import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHistory, ensureTable } from "@vigil/aws";
import { type OpenDatabase, openEmbedded } from "@vigil/aws/embedded";
import {
  type Deployment,
  type GapRecord,
  type Incident,
  nextState,
  parseConfig,
  startGap,
  widgetMarkdown,
} from "@vigil/core";
import { awsError, startAwsEndpoint } from "@vigil/testkit/aws-endpoint";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundled, type Play, type Played } from "./bundled.ts";
import { VANTAGE } from "./harness.ts";
import { recordOf } from "./records.ts";

const TABLE = "vigil";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The built widget, in a process of its own, beside a history of real writes. */
let folder: string;
let database: OpenDatabase;
let play: (play: Play) => Promise<Played>;
let now: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "vigil-widget-"));
  play = await bundled(join(folder, "bundle"));
  database = await openTable(join(folder, "db"));
  now = Math.floor(Date.now() / MINUTE) * MINUTE;
  await fill();
  writeFileSync(join(folder, "vigil.json"), configText());
}, 120_000);
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

async function openTable(dir: string): Promise<OpenDatabase> {
  const opened = await openEmbedded({ dir });
  if (opened.kind !== "open") throw new Error(JSON.stringify(opened));
  await ensureTable(opened.client, TABLE);
  return opened;
}

const iso = (minutesAgo: number) => new Date(now - minutesAgo * MINUTE).toISOString();

/** Orders has been down for two minutes, after a deployment; billing is up; search was never run. */
async function fill(): Promise<void> {
  const history = createHistory({ client: database.client, tableName: TABLE, clock: Date });
  for (const target of ["orders", "billing"]) {
    let state = null;
    for (let minutesAgo = 9; minutesAgo >= 0; minutesAgo -= 1) {
      const status = target === "orders" && minutesAgo < 2 ? "down" : "up";
      const record = recordOf({ target, kind: "scheduled", scheduledAt: iso(minutesAgo), status });
      await history.recordRun(record);
      state = nextState(state, record).state;
    }
    if (state !== null) await history.putState(state);
  }
  await history.putIncident(INCIDENT());
  await history.putDeployment("orders", DEPLOYMENT());
  await history.putGap(GAP());
  const gapState = { ...startGap(), lastDeployment: DEPLOYMENT().at };
  await history.putGapState({
    target: "orders",
    revision: 1,
    state: gapState,
    outbox: [],
    hints: [],
  });
}

const INCIDENT = (): Incident => ({
  target: "orders",
  vantage: VANTAGE,
  openedAt: iso(1),
  closedAt: null,
  status: "down",
  modes: ["tools-empty"],
  summary: "tools/list returned <b>no</b> tools",
  remedy: "Look for an error while the tools were loaded.",
  runsFailed: 2,
  lastRunAt: iso(0),
});
const DEPLOYMENT = (): Deployment => ({
  at: iso(4),
  between: { notBefore: null, notAfter: iso(4) },
  from: { version: "41", codeSha256: null },
  to: { version: "42", codeSha256: null },
  exposure: "exposed",
});
const GAP = (): GapRecord => ({
  target: "orders",
  openedAt: iso(4),
  start: { notBefore: iso(4), notAfter: iso(4) },
  end: { notBefore: iso(3), notAfter: iso(3) },
  ended: "ready",
  exposure: "exposed",
  course: [],
  deployments: [],
  version: "42",
  reason: null,
  overdueAt: null,
  evidence: { runs: 1, failures: 0, slowestMs: null, coldStarts: 0, spillover: null },
});

function configText(): string {
  const parsed = parseConfig({
    vantages: [VANTAGE],
    targets: [
      {
        name: "orders",
        url: "https://orders.example.com/mcp?key=k3pt-to-itself",
        region: "us-east-1",
        tags: ["payments"],
        lambda: { functionName: "Orders", qualifier: "production" },
      },
      { name: "billing", url: "https://billing.example.com/mcp", tags: ["payments"] },
      { name: "search", url: "https://search.example.com/mcp" },
    ],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return JSON.stringify(parsed.config);
}

/** What it answers, and the codes of what its log complains of. */
async function ask(event: unknown, env: Readonly<Record<string, string>> = {}) {
  const { accessKeyId } = await database.client.config.credentials();
  const { seen, lines } = await play({
    entry: "widget",
    events: [event],
    env: {
      AWS_REGION: VANTAGE,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_ENDPOINT_URL: database.endpoint,
      VIGIL_HOME: VANTAGE,
      VIGIL_TABLE: TABLE,
      VIGIL_SPILL_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/123456789012/spill",
      VIGIL_CONFIG: join(folder, "vigil.json"),
      VIGIL_VERSION: "0.0.0",
      ...env,
    },
  });
  const [only] = seen;
  if (only === undefined || !("returned" in only)) throw new Error(JSON.stringify(only));
  return { html: String(only.returned), troubles: lines.map(({ message }) => message) };
}

function event(params: object): object {
  return {
    ...params,
    widgetContext: {
      dashboardName: "vigil-production",
      widgetId: "widget-16",
      accountId: "123456789012",
      locale: "en",
      timezone: { label: "UTC", offsetISO: "+00:00", offsetInMinutes: 0 },
      period: 300,
      isAutoPeriod: true,
      timeRange: { mode: "relative", start: now - HOUR, end: now + MINUTE, relativeStart: HOUR },
      theme: "dark",
      linkCharts: true,
      title: "Targets",
      params,
      forms: { all: {} },
      width: 588,
      height: 369,
    },
  };
}

/** What is read, without style and tags. */
function textOf(html: string): string {
  return html
    .replace(/<(style|title)>.*?<\/\1>/gsu, " ")
    .replace(/<[^>]*>/gu, " ")
    .replace(/\s+/gu, " ")
    .trim();
}

it("shows every target as history has it", async () => {
  const { html, troubles } = await ask(event({}));
  expect(troubles).toEqual([]);
  expect(html).toContain("color-scheme:dark");
  const text = textOf(html);
  expect(text).toMatch(/^3 targets: 1 down, 1 first run to come, 1 up\. /u);
  expect(text).toContain("✕ down since");
  expect(text).toContain("tools/list returned &lt;b&gt;no&lt;/b&gt; tools");
  expect(text).toContain("What to do: Look for an error while the tools were loaded.");
  expect(text).toContain("uptime 80 %");
  expect(text).toContain("billing ✓ up uptime 100 %");
  expect(text).toContain("search … first run to come No run has ended yet.");
  expect(html).toContain("8 without failures, 2 bad");
  expect(html).toContain("1 gap window, 1 deployment; tools-empty");
  expect(html).not.toContain("k3pt");
});

it.each<[string, object, RegExp]>([
  ["by name", { targets: "billing" }, /^1 target: 1 up\. /u],
  ["by tag", { tag: "payments" }, /^2 targets: 1 down, 1 up\. /u],
  ["that are not well", { only: "unwell" }, /^2 targets: 1 down, 1 first run to come\. /u],
  [
    "that are not well, of those that are",
    { targets: "billing", only: "unwell" },
    /^Every target is up\. /u,
  ],
])("shows targets %s", async (_, params, text) => {
  const { html } = await ask(event(params));
  expect(textOf(html)).toMatch(text);
});

it("answers in markdown what its parameters are", async () => {
  expect(await ask({ describe: true })).toEqual({ html: widgetMarkdown(), troubles: [] });
});

it("says what is wrong with parameters, which is nobody's failure but theirs", async () => {
  const { html, troubles } = await ask(event({ targets: ["ordes"] }));
  expect(textOf(html)).toBe(
    "The widget&#39;s parameters are wrong targets: the config has no target &quot;ordes&quot;; write one of orders, billing, search",
  );
  expect(troubles).toEqual([]);
});

it("says that there is no history table, and what makes it", async () => {
  const { html, troubles } = await ask(event({}), { VIGIL_TABLE: "elsewhere" });
  expect(textOf(html)).toBe(
    "History could not be read: history-table-missing The history table, which VIGIL_TABLE names, is not there. Deploy Vigil again: that makes it. How the targets are is not known here. Their metrics and alarms do without history.",
  );
  expect(troubles).toEqual(["history-unread"]);
});

it("says that it may not read history", async () => {
  const endpoint = await startAwsEndpoint(() => awsError(400, "AccessDeniedException"));
  const { html, troubles } = await ask(event({}), { AWS_ENDPOINT_URL: endpoint.url });
  await endpoint.close();
  expect(textOf(html)).toMatch(
    /^History could not be read: history-denied The widget&#39;s function may not query/u,
  );
  expect(troubles).toEqual(["history-unread"]);
});
