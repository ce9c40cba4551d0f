import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import {
  type DynamoDBDocumentClient,
  GetCommand,
  type GetCommandOutput,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
  UpdateCommand,
  type UpdateCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { historyErrorFrom } from "./history-error.ts";
import type { Item, ItemKey } from "./keys.ts";

export interface TableAccess {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
}

/** Whether the condition held. */
export function conditionalPut(
  table: TableAccess,
  action: string,
  input: Omit<PutCommandInput, "TableName">,
): Promise<boolean> {
  const put = new PutCommand({ TableName: table.tableName, ...input });
  return heldCondition(action, table.documents.send(put));
}

/** `repeated`: a repeat found an item there, which may be the one that this very call has put. */
export type PutOutcome = "written" | "present" | "repeated";

/** Puts an item where there is none. */
export async function putNew(
  table: TableAccess,
  action: string,
  item: PutCommandInput["Item"],
): Promise<PutOutcome> {
  const put = new PutCommand({
    TableName: table.tableName,
    Item: item,
    ConditionExpression: "attribute_not_exists(pk)",
  });
  try {
    await table.documents.send(put);
    return "written";
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw historyErrorFrom(error, action);
    return (error.$metadata.attempts ?? 1) > 1 ? "repeated" : "present";
  }
}

/** Whether the condition held. */
export function conditionalUpdate(
  table: TableAccess,
  action: string,
  input: Omit<UpdateCommandInput, "TableName">,
): Promise<boolean> {
  const update = new UpdateCommand({ TableName: table.tableName, ...input });
  return heldCondition(action, table.documents.send(update));
}

async function heldCondition(action: string, sent: Promise<unknown>): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw historyErrorFrom(error, action);
  }
}

/** All pages, each fetched when the one before is used up. */
export async function* queryItems(
  table: TableAccess,
  input: Omit<QueryCommandInput, "TableName">,
): AsyncGenerator<Item> {
  let startKey: QueryCommandOutput["LastEvaluatedKey"];
  do {
    const page: QueryCommandOutput = await queryPage(table, {
      ...input,
      ...(startKey !== undefined && { ExclusiveStartKey: startKey }),
    });
    yield* page.Items ?? [];
    startKey = page.LastEvaluatedKey;
  } while (startKey !== undefined);
}

async function queryPage(
  table: TableAccess,
  input: Omit<QueryCommandInput, "TableName">,
): Promise<QueryCommandOutput> {
  try {
    return await table.documents.send(new QueryCommand({ TableName: table.tableName, ...input }));
  } catch (error) {
    throw historyErrorFrom(error, "read the history");
  }
}

export async function getItem(
  table: TableAccess,
  action: string,
  key: ItemKey,
): Promise<Item | undefined> {
  try {
    const found: GetCommandOutput = await table.documents.send(
      new GetCommand({ TableName: table.tableName, Key: key, ConsistentRead: true }),
    );
    return found.Item;
  } catch (error) {
    throw historyErrorFrom(error, action);
  }
}
