import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AwsCredentials } from "./sigv4.ts";

/** How every client of AWS behaves here: little patience, few repeats, since a run waits for it. */
export interface AwsPlace {
  readonly region: string;
  /** Another endpoint than the region's own, e.g. an emulator's. */
  readonly endpoint?: string;
  /** Others than those that the process finds. */
  readonly credentials?: AwsCredentials;
  /** Milliseconds that one try may take. */
  readonly timeoutMs?: number;
  /** Tries in all. */
  readonly maxAttempts?: number;
}

const TIMEOUT_MS = 3_000;
const MAX_ATTEMPTS = 3;

/** What a client's constructor takes. */
export function clientOptions(place: AwsPlace) {
  const { region, endpoint, credentials, timeoutMs, maxAttempts } = place;
  const patience = timeoutMs ?? TIMEOUT_MS;
  return {
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    maxAttempts: maxAttempts ?? MAX_ATTEMPTS,
    // A silent endpoint must cost a try, not the run: the default waits without end.
    requestHandler: {
      connectionTimeout: patience,
      requestTimeout: patience,
      throwOnRequestTimeout: true,
    },
  };
}

/** An AWS error by its code, e.g. `ThrottlingException` or `TimeoutError`; never its message. */
export function awsErrorCode(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}

/** The client that a history is created with. */
export function historyClient(place: AwsPlace): DynamoDBClient {
  return new DynamoDBClient(clientOptions(place));
}
