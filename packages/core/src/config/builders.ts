import type { VigilConfigInput } from "./schema.ts";
import type { HeaderValues, SecretRef } from "./types.ts";

/** A place that secrets can be read from at run time. */
export type SecretReference = `env:${string}` | `ssm:/${string}` | `secretsmanager:${string}`;

/** Gives an editor the config's types. Checks nothing: `parseConfig` does. */
export function defineConfig(input: VigilConfigInput): VigilConfigInput {
  return input;
}

/** Names a secret, to be read when it is needed; the value is never in the config. */
export function secret(reference: SecretReference): SecretRef {
  return { secret: reference };
}

/** `Authorization: Bearer …`. */
export function bearer(token: SecretRef) {
  return { type: "bearer", token } as const;
}

/** Headers that carry credentials, e.g. `X-Api-Key`. */
export function headers(values: HeaderValues) {
  return { type: "headers", headers: values } as const;
}

/** AWS IAM; service and region follow from a Function URL or an API Gateway's host. */
export function sigv4(options: { readonly service?: string; readonly region?: string } = {}) {
  return { type: "sigv4", ...options } as const;
}

/**
 * OAuth 2.1 client credentials; the client's secret goes to `issuer` and to nobody else. An issuer
 * that gives tokens at another origin than its own needs that address in `tokenEndpoint`.
 */
export function oauthClientCredentials(options: {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: SecretRef;
  readonly scope?: string;
  readonly tokenEndpoint?: string;
}) {
  return { type: "oauthClientCredentials", ...options } as const;
}
