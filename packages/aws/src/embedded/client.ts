import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { withoutVersionWarning } from "../version-warning.ts";

export interface LocalEndpoint {
  readonly endpoint: string;
  readonly accessKeyId: string;
}

const CONNECT_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 5_000;

/**
 * A client for the embedded database. Every setting that the SDK would otherwise look up in the
 * environment, in `~/.aws` or at the instance metadata service is given here.
 */
export function localClient({ endpoint, accessKeyId }: LocalEndpoint): DynamoDBClient {
  const client = withoutVersionWarning(
    () =>
      new DynamoDBClient({
        endpoint,
        region: "local",
        credentials: { accessKeyId, secretAccessKey: "local" },
        maxAttempts: 2,
        retryMode: "standard",
        requestHandler: {
          connectionTimeout: CONNECT_TIMEOUT_MS,
          requestTimeout: REQUEST_TIMEOUT_MS,
          throwOnRequestTimeout: true,
        },
        useDualstackEndpoint: false,
        useFipsEndpoint: false,
        accountIdEndpointMode: "disabled",
        authSchemePreference: ["sigv4"],
        disableClockSkewCorrection: true,
        userAgentAppId: async () => undefined,
      }),
  );
  // Nobody listens to it, and it copies every answer for nobody: a third of the time of a long one.
  client.middlewareStack.remove("loggerMiddleware");
  return client;
}

/** Whether a database that knows this key answers there. */
export async function answers(client: DynamoDBClient): Promise<boolean> {
  try {
    await client.send(new ListTablesCommand({ Limit: 1 }));
    return true;
  } catch {
    return false;
  }
}
