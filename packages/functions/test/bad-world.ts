import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHistory, ensureTable } from "@vigil/aws";
import { type OpenDatabase, openEmbedded } from "@vigil/aws/embedded";
import { parseConfig, readSpilled } from "@vigil/core";
import { soundLegacy, startServer } from "@vigil/testkit";
import {
  type AwsAnswer,
  type AwsCall,
  type AwsEndpoint,
  awsError,
  awsOk,
  snsOk,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import { bundled, type Entry, type Line, type Seen } from "./bundled.ts";
import { VANTAGE } from "./harness.ts";

const TABLE = "vigil";

/** A topic with one subscription, which is confirmed. */
const SUBSCRIBED: Readonly<Record<string, AwsAnswer>> = {
  Publish: snsOk("Publish", "<MessageId>1</MessageId>"),
  ListSubscriptionsByTopic: snsOk(
    "ListSubscriptionsByTopic",
    "<Subscriptions><member><SubscriptionArn>arn:1</SubscriptionArn></member></Subscriptions>",
  ),
};

export interface Bad {
  readonly entry?: Entry;
  /** Made when the world is ready; the target's name is another in each play. */
  readonly events: (target: string) => readonly unknown[];
  /** Over those that a sound deployment has; undefined: not set. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The text of the config file, or further keys of its one target. */
  readonly config?: string | object;
  /** What a service answers in place of success, by the name in signatures. */
  readonly answers?: Readonly<Record<string, AwsAnswer>>;
  /** The target lists no tools, and is down. */
  readonly isDown?: boolean;
}

/** All that came of it, wherever it can be seen. */
export interface Came {
  readonly seen: readonly Seen[];
  readonly troubles: readonly Line[];
  /** Runs in the log, in history and in the spill queue. */
  readonly logged: number;
  readonly recorded: number;
  readonly spilled: number;
  /** Subjects of the pages that the topic took. */
  readonly paged: readonly string[];
  /** Whether the target heard anything. */
  readonly isAsked: boolean;
  readonly metrics: Readonly<Record<string, readonly number[]>>;
}

export interface BadWorld {
  play(bad: Bad): Promise<Came>;
  close(): Promise<void>;
}

/** The built bundle, as deployed, in a world where one thing is wrong. */
export async function startBadWorld(): Promise<BadWorld> {
  const folder = mkdtempSync(join(tmpdir(), "vigil-bad-"));
  const run = await bundled(join(folder, "bundle"));
  const database = await openTable(join(folder, "db"));
  let now: Bad = { events: () => [] };
  let count = 0;
  const endpoint = await startAwsEndpoint((call) => now.answers?.[call.service] ?? answerOf(call));
  const server = await startServer(soundLegacy({ edit: withoutTools(() => now.isDown === true) }));
  return {
    async play(bad) {
      now = bad;
      count += 1;
      const target = `orders-${count}`;
      const config = join(folder, `${target}.json`);
      writeFileSync(config, configOf({ name: target, url: server.url }, bad.config));
      const before = { calls: endpoint.calls.length, requests: server.requests.length };
      const { seen, lines } = await run({
        entry: bad.entry ?? "probe",
        events: bad.events(target),
        env: {
          ...(await environmentOf({ bad, database, endpoint })),
          VIGIL_CONFIG: config,
          ...bad.env,
        },
      });
      const calls = endpoint.calls.slice(before.calls);
      const taken = calls.filter(({ service }) => !bad.answers?.[service]);
      return {
        seen,
        troubles: lines.filter(({ level }) => level === "ERROR"),
        logged: lines.filter(({ message }) => message === "run").length,
        recorded: await recordedOf(database, target),
        spilled: spilledOf(taken),
        paged: pagedOf(taken),
        isAsked: server.requests.length > before.requests,
        metrics: metricsOf(taken),
      };
    },
    async close() {
      await Promise.all([server.close(), endpoint.close(), database.close()]);
      await rm(folder, { recursive: true });
    },
  };
}

async function openTable(dir: string): Promise<OpenDatabase> {
  const database = await openEmbedded({ dir });
  if (database.kind !== "open") throw new Error(JSON.stringify(database));
  await ensureTable(database.client, TABLE);
  return database;
}

async function recordedOf({ client }: OpenDatabase, target: string): Promise<number> {
  const history = createHistory({ client, tableName: TABLE, clock: Date });
  let runs = 0;
  for await (const _ of history.runs(target)) runs += 1;
  return runs;
}

interface Around {
  readonly bad: Bad;
  readonly database: OpenDatabase;
  readonly endpoint: AwsEndpoint;
}

async function environmentOf({ bad, database, endpoint }: Around) {
  const { accessKeyId } = await database.client.config.credentials();
  const isRefused = bad.answers?.["dynamodb"] !== undefined;
  return {
    AWS_REGION: VANTAGE,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_ENDPOINT_URL_DYNAMODB: isRefused ? endpoint.url : database.endpoint,
    VIGIL_HOME: VANTAGE,
    VIGIL_TABLE: TABLE,
    VIGIL_SPILL_QUEUE_URL: `${endpoint.url}/123456789012/spill`,
    VIGIL_PAGER: "pager",
    VIGIL_PAGES_TOPIC: "arn:aws:sns:eu-west-1:123456789012:vigil-test-pages",
    VIGIL_STAGE: "test",
    VIGIL_VERSION: "0.0.0",
  };
}

type Edit = NonNullable<NonNullable<Parameters<typeof soundLegacy>[0]>["edit"]>;

function withoutTools(isDown: () => boolean): Edit {
  return (request, reply) =>
    request.rpc?.method === "tools/list" && isDown()
      ? { ...reply, message: { ...reply.message, result: { tools: [] } } }
      : reply;
}

function configOf(named: object, config: Bad["config"]): string {
  if (typeof config === "string") return config;
  const target = { ...named, era: "legacy", confirm: { delaysMs: [1] }, ...config };
  const parsed = parseConfig({ vantages: [VANTAGE], targets: [target] });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return JSON.stringify(parsed.config);
}

function answerOf({ service, operation, body }: AwsCall): AwsAnswer {
  if (service === "lambda") return { kind: "json", status: 202, body: {} };
  if (service === "sns") return SUBSCRIBED[operation] ?? awsError(400, "InvalidAction");
  if (service !== "sqs") return awsOk();
  const { MessageBody } = body as { MessageBody: string };
  return awsOk({ MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex") });
}

function spilledOf(calls: readonly AwsCall[]): number {
  const messages = calls.filter(({ service }) => service === "sqs");
  const runs = messages.map(({ body }) => {
    const spilled = readSpilled((body as { MessageBody: string }).MessageBody);
    return spilled?.kind === "runs" ? spilled.runs.length : 0;
  });
  return runs.reduce((sum, one) => sum + one, 0);
}

function pagedOf(calls: readonly AwsCall[]): readonly string[] {
  const published = calls.filter(({ operation }) => operation === "Publish");
  return published.map(({ body }) => (body as { Subject: string }).Subject);
}

interface Datum {
  readonly MetricName: string;
  readonly Value: number;
}

/** Those that an operator's alarms watch; durations are left out. */
function metricsOf(calls: readonly AwsCall[]): Readonly<Record<string, readonly number[]>> {
  const metrics: Record<string, number[]> = {};
  const sent = calls.filter(({ service }) => service === "monitoring");
  for (const { MetricName, Value } of sent.flatMap(
    ({ body }) => (body as { MetricData: readonly Datum[] }).MetricData,
  )) {
    if (!MetricName.endsWith("Duration"))
      metrics[MetricName] = [...(metrics[MetricName] ?? []), Value];
  }
  return metrics;
}
