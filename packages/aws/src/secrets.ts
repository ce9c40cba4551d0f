import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { SSMProvider } from "@aws-lambda-powertools/parameters/ssm";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { type AwsPlace, awsErrorCode, clientOptions } from "./aws-clients.ts";
import { withoutVersionWarning } from "./version-warning.ts";

/** Values are kept this long; one that the server refuses is read anew before that. */
export const SECRET_MAX_AGE_SECONDS = 300;

export interface AwsSecrets {
  /** The value of `ssm:/path` or `secretsmanager:name`; null when it cannot be had, or is neither. */
  read(reference: string): Promise<string | null>;
  /** The value was refused: the next reading passes the cache over. */
  forget(reference: string): void;
}

export interface AwsSecretOptions extends AwsPlace {
  /** Told why a secret could not be had, by AWS's error code; the error's own words may hold names. */
  readonly onFailure?: (reference: string, code: string, error: unknown) => void;
}

export function createAwsSecrets({ onFailure, ...place }: AwsSecretOptions): AwsSecrets {
  const options = clientOptions(place);
  const [ssmClient, secretsClient] = withoutVersionWarning(
    () => [new SSMClient(options), new SecretsManagerClient(options)] as const,
  );
  const ssm = new SSMProvider({ awsSdkV3Client: ssmClient });
  const secrets = new SecretsProvider({ awsSdkV3Client: secretsClient });
  const forgotten = new Set<string>();
  const underWay = new Map<string, Promise<string | null>>();

  async function fetchValue(reference: string): Promise<string | null> {
    const [, store, name = ""] = /^(ssm|secretsmanager):(.+)$/.exec(reference) ?? [];
    const age = { maxAge: SECRET_MAX_AGE_SECONDS, forceFetch: forgotten.delete(reference) };
    if (store === "ssm") return (await ssm.get(name, { decrypt: true, ...age })) ?? null;
    if (store !== "secretsmanager") return null;
    const value = await secrets.get(name, age);
    return typeof value === "string" ? value : null;
  }

  async function read(reference: string): Promise<string | null> {
    try {
      return await fetchValue(reference);
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      onFailure?.(reference, awsErrorCode(cause), cause);
      return null;
    } finally {
      underWay.delete(reference);
    }
  }

  return {
    forget: (reference) => void forgotten.add(reference),
    // Targets that ask at once share one answer: the stores allow few calls a second.
    read(reference) {
      const reading = underWay.get(reference) ?? read(reference);
      underWay.set(reference, reading);
      return reading;
    },
  };
}
