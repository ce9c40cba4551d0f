import type { AwsSecrets } from "@vigil/aws/secrets";
import { isRegion, type RunRecord } from "@vigil/core";
import { envSecrets, type ProbeDeps } from "@vigil/probe";
import { credentialTrouble, troubleName } from "./aws-trouble.ts";
import type { Io } from "./io.ts";
import { plain } from "./text.ts";

/** How a target's secrets are had on the operator's own machine. */
export interface LocalSecrets {
  readonly deps: Required<Pick<ProbeDeps, "secrets" | "refused">>;
  /** Says in a run's notes why a secret could not be read. */
  explain<T extends { readonly record: RunRecord }>(run: T): T;
}

interface SecretPlace {
  readonly env: Io["env"];
  /** Where the config says that the stores are: its first vantage; null without a config. */
  readonly home: string | null;
}

/**
 * `env:` from the environment; `ssm:` and `secretsmanager:` by the operator's own AWS credentials, from
 * home's region as a deployed probe reads them, or from the AWS config's where home is this machine.
 */
export function openLocalSecrets({ env, home }: SecretPlace): LocalSecrets {
  const fromEnv = envSecrets(env);
  const reasons = new Map<string, string>();
  let opening: Promise<AwsSecrets | null> | null = null;
  let opened: AwsSecrets | null = null;

  async function open(): Promise<AwsSecrets | null> {
    const region = home !== null && isRegion(home) ? home : await usualRegion();
    if (region === null) return null;
    // What AWS is asked with is loaded only when a target first needs it.
    const { createAwsSecrets } = await import("@vigil/aws/secrets");
    opened = createAwsSecrets({
      region,
      onFailure: (reference, code, error) =>
        reasons.set(reference, reasonFor({ reference, code, error, region, env })),
    });
    return opened;
  }

  return {
    deps: {
      async secrets(reference) {
        if (reference.startsWith("env:")) return fromEnv(reference);
        reasons.delete(reference);
        opening ??= open();
        const stores = await opening;
        if (stores === null) reasons.set(reference, NO_REGION);
        return stores === null ? null : stores.read(reference);
      },
      refused(references) {
        for (const reference of references) opened?.forget(reference);
      },
    },
    explain(run) {
      const { record } = run;
      const notes = record.failures.flatMap(({ mode, evidence: { detail } }) => {
        if (mode !== "secret-unavailable" || detail === null || detail.startsWith("env:"))
          return [];
        const reason = reasons.get(detail);
        return reason === undefined ? [] : [`${detail}: ${reason}`];
      });
      return notes.length === 0
        ? run
        : { ...run, record: { ...record, notes: [...record.notes, ...new Set(notes)] } };
    },
  };
}

async function usualRegion(): Promise<string | null> {
  const { usualRegion: read } = await import("@vigil/aws/usual-region");
  return read();
}

const NO_REGION =
  "no AWS region is set to read it from; write the home region as the config's first vantage, or set AWS_REGION";

interface FailedReading {
  readonly reference: string;
  readonly code: string;
  readonly error: unknown;
  readonly region: string;
  readonly env: Io["env"];
}

/** The store's own name of the action that reads from it. */
const READ_ACTION: Readonly<Record<string, string>> = {
  ssm: "ssm:GetParameter",
  secretsmanager: "secretsmanager:GetSecretValue",
};

function reasonFor({ reference, code, error, region, env }: FailedReading): string {
  const trouble = credentialTrouble(error, env);
  if (trouble !== null) return trouble.message;
  const store = reference.split(":")[0] ?? "";
  const message = error instanceof Error ? error.message : "";
  switch (code) {
    case "ParameterNotFound":
      return `there is no such parameter in ${region}`;
    case "ResourceNotFoundException":
      return `there is no such secret in ${region}`;
    case "AccessDeniedException": {
      const action = /\b(?:ssm|secretsmanager|kms):[A-Z]\w+/.exec(message)?.[0];
      return `${action ?? READ_ACTION[store] ?? "reading it"} is denied in ${region} to these AWS credentials`;
    }
    default: {
      const name = error instanceof Error ? troubleName(error) : code;
      return `${plain(name, 80)} in ${region}: out of reach, or too busy`;
    }
  }
}
