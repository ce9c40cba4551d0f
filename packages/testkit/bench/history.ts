import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { createHistory, ensureTable, type History } from "@vigil/aws";
import { type OpenDatabase, openEmbedded } from "@vigil/aws/embedded";
import { type HourRollup, hourOf, nextState, type RunRecord, summarise } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { type Figures, type MeasureOptions, median, progress } from "./measure.ts";

const TABLE = "vigil";
const TARGET = "orders";
const HOUR_MS = 3_600_000;
const DAYS = 90;
/** DynamoDB takes no more at once. */
const BATCH = 25;

/** Ninety days of one target, a run a minute, read from their hours: query, decode, merge, percentiles. */
export async function measureHistory(options: MeasureOptions): Promise<Figures> {
  const rounds = options.smoke ? 1 : Math.min(options.rounds, 15);
  const cwd = mkdtempSync(join(tmpdir(), "vigil-bench-history-"));
  try {
    const hours = (options.smoke ? 2 : DAYS) * 24;
    const now = systemClock.now();
    await withDatabase(cwd, (database) => fill(database.client, { hours, now }));
    const queries: number[] = [];
    const cpu: number[] = [];
    await withDatabase(cwd, async ({ client }) => {
      const history = createHistory({ client, tableName: TABLE, clock: systemClock });
      progress(`history: ${rounds} rounds`);
      for (let round = 0; round < rounds; round += 1) {
        const before = process.cpuUsage();
        queries.push(await timed(() => query(history, { hours, now })));
        const { user, system } = process.cpuUsage(before);
        cpu.push((user + system) / 1_000);
      }
    });
    const commands: number[] = [];
    for (let round = 0; round < Math.min(rounds, 5); round += 1) {
      commands.push(await timed(() => runCommand(options.folder, cwd)));
    }
    return {
      historyQueryMs: median(queries),
      history: {
        firstMs: queries[0],
        cpuMs: median(cpu),
        commandMs: median(commands),
        hours,
        rounds,
      },
    };
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

async function withDatabase(
  cwd: string,
  use: (database: OpenDatabase) => Promise<void>,
): Promise<void> {
  const database = await openEmbedded({ dir: join(cwd, ".vigil") });
  if (database.kind !== "open") throw new Error(JSON.stringify(database));
  try {
    await ensureTable(database.client, TABLE);
    await use(database);
  } finally {
    await database.close();
  }
}

interface Span {
  readonly hours: number;
  readonly now: number;
}

/** One hour comes to be run by run; the others are its copies, as far as their times allow. */
async function fill(client: DynamoDBClient, { hours, now }: Span): Promise<void> {
  progress(`history: writing ${hours} hours`);
  const history = createHistory({ client, tableName: TABLE, clock: systemClock });
  const start = Date.parse(hourOf(now)) - HOUR_MS;
  const records = Array.from({ length: 60 }, (_, n) => recordAt(start + n * 60_000, n));
  for (const record of records) await history.recordRun(record);
  const [last] = records.slice(-1);
  if (last !== undefined) await history.putState(nextState(null, last).state);
  const hour = await hourItem(client);
  const copies = Array.from({ length: hours - 1 }, (_, n) => ({
    ...hour,
    sk: { S: `HOUR#${hourOf(start - (n + 1) * HOUR_MS)}#local` },
  }));
  for (let from = 0; from < copies.length; from += BATCH) {
    const batch = copies.slice(from, from + BATCH).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: batch } }));
  }
}

/** Latencies over a dozen buckets or two, as a server behind the internet has them. */
function recordAt(scheduledAt: number, n: number): RunRecord {
  const time = new Date(scheduledAt).toISOString();
  return {
    schema: 1,
    runId: `run-${n}`,
    kind: "scheduled",
    target: TARGET,
    vantage: "local",
    scheduledAt: time,
    startedAt: time,
    status: "up",
    confirmed: false,
    depth: "tools",
    era: "legacy",
    protocolVersion: "2025-11-25",
    server: null,
    toolCount: 3,
    toolsHash: null,
    coldStart: null,
    coldSampleMs: null,
    drift: null,
    durationMs: 150 * 1.06 ** ((n * 7) % 30),
    sessionLeft: false,
    steps: [],
    failures: [],
    attempts: [],
    notes: [],
    gap: null,
  };
}

async function hourItem(client: DynamoDBClient): Promise<Record<string, AttributeValue>> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :kind)",
      ExpressionAttributeValues: { ":pk": { S: `TARGET#${TARGET}` }, ":kind": { S: "HOUR#" } },
    }),
  );
  const [item] = Items;
  if (item === undefined) throw new Error("the hour was not written");
  return item;
}

async function query(history: History, { hours, now }: Span): Promise<void> {
  const since = new Date(now - hours * HOUR_MS).toISOString();
  const rollups: HourRollup[] = [];
  for await (const rollup of history.rollups(TARGET, { since })) rollups.push(rollup);
  const { runs, latency } = summarise(rollups);
  if (runs !== hours * 60 || latency.p99Ms === null) throw new Error(`${runs} runs were read`);
}

/** `vigil history` from start to exit; it opens the folder's database itself. */
async function runCommand(folder: string, cwd: string): Promise<void> {
  const vigil = join(folder, "../../cli/bin/vigil.js");
  const args = [vigil, "history", TARGET, "--since", "90d"];
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`node ${args.join(" ")}: exit code ${code}`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
