import { LambdaClient } from "@aws-sdk/client-lambda";
import { withoutVersionWarning } from "./version-warning.ts";

/** The region that this machine's AWS tools use unless told otherwise; null when none is set. */
export async function usualRegion(): Promise<string | null> {
  const client = withoutVersionWarning(() => new LambdaClient({}));
  return client.config.region().catch(() => null);
}
