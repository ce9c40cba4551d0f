import { randomUUID } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { SESSION_TTL_MS } from "./sessions.ts";
import type { OpeningSession, SharedSessions } from "./shared-sessions.ts";

/** The partition key of the table, a string; it has no sort key. */
const KEY = "sessionId";

export interface SessionTableOptions {
  readonly dynamo: DynamoDBDocumentClient;
  readonly table: string;
  /** Milliseconds since 1970: the table is read by other machines too. */
  readonly now: () => number;
}

/** The item: what any environment must know of a session, and what an operator may want to. */
interface SessionItem extends OpeningSession {
  readonly [KEY]: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  /** DynamoDB's time to live, in epoch seconds. */
  readonly expiresAt: number;
}

/**
 * Sessions in DynamoDB. An item counts as gone from its `expiresAt` on, though DynamoDB may take
 * days to remove it.
 */
export function createSessionTable({ dynamo, table, now }: SessionTableOptions): SharedSessions {
  const seconds = () => Math.floor(now() / 1_000);
  const used = () => ({
    lastUsedAt: new Date(now()).toISOString(),
    expiresAt: seconds() + SESSION_TTL_MS / 1_000,
  });
  const alive = "expiresAt > :now";
  return {
    async open(opening) {
      const id = randomUUID();
      const createdAt = new Date(now()).toISOString();
      const Item: SessionItem = { [KEY]: id, ...opening, createdAt, ...used() };
      await dynamo.send(new PutCommand({ TableName: table, Item }));
      return id;
    },
    use(id) {
      const { lastUsedAt, expiresAt } = used();
      const update = new UpdateCommand({
        TableName: table,
        Key: { [KEY]: id },
        ConditionExpression: alive,
        UpdateExpression: "SET lastUsedAt = :usedAt, expiresAt = :expiresAt",
        ExpressionAttributeValues: {
          ":now": seconds(),
          ":usedAt": lastUsedAt,
          ":expiresAt": expiresAt,
        },
      });
      return met(dynamo.send(update));
    },
    end(id) {
      const removal = new DeleteCommand({
        TableName: table,
        Key: { [KEY]: id },
        ConditionExpression: alive,
        ExpressionAttributeValues: { ":now": seconds() },
      });
      return met(dynamo.send(removal));
    },
  };
}

/** Whether the condition of a write was met. */
async function met(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
