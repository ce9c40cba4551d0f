import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CloudWatchClient, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { createHistory, ensureTable, historyClient } from "@vigil/aws";
import { openEmbedded } from "@vigil/aws/embedded";
import { bearer, parseConfig, type RunRecord, secret } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { type RunningServer, soundLegacy, startServer } from "@vigil/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

/** The vantage and home are different regions, and neither is the default one. */
const VANTAGE = "eu-central-1";
const HOME = "eu-west-1";
const TABLE = "vigil-test-history";
const TOKENS = { parameter: "s3cr3t-parameter-value", secret: "s3cr3t-managed-value" };
const CONTEXT = { getRemainingTimeInMillis: () => 60_000 };

const client = historyClient({ region: HOME });
const history = createHistory({ client, tableName: TABLE, clock: systemClock });
const queues = new SQSClient({ region: VANTAGE });
let servers: RunningServer[];
let queueUrl: string;
let folder: string;
let lines: string[];

type ProbeModule = typeof import("../../src/probe.ts");
type ReplayModule = typeof import("../../src/replay.ts");
let probe: ProbeModule["handler"];
let replay: ReplayModule["handler"];

beforeAll(async () => {
  servers = await Promise.all([startServer(soundLegacy()), startServer(soundLegacy())]);
  await ensureTable(client, TABLE);
  const created = await queues.send(new CreateQueueCommand({ QueueName: "spill" }));
  queueUrl = created.QueueUrl ?? "";
  await new SSMClient({ region: HOME }).send(
    new PutParameterCommand({
      Name: "/vigil/orders/token",
      Value: TOKENS.parameter,
      Type: "SecureString",
    }),
  );
  await new SecretsManagerClient({ region: HOME }).send(
    new CreateSecretCommand({ Name: "vigil/billing", SecretString: TOKENS.secret }),
  );
  folder = mkdtempSync(join(tmpdir(), "vigil-aws-"));
  const configPath = join(folder, "vigil.json");
  writeFileSync(configPath, JSON.stringify(config()));
  for (const [name, value] of Object.entries({
    AWS_REGION: VANTAGE,
    VIGIL_HOME: HOME,
    VIGIL_TABLE: TABLE,
    VIGIL_SPILL_QUEUE_URL: queueUrl,
    VIGIL_CONFIG: configPath,
    VIGIL_VERSION: "0.0.0",
  })) {
    vi.stubEnv(name, value);
  }
  ({ handler: probe } = await import("../../src/probe.ts"));
  ({ handler: replay } = await import("../../src/replay.ts"));
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

afterEach(() => vi.restoreAllMocks());
beforeEach(() => {
  lines = [];
  // The logger writes to a console of its own, as Lambda takes it.
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    lines.push(...String(text).split("\n").filter(Boolean));
    return true;
  });
});

function config() {
  const [orders, billing] = servers;
  const parsed = parseConfig({
    vantages: [HOME, VANTAGE],
    targets: [
      {
        name: "orders",
        url: orders?.url,
        auth: bearer(secret("ssm:/vigil/orders/token")),
      },
      {
        name: "billing",
        url: billing?.url,
        auth: bearer(secret("secretsmanager:vigil/billing")),
      },
      {
        name: "lost",
        url: billing?.url,
        auth: bearer(secret("ssm:/vigil/none")),
      },
    ],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.config;
}

let minutes = 0;
/** A minute of its own for each test, all within the last one. */
function tick() {
  minutes += 1;
  return { shard: 0, scheduledAt: new Date(Date.now() - 30_000 + minutes).toISOString() };
}

async function runOf(target: string, scheduledAt: string): Promise<RunRecord | undefined> {
  for await (const record of history.runs(target, { since: scheduledAt })) return record;
  return undefined;
}

const statusOf = (record: RunRecord | undefined) => [record?.status, record?.failures[0]?.mode];

describe("the probe, in another region than home", () => {
  it("reads its secrets, probes real servers, and writes to home", async () => {
    const event = tick();
    expect(await probe(event, CONTEXT)).toMatchObject({
      outcome: "probed",
      runs: 3,
      recorded: 3,
      unknown: 1,
      sinkFailures: 0,
    });
    const runs = await Promise.all(
      ["orders", "billing", "lost"].map((name) => runOf(name, event.scheduledAt)),
    );
    expect(runs.map(statusOf)).toEqual([
      ["up", undefined],
      ["up", undefined],
      ["unknown", "secret-unavailable"],
    ]);
    expect(runs.map((run) => run?.vantage)).toEqual([VANTAGE, VANTAGE, VANTAGE]);
    const sent = servers.flatMap(({ requests }) =>
      requests.map(({ headers }) => headers.authorization),
    );
    expect([...new Set(sent)].sort()).toEqual(
      Object.values(TOKENS)
        .map((token) => `Bearer ${token}`)
        .sort(),
    );
  });

  it("puts metrics into Vigil's namespace at home, and nowhere else", async () => {
    const listed = async (region: string) => {
      const { Metrics = [] } = await new CloudWatchClient({ region }).send(
        new ListMetricsCommand({ Namespace: "Vigil" }),
      );
      return [...new Set(Metrics.map(({ MetricName }) => MetricName))].sort();
    };
    expect(await listed(HOME)).toEqual([
      "InitializeDuration",
      "ProbeDuration",
      "ProbeSuccess",
      "ProbeUnknown",
      "TargetsProbed",
    ]);
    expect(await listed(VANTAGE)).toEqual([]);
  });

  it("records an event that is delivered twice once", async () => {
    const event = tick();
    await probe(event, CONTEXT);
    expect(await probe(event, CONTEXT)).toMatchObject({ recorded: 0, duplicates: 3 });
  });

  it("logs each run as a line of JSON from which history can be rebuilt, without a secret", async () => {
    const event = tick();
    await probe(event, CONTEXT);
    const logged = lines.map((line) => JSON.parse(line) as { message: string; run?: RunRecord });
    const runs = logged.flatMap(({ run }) => run ?? []);
    const stored = await Promise.all(runs.map(({ target }) => runOf(target, event.scheduledAt)));
    expect(stored).toEqual(runs);
    expect(runs).toHaveLength(3);
    expect(lines.join("\n")).not.toMatch(/s3cr3t/);
  });
});

describe("the operator's command", () => {
  const VIGIL = join(import.meta.dirname, "../../../cli/bin/vigil.js");
  const vigil = async (args: readonly string[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, [VIGIL, ...args], {
      cwd: folder,
      env: { ...process.env, TZ: "UTC" },
    });
    return stdout;
  };

  it("reads of the deployed table what it reads of the same runs on this machine", async () => {
    const since = tick();
    await probe(since, CONTEXT);
    await probe(tick(), CONTEXT);
    const data = join(folder, "data");
    const local = await openEmbedded({ dir: data, clock: systemClock });
    if (local.kind !== "open") throw new Error(local.kind);
    await ensureTable(local.client, "vigil");
    const copy = createHistory({ client: local.client, tableName: "vigil", clock: systemClock });
    for (const state of await history.states()) await copy.putState(state);
    for (const target of await history.targets()) {
      for await (const record of history.runs(target, { order: "oldest" })) {
        await copy.recordRun(record);
      }
    }
    await local.close();
    for (const question of [
      ["history", "orders", "--json"],
      ["history", "lost"],
      ["slo", "all", "--slo", "99"],
    ]) {
      const here = await vigil([...question, "--data", data]);
      expect(here.split("\n").length).toBeGreaterThan(2);
      expect(await vigil([...question, "--stage", "test", "--region", HOME])).toBe(here);
    }
  });

  it("finds the tools of the first good run accepted, and nothing newer to accept", async () => {
    await probe(tick(), CONTEXT);
    const args = ["baseline", "accept", "orders", "--stage", "test", "--region", HOME, "--json"];
    expect(JSON.parse(await vigil(args))).toMatchObject({ target: "orders", accepted: false });
    expect(await history.getBaseline("orders")).toMatchObject({ acceptedBy: "first-good-run" });
  });
});

describe("while the table is away", () => {
  it("spills every run in the vantage's region, and replay brings them to history", async () => {
    await client.send(new DeleteTableCommand({ TableName: TABLE }));
    const event = tick();
    // That the table is not there only a deployment mends: the platform must see it.
    await expect(probe(event, CONTEXT)).rejects.toMatchObject({ name: "RefusedError" });
    const done = lines.map((line) => JSON.parse(line)).find(({ message }) => message === "done");
    expect(done).toMatchObject({ runs: 3, recorded: 0, spilled: 3 });
    await ensureTable(client, TABLE);
    expect(await runOf("orders", event.scheduledAt)).toBeUndefined();
    const { Messages = [] } = await queues.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    const batch = {
      Records: Messages.map(({ MessageId = "", Body = "" }) => ({
        messageId: MessageId,
        body: Body,
      })),
    };
    expect(batch.Records).toHaveLength(1);
    for (let delivery = 0; delivery < 2; delivery += 1) {
      expect(await replay(batch, CONTEXT)).toEqual({ batchItemFailures: [] });
    }
    expect(statusOf(await runOf("orders", event.scheduledAt))).toEqual(["up", undefined]);
    for (const { ReceiptHandle } of Messages) {
      await queues.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
  });
});
