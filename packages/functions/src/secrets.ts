import type { AwsSecrets } from "@vigil/aws/secrets";
import { envSecrets, type ProbeDeps } from "@vigil/probe";
import type { Environment } from "./environment.ts";
import type { Log } from "./log.ts";
import { once } from "./sinks.ts";

interface SecretSources {
  readonly environment: Environment;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}

/** `env:` from the function's own environment; the stores of home's region for the others. */
export function openSecrets({
  environment,
  env,
  log,
}: SecretSources): Required<Pick<ProbeDeps, "secrets" | "refused">> {
  const fromEnv = envSecrets(env);
  let opened: AwsSecrets | null = null;
  const open = once(async () => {
    const { createAwsSecrets } = await import("@vigil/aws/secrets");
    opened = createAwsSecrets({
      region: environment.home,
      onFailure: (reference, reason) => log.trouble("secret-failed", { reference, reason }),
    });
    return opened;
  });
  return {
    secrets: async (reference) =>
      reference.startsWith("env:") ? fromEnv(reference) : (await open()).read(reference),
    refused(references) {
      for (const reference of references) opened?.forget(reference);
    },
  };
}
