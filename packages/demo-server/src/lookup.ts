import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { wordsOf } from "./dynamo.ts";
import { type Lookup, text } from "./tools.ts";

export interface LookupOptions {
  readonly dynamo: DynamoDBDocumentClient;
  /** Where an item is looked up unless the call names another table. */
  readonly table: string;
  /** The table's partition key, a string. */
  readonly keyName: string;
}

/**
 * Reads one item. What the service refuses is told to the client in the service's own words, as
 * careful servers do; CloudWatch counts no error then.
 */
export function createLookup({ dynamo, table: ownTable, keyName }: LookupOptions): Lookup {
  return async ({ table = ownTable, key }) => {
    try {
      const get = new GetCommand({ TableName: table, Key: { [keyName]: key } });
      const { Item } = await dynamo.send(get);
      if (Item === undefined) {
        return { ...text(`${table} has no item whose ${keyName} is ${key}`), isError: true };
      }
      const json = JSON.stringify(Item, asJson);
      return { ...text(json), structuredContent: { item: JSON.parse(json) as unknown } };
    } catch (error) {
      return { ...text(wordsOf(error)), isError: true };
    }
  };
}

/** DynamoDB's sets and bytes, which JSON does not know. */
function asJson(_key: string, value: unknown): unknown {
  if (value instanceof Set) return [...value];
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}
