import type { RequestListener, Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";

/** A table for each use, and one item to look up. */
export const SESSIONS_TABLE = { TableName: "demo-sessions", key: "sessionId" } as const;
export const LOOKUP_TABLE = { TableName: "demo-items", key: "id" } as const;
const HEALTH_ITEM = { id: { S: "health" }, state: { S: "ok" } };

/** The SDK warns of Node versions that AWS will leave behind; this database is not AWS. */
const NO_WARNING = "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED";
const TABLE_WITHIN_S = 10;

export interface LocalDatabase {
  readonly endpoint: string;
  /** What a process needs to use it as DynamoDB. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const require = createRequire(import.meta.url);
type Dynalite = (options: { readonly createTableMs: number }) => Server;

/**
 * A DynamoDB of this process's own, in memory and on loopback, with both tables. For demonstration:
 * whoever has an account on this machine can use it.
 */
export async function openDatabase(): Promise<LocalDatabase> {
  const dynalite = require("dynalite") as Dynalite;
  const server = dynalite({ createTableMs: 0 });
  outliveHangUps(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const env = {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    [NO_WARNING]: "true",
  };
  process.env[NO_WARNING] = "true";
  await createTables(endpoint);
  return {
    endpoint,
    env,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** dynalite throws when a client breaks off half-way; nothing needs to be done about that. */
function outliveHangUps(server: Server): void {
  const [serve] = server.listeners("request") as RequestListener[];
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    serve?.(request, response);
    request.removeAllListeners("error").on("error", () => {});
  });
}

async function createTables(endpoint: string): Promise<void> {
  const client = new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  for (const { TableName, key } of [SESSIONS_TABLE, LOOKUP_TABLE]) {
    const creation = new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    });
    await client.send(creation);
    const within = { client, minDelay: 0.1, maxDelay: 1, maxWaitTime: TABLE_WITHIN_S };
    await waitUntilTableExists(within, { TableName });
  }
  const { TableName } = LOOKUP_TABLE;
  await client.send(new PutItemCommand({ TableName, Item: HEALTH_ITEM }));
  client.destroy();
}
