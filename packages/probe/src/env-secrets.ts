import type { SecretResolver } from "./types.ts";

const ENV = "env:";

/** Reads `env:NAME` from an environment; other references cannot be had from it. */
export function envSecrets(env: Readonly<Record<string, string | undefined>>): SecretResolver {
  return async (reference) =>
    reference.startsWith(ENV) ? (env[reference.slice(ENV.length)] ?? null) : null;
}
