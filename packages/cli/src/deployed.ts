import { createHistory, type HistoryError, historyClient } from "@vigil/aws";
import { historyTableName, isRegion } from "@vigil/core";
import { credentialTrouble } from "./aws-trouble.ts";
import { EXIT } from "./exit-codes.ts";
import type { PlaceFlags } from "./flags.ts";
import type { Io } from "./io.ts";
import type { Place, PlaceContext } from "./place.ts";
import { bad, type Complaint, ok, type Result } from "./result.ts";
import { configuredTargets } from "./targets.ts";

/** A person waits for it, from any network. */
const TIMEOUT_MS = 5_000;

type DeployedFlags = PlaceFlags & { readonly stage: string };

/** Where a deployment keeps its history. */
interface Deployment {
  readonly stage: string;
  readonly table: string;
  readonly home: string;
  readonly env: Io["env"];
}

/** A deployment's history, read and written with the operator's own credentials. */
export async function openDeployed(
  flags: DeployedFlags,
  { cwd, clock, env }: PlaceContext,
): Promise<Result<Place>> {
  const named = historyTableName(flags.stage);
  if (named.kind === "invalid-stage") {
    return bad(named.message);
  }
  const home = await homeOf(flags, cwd);
  if (!home.ok) {
    return home;
  }
  const client = historyClient({ region: home.value, timeoutMs: TIMEOUT_MS });
  const deployment = { stage: flags.stage, table: named.name, home: home.value, env };
  return ok({
    history: createHistory({ client, tableName: named.name, clock, everyShard: true }),
    flags: ` --stage ${flags.stage}${flags.region === undefined ? "" : ` --region ${flags.region}`}`,
    ifEmpty: `The deployment ${flags.stage} has recorded no run yet: its first ones come within two minutes.`,
    seenBy: "Within 15 minutes, or with the next change of its tools,",
    explain: (error) => explain(error, deployment),
    close: async () => client.destroy(),
  });
}

/** A deployment's home region: as said, else as the config has it. */
export async function homeOf(
  { stage, region, config }: Pick<DeployedFlags, "stage" | "region" | "config">,
  cwd: string,
): Promise<Result<string>> {
  if (region !== undefined) {
    return isRegion(region)
      ? ok(region)
      : bad(`--region ${JSON.stringify(region)} is no AWS region. Write one such as eu-west-1.`);
  }
  const configured = await configuredTargets(cwd, config);
  if (!configured.ok) {
    return configured;
  }
  const home = configured.value?.config.vantages[0];
  return home !== undefined && isRegion(home)
    ? ok(home)
    : bad(
        `The home region of ${stage} is not known: ${configured.value === null ? "there is no config here" : `${configured.value.shownPath} names no region as its first vantage`}. Name it with --region, or the config with --config.`,
      );
}

/** What DynamoDB calls it: what it means, and whose fault it is. */
const EXPLANATIONS: Readonly<Record<string, (cause: Error, at: Deployment) => Complaint>> = {
  ResourceNotFoundException: (_, { table, home, stage }) => ({
    message: `There is no table ${table} in ${home}. Deploy it with npx sst deploy --stage ${stage}, or put --stage or --region right.`,
  }),
  AccessDeniedException: ({ message }, { table, home }) => ({
    message: `These AWS credentials may not use ${table} in ${home}: ${deniedAction(message)} is denied. docs/history.md lists what each command needs.`,
    exit: EXIT.unknown,
  }),
};

function explain(error: HistoryError, at: Deployment): Complaint {
  const { cause } = error;
  const known = cause instanceof Error ? EXPLANATIONS[cause.name]?.(cause, at) : undefined;
  const said = known ?? credentialTrouble(cause, at.env);
  if (said !== null) {
    return { ...said, cause: error };
  }
  return {
    message: `${error.message}: DynamoDB in ${at.home} cannot be reached, or does not keep up. Check the network, and try again.`,
    cause: error,
    exit: EXIT.unknown,
  };
}

function deniedAction(message: string): string {
  return /\bdynamodb:\w+/u.exec(message)?.[0] ?? "an action";
}
