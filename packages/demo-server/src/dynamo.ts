import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** A table that does not answer must cost a client less than its patience, repeat included. */
const CONNECT_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 2_000;
const MAX_ATTEMPTS = 2;

/** A number that JavaScript cannot hold stays what DynamoDB wrote. */
const numberOrText = (written: string): number | string =>
  String(Number(written)) === written ? Number(written) : written;

/**
 * One client for all requests of this environment, made at init: its connections and credentials
 * outlive each of them. Region, endpoint and credentials are those of the environment.
 */
export const dynamo = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  }),
  {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: numberOrText },
  },
);

/** An AWS error as the SDK's users log it: `AccessDeniedException: User: … is not authorized …`. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
