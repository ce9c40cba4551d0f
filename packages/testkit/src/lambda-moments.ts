import { type AwsAnswer, awsError, awsOk } from "./aws-endpoint.ts";

/** What Lambda says of a function from a second on. */
export interface LambdaMoment {
  readonly from: number;
  readonly version: string;
  readonly weights?: Readonly<Record<string, number>>;
  /** Of the alias's provisioned concurrency; none without. */
  readonly status?: string;
  readonly reason?: string;
}

/** An answer of Lambda's control plane about a function's alias `live`, so many milliseconds on. */
export function lambdaAnswer(
  operation: string,
  { moments, elapsedMs }: { readonly moments: readonly LambdaMoment[]; readonly elapsedMs: number },
): AwsAnswer {
  const moment = moments.findLast(({ from }) => from * 1_000 <= elapsedMs);
  if (moment === undefined) return awsError(404, "ResourceNotFoundException");
  const { version, weights = {}, status, reason } = moment;
  if (operation.includes("/configuration")) {
    return awsOk({ Version: version, CodeSha256: `code-of-${version}` });
  }
  if (operation.includes("/aliases/")) {
    const RoutingConfig = { AdditionalVersionWeights: weights };
    return awsOk({ FunctionVersion: version, RoutingConfig });
  }
  if (status === undefined || !operation.endsWith("=live")) {
    return awsError(404, "ProvisionedConcurrencyConfigNotFoundException");
  }
  return awsOk({
    Status: status,
    RequestedProvisionedConcurrentExecutions: 1,
    ...(reason !== undefined && { StatusReason: reason }),
  });
}
