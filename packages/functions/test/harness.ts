import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHistory, ensureTable, type History, historyClient } from "@vigil/aws";
import { type OpenDatabase, openEmbedded } from "@vigil/aws/embedded";
import { createPagerCall } from "@vigil/aws/pager-call";
import { createPublisher } from "@vigil/aws/publish";
import { createSpillQueue } from "@vigil/aws/spill-queue";
import {
  type Clock,
  type PagerInvocation,
  parseConfig,
  type RunRecord,
  readPagerInvocation,
  type VigilConfig,
} from "@vigil/core";
import { type AwsAnswer, type AwsCall, awsOk, startAwsEndpoint } from "@vigil/testkit/aws-endpoint";
import { startSwitch } from "@vigil/testkit/switch";
import { vi } from "vitest";
import type { Sinks } from "../src/keeper.ts";
import type { Log, Trouble } from "../src/log.ts";

const TABLE = "vigil";
export const VANTAGE = "eu-west-1";
/** Short, so that what is away costs the tests little. */
const PLACE = { region: VANTAGE, timeoutMs: 5_000, maxAttempts: 2 };

/** By the names in signatures. */
export const SERVICES = ["dynamodb", "monitoring", "sqs", "lambda"] as const;
export type Service = (typeof SERVICES)[number];

/** What a function's sinks write to: a DynamoDB API, and an endpoint for the other services. */
export interface Cloud {
  /** Of a function in a vantage: history and metrics at home, which {@link VANTAGE} is. */
  sinksAt(vantage: string): Omit<Sinks, "history" | "log">;
  /** Of all services but DynamoDB. */
  readonly endpoint: string;
  /** At home. */
  readonly sinks: Omit<Sinks, "history" | "log">;
  readonly historyOf: (clock: Pick<Clock, "now">) => History;
  /** These break every request from now on; the others answer. */
  away(...services: readonly Service[]): void;
  /** Calls that were answered. */
  calls(service: Service): readonly AwsCall[];
  close(): Promise<void>;
}

export async function startCloud(): Promise<Cloud> {
  const folder = mkdtempSync(join(tmpdir(), "vigil-functions-"));
  const database = await openOrThrow(folder);
  await ensureTable(database.client, TABLE);
  const { accessKeyId, secretAccessKey } = await database.client.config.credentials();
  vi.stubEnv("AWS_ACCESS_KEY_ID", accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
  const front = await startSwitch(database.endpoint);
  const answered: AwsCall[] = [];
  let gone: readonly Service[] = [];
  const endpoint = await startAwsEndpoint((call) => {
    if (gone.includes(call.service as Service)) return { kind: "reset" };
    answered.push(call);
    return answerOf(call);
  });
  const place = { ...PLACE, endpoint: endpoint.url };
  const sinksAt: Cloud["sinksAt"] = (vantage) => ({
    publisher: createPublisher(place),
    spill: createSpillQueue({ ...place, region: vantage, queueUrl: queueUrlOf(endpoint, vantage) }),
    pager: createPagerCall({ ...place, functionName: "pager" }),
  });
  const client = historyClient({ ...PLACE, endpoint: front.url });
  return {
    sinksAt,
    endpoint: endpoint.url,
    sinks: sinksAt(VANTAGE),
    historyOf: (clock) => createHistory({ client, tableName: TABLE, clock }),
    away(...services) {
      gone = services;
      front.away = services.includes("dynamodb");
    },
    calls: (service) => answered.filter((call) => call.service === service),
    async close() {
      client.destroy();
      await endpoint.close();
      await front.close();
      await database.close();
      await rm(folder, { recursive: true });
      vi.unstubAllEnvs();
    },
  };
}

const queueUrlOf = ({ url }: { readonly url: string }, vantage: string) =>
  `${url}/123456789012/spill-${vantage}`;

async function openOrThrow(dir: string): Promise<OpenDatabase> {
  const opened = await openEmbedded({ dir });
  if (opened.kind !== "open") throw new Error(JSON.stringify(opened));
  return opened;
}

function answerOf({ service, body }: AwsCall): AwsAnswer {
  if (service === "lambda") return { kind: "json", status: 202, body: {} };
  if (service !== "sqs") return awsOk();
  const { MessageBody } = body as { MessageBody: string };
  const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
  return awsOk({ MessageId: "1", MD5OfMessageBody });
}

interface SendMessage {
  readonly QueueUrl: string;
  readonly MessageBody: string;
}

/** Bodies of the messages that a vantage's spill queue took, in its own region. */
export function queued(cloud: Cloud, vantage: string = VANTAGE): readonly string[] {
  const sent = cloud.calls("sqs").filter(({ region }) => region === vantage);
  return sent.flatMap(({ body }) => {
    const { QueueUrl, MessageBody } = body as SendMessage;
    return QueueUrl.endsWith(`/spill-${vantage}`) ? [MessageBody] : [];
  });
}

/** The changes that the pager was told of. */
export function changesTold(cloud: Cloud): readonly PagerInvocation[] {
  return cloud.calls("lambda").flatMap(({ body }) => {
    const read = readPagerInvocation(body);
    return read.ok && read.invocation.kind === "state-change" ? [read.invocation] : [];
  });
}

interface Metric {
  readonly MetricName: string;
  readonly Value: number;
  readonly Timestamp: number;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

/** Values of a metric that CloudWatch took, in the order of their minutes; of one vantage or of all. */
export function published(cloud: Cloud, metric: string, vantage?: string): readonly number[] {
  return cloud
    .calls("monitoring")
    .flatMap(({ body }) => (body as { MetricData: Metric[] }).MetricData)
    .filter(({ MetricName }) => MetricName === metric)
    .filter(({ Dimensions }) => vantage === undefined || isOf(vantage, Dimensions))
    .sort((a, b) => a.Timestamp - b.Timestamp)
    .map(({ Value }) => Value);
}

/** Target and minute of each `ProbeSuccess` of a vantage that CloudWatch took, as often as it came. */
export function publishedRuns(cloud: Cloud, vantage: string): readonly string[] {
  return cloud
    .calls("monitoring")
    .flatMap(({ body }) => (body as { MetricData: Metric[] }).MetricData)
    .filter(
      ({ MetricName, Dimensions }) => MetricName === "ProbeSuccess" && isOf(vantage, Dimensions),
    )
    .map(({ Timestamp, Dimensions }) => JSON.stringify([Timestamp, Dimensions]));
}

const isOf = (vantage: string, dimensions: Metric["Dimensions"]) =>
  dimensions.some(({ Name, Value }) => Name === "Vantage" && Value === vantage);

export interface HeardLog extends Log {
  readonly runs: RunRecord[];
  readonly troubles: { readonly code: Trouble; readonly details: object }[];
}

export function hearLog(): HeardLog {
  const runs: RunRecord[] = [];
  const troubles: HeardLog["troubles"] = [];
  return {
    runs,
    troubles,
    run: (record) => runs.push(record),
    trouble: (code, details) => troubles.push({ code, details }),
    done: () => {},
  };
}

export function configOf(count: number): VigilConfig {
  const targets = Array.from({ length: count }, (_, n) => ({
    name: `t${n}`,
    url: `https://t${n}.example.com/mcp`,
  }));
  const parsed = parseConfig({ vantages: [VANTAGE], targets });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.config;
}
