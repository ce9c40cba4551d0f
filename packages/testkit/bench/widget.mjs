import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BatchWriteItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { createHistory, ensureTable } from "@vigil/aws";
import { openEmbedded } from "@vigil/aws/embedded";
import { hourOf, nextState, parseConfig, startGap } from "@vigil/core";
import { bundle } from "../../functions/bundle.mjs";
import { runRecord } from "../src/records.ts";
import { median, percentile } from "./measure.ts";

const TARGETS = 100;
const HOURS = 3;
const REGION = "eu-west-1";
const TABLE = "vigil";
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** One target in so many is down; one in so many was deployed within the range. */
const DOWN = 10;
const DEPLOYED = 5;
/** DynamoDB takes no more at once. */
const BATCH = 25;

/** The built function beside an embedded DynamoDB: a hundred targets over three hours, query and drawing. */
export async function measure(options) {
  const targets = options.smoke ? 3 : TARGETS;
  const rounds = options.smoke ? 2 : Math.min(options.rounds, 100);
  const cache = join(options.folder, "../../../node_modules/.cache");
  const dir = mkdtempSync(join(cache, "vigil-widget-"));
  const database = await openEmbedded({ dir: join(dir, "db") });
  if (database.kind !== "open") throw new Error(JSON.stringify(database));
  try {
    const entryPoints = [join(options.folder, "../../functions/src/widget.ts")];
    await bundle({ entryPoints, outdir: join(dir, "functions") });
    const config = configOf(targets);
    writeFileSync(join(dir, "vigil.json"), JSON.stringify(config));
    await ensureTable(database.client, TABLE);
    const now = Date.now();
    process.stderr.write(`bench: widget: writing ${targets} targets, ${rounds} rounds\n`);
    await fill(database.client, { targets, now });
    const before = process.cpuUsage();
    const { initMs, answers, cpu, html } = await ask({ dir, database, now, options, rounds });
    const { user, system } = process.cpuUsage(before);
    check(html, targets);
    const [firstMs, ...warm] = answers;
    return {
      widgetMs: percentile(warm, 0.95),
      widgetKb: Buffer.byteLength(html) / 1_000,
      widget: {
        medianMs: median(warm),
        cpuMs: median(cpu.slice(1)),
        databaseCpuMs: (user + system) / 1_000 / rounds,
        initMs,
        firstMs,
        targets,
        rounds,
      },
    };
  } finally {
    await database.close();
    rmSync(dir, { recursive: true });
  }
}

const nameOf = (n) => `target-${n}`;

/** All are followed, which takes the most asking. */
function configOf(count) {
  const targets = Array.from({ length: count }, (_, n) => ({
    name: nameOf(n),
    url: `https://${nameOf(n)}.example.com/mcp`,
    region: "us-east-1",
    lambda: { functionName: `Server${n}`, qualifier: "production" },
  }));
  const parsed = parseConfig({ vantages: [REGION], targets });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.config;
}

/** An hour of one target comes to be run by run; all others are its copies. */
async function fill(client, { targets, now }) {
  const history = createHistory({ client, tableName: TABLE, clock: Date });
  const start = Date.parse(hourOf(now)) - HOUR_MS;
  for (let n = 0; n < 60; n += 1)
    await history.recordRun(runOf(nameOf(0), start + n * MINUTE_MS, n));
  const hour = await hourItem(client);
  const items = Array.from({ length: targets }, (_, n) => n).flatMap((n) =>
    Array.from({ length: HOURS + 1 }, (_, h) => ({
      ...hour,
      pk: { S: `TARGET#${nameOf(n)}` },
      sk: { S: `HOUR#${hourOf(now - h * HOUR_MS)}#${REGION}` },
    })),
  );
  for (let from = 0; from < items.length; from += BATCH) {
    const batch = items.slice(from, from + BATCH).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: batch } }));
  }
  for (let n = 0; n < targets; n += 1) await writeRest(history, n, now);
}

async function hourItem(client) {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :kind)",
      ExpressionAttributeValues: { ":pk": { S: `TARGET#${nameOf(0)}` }, ":kind": { S: "HOUR#" } },
    }),
  );
  const [item] = Items;
  if (item === undefined) throw new Error("the hour was not written");
  return item;
}

function runOf(target, at, n) {
  const scheduledAt = new Date(Math.floor(at / MINUTE_MS) * MINUTE_MS).toISOString();
  return runRecord({
    runId: `${target} ${n}`,
    kind: "scheduled",
    target,
    vantage: REGION,
    scheduledAt,
    startedAt: scheduledAt,
    durationMs: 150 * 1.06 ** ((n * 7) % 30),
    ...(n % DOWN === DOWN - 1 && { status: "down", confirmed: true, failures: [FAILURE] }),
  });
}

const FAILURE = {
  mode: "tools-empty",
  step: "listTools",
  summary: "tools/list returned no tools",
  remedy: "Look for an error while the tools were loaded.",
  evidence: {},
};

async function writeRest(history, n, now) {
  const target = nameOf(n);
  const isDown = n % DOWN === DOWN - 1;
  const record = runOf(target, now, isDown ? DOWN - 1 : 0);
  await history.putState(nextState(null, record).state);
  const at = new Date(now - HOUR_MS).toISOString();
  if (isDown) await history.putIncident(incidentOf(target, at));
  const isDeployed = n % DEPLOYED === 0;
  const state = { ...startGap(), lastDeployment: isDeployed ? at : null };
  await history.putGapState({ target, revision: 1, state, outbox: [], hints: [] });
  if (!isDeployed) return;
  const version = { version: "7", codeSha256: null };
  const bounds = { notBefore: at, notAfter: at };
  const exposure = "exposed";
  await history.putDeployment(target, {
    at,
    between: bounds,
    from: version,
    to: version,
    exposure,
  });
  const evidence = { runs: 1, failures: 0, slowestMs: null, coldStarts: 0, spillover: null };
  await history.putGap({
    target,
    openedAt: at,
    start: bounds,
    end: bounds,
    ended: "ready",
    exposure,
    course: [],
    deployments: [at],
    version: "7",
    reason: null,
    overdueAt: null,
    evidence,
  });
}

function incidentOf(target, openedAt) {
  const { mode, summary, remedy } = FAILURE;
  const times = { openedAt, closedAt: null, lastRunAt: openedAt };
  const told = { status: "down", modes: [mode], summary, remedy, runsFailed: 60 };
  return { target, vantage: REGION, ...times, ...told };
}

async function ask({ dir, database, now, options, rounds }) {
  const timeRange = { mode: "relative", start: now - HOURS * HOUR_MS, end: now };
  const timezone = { label: "UTC", offsetISO: "+00:00", offsetInMinutes: 0 };
  const widgetContext = { timeRange, timezone, theme: "dark", width: 1_200, params: {} };
  const args = [
    join(options.folder, "widget-child.mjs"),
    join(dir, "functions/widget.mjs"),
    JSON.stringify({ widgetContext }),
    String(rounds),
  ];
  const { accessKeyId } = await database.client.config.credentials();
  const env = {
    ...process.env,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL: database.endpoint,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    VIGIL_HOME: REGION,
    VIGIL_TABLE: TABLE,
    VIGIL_SPILL_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/123456789012/spill",
    VIGIL_CONFIG: join(dir, "vigil.json"),
    VIGIL_VERSION: "0.0.0",
  };
  const stdio = ["ignore", "ignore", "inherit", "ipc"];
  const child = spawn(process.execPath, args, { env, stdio });
  let told = null;
  child.once("message", (message) => {
    told = message;
  });
  const [code] = await once(child, "exit");
  if (told === null) throw new Error(`the widget ended with exit code ${code} and no answer`);
  return told;
}

/** Figures of work that was not done are worth nothing. */
function check(html, targets) {
  const rows = html.match(/<li class="target /gu)?.length ?? 0;
  const drawn = html.match(/<path class="l-bad g-T"/gu)?.length ?? 0;
  if (rows !== targets || drawn !== targets) {
    throw new Error(`${rows} rows, ${drawn} with failures, of ${targets}: ${html.slice(-300)}`);
  }
}
