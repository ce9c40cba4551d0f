import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetProvisionedConcurrencyConfigCommand,
  type GetProvisionedConcurrencyConfigCommandOutput,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import type { Clock, Observation, Provisioned, VersionRef, WatchedFunction } from "@vigil/core";
import { type AwsPlace, awsErrorCode, clientOptions } from "./aws-clients.ts";
import { withoutVersionWarning } from "./version-warning.ts";

export const LOOK_PERMISSIONS = [
  "lambda:GetFunctionConfiguration",
  "lambda:GetAlias",
  "lambda:GetProvisionedConcurrencyConfig",
] as const;
export type LookPermission = (typeof LOOK_PERMISSIONS)[number];

/** Why a look was not had, or not whole. */
export type LookTrouble =
  | { readonly code: "unknown-function" | "alias-gone" }
  | { readonly code: "denied"; readonly permission: LookPermission }
  | { readonly code: "throttled" }
  /** AWS takes no provisioned concurrency on such a qualifier, as on `$LATEST`. */
  | { readonly code: "unprovisionable" }
  | { readonly code: "unreachable"; readonly reason: string };

export interface Look {
  readonly observation: Exclude<Observation, { kind: "hint" }>;
  /** Null when all was answered that was asked. */
  readonly trouble: LookTrouble | null;
}

export type WatchedQualifier = Pick<WatchedFunction, "functionName" | "qualifier">;

export interface LookOptions {
  /** Ask for weights and provisioned concurrency although nothing has changed. */
  readonly full: boolean;
  /** What served when it was last looked at; null for never. */
  readonly known: VersionRef | null;
}

export interface DeploymentObserver {
  /** Never rejects. One call while nothing changes, three or a few more otherwise. */
  look(watched: WatchedQualifier, options: LookOptions): Promise<Look>;
}

export interface ObserverOptions extends AwsPlace {
  readonly clock: Pick<Clock, "now">;
  /** Waited for before each call: Lambda gives a region 15 of them a second, to all who ask. */
  readonly turn: () => Promise<void>;
}

/** The control plane of Lambda in one region. Nothing is asked twice: the next look comes soon. */
export function createDeploymentObserver(options: ObserverOptions): DeploymentObserver {
  const place = clientOptions({ maxAttempts: 1, ...options });
  const client = withoutVersionWarning(() => new LambdaClient(place));
  const ask = asker(client, options.turn);
  const now = () => new Date(options.clock.now()).toISOString();
  return {
    async look(watched, { full, known }) {
      const began = now();
      const found = await servingOf(ask, watched);
      if (!found.ok) return { observation: missed(found.trouble, now()), trouble: found.trouble };
      const { version, codeSha256 } = found.value;
      const isSame = known?.version === version && known.codeSha256 === codeSha256;
      const allocation = full || !isSame ? await allocationOf(ask, watched, version) : NOT_ASKED;
      const { weights, provisioned, trouble } = allocation;
      const seen = { kind: "seen", began, at: now(), version, codeSha256 } as const;
      return { observation: { ...seen, weights, provisioned }, trouble };
    },
  };
}

interface Allocation {
  readonly weights: Readonly<Record<string, number>> | null;
  readonly provisioned: readonly Provisioned[] | null;
  readonly trouble: LookTrouble | null;
}

const NOT_ASKED: Allocation = { weights: null, provisioned: null, trouble: null };

function missed(trouble: LookTrouble, at: string): Look["observation"] {
  switch (trouble.code) {
    case "unknown-function":
      return { kind: "absent", at, what: "function" };
    case "alias-gone":
      return { kind: "absent", at, what: "alias" };
    case "denied":
    case "throttled":
    case "unprovisionable":
    case "unreachable":
      return { kind: "unseen", at, reason: trouble.code };
    default:
      return trouble satisfies never;
  }
}

type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly trouble: LookTrouble | "missing" };

/** A call of Lambda, in its turn; `missing` is for whoever asked to make sense of. */
type Ask = <T>(
  permission: LookPermission,
  send: (client: LambdaClient) => Promise<T>,
) => Promise<Answer<T>>;

const LATEST = "$LATEST";
const isVersion = (qualifier: string): boolean => qualifier === LATEST || /^\d+$/.test(qualifier);

function asker(client: LambdaClient, turn: () => Promise<void>): Ask {
  return async (permission, send) => {
    await turn();
    try {
      return { ok: true, value: await send(client) };
    } catch (error) {
      return { ok: false, trouble: troubleOf(awsErrorCode(error), permission) };
    }
  };
}

const MISSING = new Set([
  "ResourceNotFoundException",
  "ProvisionedConcurrencyConfigNotFoundException",
]);
const THROTTLED = new Set(["TooManyRequestsException", "ThrottlingException"]);
const DENIED = new Set(["AccessDeniedException", "AccessDenied"]);

function troubleOf(name: string, permission: LookPermission): LookTrouble | "missing" {
  if (MISSING.has(name)) return "missing";
  if (THROTTLED.has(name)) return { code: "throttled" };
  if (DENIED.has(name)) return { code: "denied", permission };
  if (name === "InvalidParameterValueException") return { code: "unprovisionable" };
  return { code: "unreachable", reason: name };
}

interface Serving {
  readonly version: string;
  readonly codeSha256: string | null;
}

type Found =
  | { readonly ok: true; readonly value: Serving }
  | { readonly ok: false; readonly trouble: LookTrouble };

/** What is gone is either the function or its alias: only the former leaves nothing behind. */
async function servingOf(ask: Ask, { functionName, qualifier }: WatchedQualifier): Promise<Found> {
  const configuration = (Qualifier?: string) =>
    ask("lambda:GetFunctionConfiguration", (client) =>
      client.send(new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier })),
    );
  const found = await configuration(qualifier);
  if (found.ok) {
    const { Version = LATEST, CodeSha256 = null } = found.value;
    return { ok: true, value: { version: Version, codeSha256: CodeSha256 } };
  }
  if (found.trouble !== "missing") return { ok: false, trouble: found.trouble };
  const whole = await configuration();
  if (whole.ok) return { ok: false, trouble: { code: "alias-gone" } };
  const { trouble } = whole;
  return { ok: false, trouble: trouble === "missing" ? { code: "unknown-function" } : trouble };
}

async function allocationOf(
  ask: Ask,
  watched: WatchedQualifier,
  version: string,
): Promise<Allocation> {
  if (watched.qualifier === LATEST) return { weights: {}, provisioned: [], trouble: null };
  if (isVersion(watched.qualifier))
    return { weights: {}, ...(await ofVersions(ask, watched, [version])) };
  const routed = await weightsOf(ask, watched);
  const own = await provisionedOf(ask, watched, { alias: watched.qualifier, version: null });
  const serving = [version, ...Object.keys(routed.weights ?? {})];
  const { provisioned, trouble } =
    own.trouble === null && own.provisioned?.length === 0
      ? await ofVersions(ask, watched, serving)
      : own;
  return { weights: routed.weights, provisioned, trouble: routed.trouble ?? trouble };
}

type Weights = Pick<Allocation, "weights" | "trouble">;
type Ownership = Pick<Allocation, "provisioned" | "trouble">;

async function weightsOf(
  ask: Ask,
  { functionName, qualifier }: WatchedQualifier,
): Promise<Weights> {
  const found = await ask("lambda:GetAlias", (client) =>
    client.send(new GetAliasCommand({ FunctionName: functionName, Name: qualifier })),
  );
  if (!found.ok) {
    const trouble = found.trouble === "missing" ? ({ code: "alias-gone" } as const) : found.trouble;
    return { weights: null, trouble };
  }
  const weights = Object.entries(found.value.RoutingConfig?.AdditionalVersionWeights ?? {});
  return { weights: Object.fromEntries(weights.filter(([, share]) => share > 0)), trouble: null };
}

/** AWS takes it on an alias or on its version, never on both. */
async function ofVersions(
  ask: Ask,
  watched: WatchedQualifier,
  versions: readonly string[],
): Promise<Ownership> {
  const provisioned: Provisioned[] = [];
  for (const version of versions) {
    const own = await provisionedOf(ask, watched, { alias: null, version });
    if (own.provisioned === null) return own;
    provisioned.push(...own.provisioned);
  }
  return { provisioned, trouble: null };
}

async function provisionedOf(
  ask: Ask,
  { functionName }: WatchedQualifier,
  of: Pick<Provisioned, "alias" | "version">,
): Promise<Ownership> {
  const Qualifier = of.alias ?? of.version ?? LATEST;
  const found = await ask("lambda:GetProvisionedConcurrencyConfig", (client) =>
    client.send(
      new GetProvisionedConcurrencyConfigCommand({ FunctionName: functionName, Qualifier }),
    ),
  );
  if (found.ok) return { provisioned: [{ ...of, ...read(found.value) }], trouble: null };
  if (found.trouble === "missing") return { provisioned: [], trouble: null };
  return { provisioned: null, trouble: found.trouble };
}

const STATUSES: Readonly<Record<string, Provisioned["status"]>> = {
  READY: "ready",
  IN_PROGRESS: "in-progress",
  FAILED: "failed",
};

/** A status that is not known yet is not ready. */
function read(config: GetProvisionedConcurrencyConfigCommandOutput) {
  const {
    Status = "",
    RequestedProvisionedConcurrentExecutions,
    StatusReason,
    LastModified,
  } = config;
  return {
    status: STATUSES[Status] ?? "in-progress",
    requested: RequestedProvisionedConcurrentExecutions ?? 0,
    reason: StatusReason ?? null,
    lastModified: timeOf(LastModified),
  };
}

/** Lambda writes `2026-11-22T08:00:00+0000`. */
function timeOf(text: string | undefined): string | null {
  const ms = Date.parse(text ?? "");
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
