import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  ResourceNotFoundException,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { HISTORY_ATTRIBUTES } from "@vigil/core";
import { historyErrorFrom } from "./history-error.ts";
import type { ItemKey } from "./keys.ts";
import type { RunItem } from "./run-item.ts";

/** Attribute names that the table itself knows; everything else belongs to an item's own kind. */
export const KEY = {
  partition: HISTORY_ATTRIBUTES.partition,
  sort: HISTORY_ATTRIBUTES.sort,
} as const satisfies Record<string, keyof ItemKey>;
/** DynamoDB's time to live: epoch seconds after which an item counts as gone. */
export const TTL_ATTRIBUTE = HISTORY_ATTRIBUTES.ttl satisfies keyof RunItem;

/** What `ensureTable` creates; the stack writes the same attributes, from core, in its own terms. */
export const HISTORY_TABLE = {
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: KEY.partition, AttributeType: "S" },
    { AttributeName: KEY.sort, AttributeType: "S" },
  ],
  KeySchema: [
    { AttributeName: KEY.partition, KeyType: "HASH" },
    { AttributeName: KEY.sort, KeyType: "RANGE" },
  ],
} as const satisfies Omit<CreateTableCommandInput, "TableName">;

const CREATION_SECONDS = { maxWaitTime: 60, minDelay: 0.05, maxDelay: 2 };

/**
 * Creates the table unless it is there, and returns once it takes writes.
 * Two processes may call this at once: one creates, the other waits.
 * @throws HistoryError when DynamoDB cannot be reached, refuses, or takes longer than a minute.
 */
export async function ensureTable(
  client: DynamoDBClient,
  tableName: string,
): Promise<"created" | "existing"> {
  try {
    const found = await tableStatus(client, tableName);
    if (found === "ACTIVE") return "existing";
    const outcome = found === null ? await createTable(client, tableName) : "existing";
    await waitUntilTableExists({ client, ...CREATION_SECONDS }, { TableName: tableName });
    return outcome;
  } catch (error) {
    throw historyErrorFrom(error, "make sure that the table exists");
  }
}

async function tableStatus(client: DynamoDBClient, tableName: string): Promise<string | null> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    return Table?.TableStatus ?? null;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}

async function createTable(
  client: DynamoDBClient,
  tableName: string,
): Promise<"created" | "existing"> {
  const { BillingMode, AttributeDefinitions, KeySchema } = HISTORY_TABLE;
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode,
        AttributeDefinitions: [...AttributeDefinitions],
        KeySchema: [...KeySchema],
      }),
    );
    return "created";
  } catch (error) {
    // Someone else was faster, which is all we want.
    if (error instanceof ResourceInUseException) return "existing";
    throw error;
  }
}
