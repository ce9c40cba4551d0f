import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paginateScan } from "@aws-sdk/client-dynamodb";
import { createHistory, ensureTable, type History } from "@vigil/aws";
import { openEmbedded } from "@vigil/aws/embedded";
import { parseConfig } from "@vigil/core";
import { type AwsAnswer, type AwsCall, awsOk, startAwsEndpoint } from "@vigil/testkit/aws-endpoint";
import { startSwitch } from "@vigil/testkit/switch";
import { vi } from "vitest";
import { VANTAGE } from "./harness.ts";

const TABLE = "vigil";
const TABLE_OF = { TableName: TABLE };
const REMAINING = { getRemainingTimeInMillis: () => 55_000 };

export interface DeployedOptions {
  readonly targets: readonly object[];
  /** Environment variables beside the function's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** What a service answers, in place of success; null for that. */
  readonly answer?: (call: AwsCall) => AwsAnswer | null;
}

/** The real handler with the real clients, as the platform would load it. */
export interface Deployed {
  /** Rejects as the handler does. */
  invoke(event: object): Promise<unknown>;
  /** Hands the replay function a message of the spill queue. */
  replay(body: string): Promise<unknown>;
  history(): History;
  /** Every item of the table, as DynamoDB's JSON. */
  items(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Calls of services other than DynamoDB. */
  readonly calls: readonly AwsCall[];
  /** All that went to stdout and stderr. */
  logged(): string;
  historyIsAway(isAway: boolean): void;
  close(): Promise<void>;
}

export async function deploy(options: DeployedOptions): Promise<Deployed> {
  const folder = mkdtempSync(join(tmpdir(), "vigil-deployed-"));
  const database = await openEmbedded({ dir: join(folder, "db") });
  if (database.kind !== "open") throw new Error(JSON.stringify(database));
  await ensureTable(database.client, TABLE);
  const front = await startSwitch(database.endpoint);
  const endpoint = await startAwsEndpoint((call) => options.answer?.(call) ?? answerOf(call));
  const { accessKeyId } = await database.client.config.credentials();
  const set = {
    AWS_REGION: VANTAGE,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_ENDPOINT_URL_DYNAMODB: front.url,
    VIGIL_HOME: VANTAGE,
    VIGIL_TABLE: TABLE,
    VIGIL_SPILL_QUEUE_URL: `${endpoint.url}/123456789012/spill`,
    VIGIL_PAGER: "pager",
    VIGIL_CONFIG: configFile(folder, options.targets),
    VIGIL_VERSION: "0.0.0",
    ...options.env,
  };
  for (const [name, value] of Object.entries(set)) vi.stubEnv(name, value);
  const written = hearStreams();
  vi.resetModules();
  const { handler } = await import("../src/probe.ts");
  const { handler: replay } = await import("../src/replay.ts");
  return {
    invoke: (event) => handler(event, REMAINING),
    replay: (body) => replay({ Records: [{ messageId: "1", body }] }, REMAINING),
    history: () => createHistory({ client: database.client, tableName: TABLE, clock: Date }),
    async items() {
      const all: Readonly<Record<string, unknown>>[] = [];
      for await (const { Items = [] } of paginateScan({ client: database.client }, TABLE_OF)) {
        all.push(...Items);
      }
      return all;
    },
    calls: endpoint.calls,
    logged: () => written.join(""),
    historyIsAway(isAway) {
      front.away = isAway;
    },
    async close() {
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
      await endpoint.close();
      await front.close();
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

function configFile(folder: string, targets: readonly object[]): string {
  const parsed = parseConfig({ vantages: [VANTAGE], targets });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  const path = join(folder, "vigil.json");
  writeFileSync(path, JSON.stringify(parsed.config));
  return path;
}

function hearStreams(): readonly string[] {
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => written.push(String(text)) > 0);
  }
  return written;
}

function answerOf({ service, body }: AwsCall): AwsAnswer {
  if (service === "lambda") return { kind: "json", status: 202, body: {} };
  if (service !== "sqs") return awsOk();
  const { MessageBody } = body as { MessageBody: string };
  return awsOk({ MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex") });
}
