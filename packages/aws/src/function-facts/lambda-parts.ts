import {
  type FunctionConfiguration,
  type FunctionUrlConfig,
  GetAliasCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  ListFunctionUrlConfigsCommand,
  ListProvisionedConcurrencyConfigsCommand,
  type ProvisionedConcurrencyConfigListItem,
} from "@aws-sdk/client-lambda";
import {
  type AliasFacts,
  type AllowFacts,
  type ConfigurationFacts,
  ODD_VALUE,
  type ProvisionedFacts,
  READ_SETTINGS,
  type Reading,
  type ReadSetting,
  type UrlFacts,
} from "@vigil/core";
import type { AskPart } from "./ask-part.ts";
import { allowsOf } from "./policy.ts";

interface Qualified {
  readonly functionName: string;
  readonly qualifier: string;
}

const LATEST = "$LATEST";
/** A list that goes on for ever must not keep the reader. */
const MAX_PAGES = 20;

function named({ functionName, qualifier }: Qualified) {
  return { FunctionName: functionName, ...(qualifier !== LATEST && { Qualifier: qualifier }) };
}

export async function readConfiguration(
  ask: AskPart,
  asked: Qualified,
): Promise<Reading<ConfigurationFacts>> {
  const found = await ask({
    permission: "lambda:GetFunctionConfiguration",
    async send(client, options) {
      const read = await client.send(new GetFunctionConfigurationCommand(named(asked)), options);
      // Without its key the variables are left out, as if there were none.
      return read.Environment?.Error === undefined ? configurationOf(read) : null;
    },
  });
  if (found.kind === "unread") return found;
  return found.value === null
    ? { kind: "unread", why: { code: "denied", permission: "kms:Decrypt" } }
    : { kind: "read", value: found.value };
}

function configurationOf(read: FunctionConfiguration): ConfigurationFacts {
  const { VpcConfig, FunctionName = "", MasterArn } = read;
  return {
    version: read.Version ?? LATEST,
    packageType: read.PackageType === "Image" ? "image" : "zip",
    runtime: read.Runtime ?? null,
    handler: read.Handler ?? null,
    architecture: read.Architectures?.[0] ?? "x86_64",
    memoryMb: read.MemorySize ?? 128,
    timeoutSeconds: read.Timeout ?? 3,
    codeBytes: read.CodeSize ?? 0,
    layers: (read.Layers ?? []).flatMap(({ Arn }) => (Arn === undefined ? [] : [Arn])),
    settings: settingsOf(read.Environment?.Variables ?? {}),
    vpcId: VpcConfig?.VpcId || null,
    failure: failureOf(read),
    isEdgeReplica: MasterArn !== undefined || FunctionName.startsWith("us-east-1."),
  };
}

/** What a value looks like that is one: anything else may be a secret put in the wrong place. */
const LOOKS: Readonly<Record<ReadSetting, RegExp>> = {
  AWS_LAMBDA_EXEC_WRAPPER: /^\/[a-z][a-z./_-]{0,60}$/,
  AWS_LWA_INVOKE_MODE: /^[A-Za-z][a-z_-]{0,15}$|^[A-Z_]{1,16}$/,
  AWS_LWA_PORT: /^\d{1,5}$/,
  PORT: /^\d{1,5}$/,
  MCP_SESSIONS: /^[a-z]{1,12}$/,
};

function settingsOf(variables: Readonly<Record<string, string>>): ConfigurationFacts["settings"] {
  const kept = READ_SETTINGS.flatMap((name) => {
    const value = variables[name];
    if (value === undefined) return [];
    return [[name, LOOKS[name].test(value) ? value : ODD_VALUE] as const];
  });
  return Object.fromEntries(kept);
}

function failureOf(read: FunctionConfiguration): string | null {
  const { State, StateReasonCode, LastUpdateStatus, LastUpdateStatusReasonCode } = read;
  const told = (what: string, code: string | undefined) =>
    code === undefined ? what : `${what} (${code})`;
  if (State === "Failed") return told("State Failed", StateReasonCode);
  if (LastUpdateStatus !== "Failed") return null;
  return told("LastUpdateStatus Failed", LastUpdateStatusReasonCode);
}

export function readUrls(
  ask: AskPart,
  functionName: string,
): Promise<Reading<readonly UrlFacts[]>> {
  return ask({
    permission: "lambda:ListFunctionUrlConfigs",
    send: (client, options) =>
      everyPage(async (marker) => {
        const command = new ListFunctionUrlConfigsCommand({
          FunctionName: functionName,
          ...marker,
        });
        const { FunctionUrlConfigs = [], NextMarker } = await client.send(command, options);
        return { items: FunctionUrlConfigs.flatMap(urlOf), next: NextMarker };
      }),
  });
}

function urlOf(config: FunctionUrlConfig): readonly UrlFacts[] {
  const { FunctionUrl = "", FunctionArn, AuthType, InvokeMode, Cors } = config;
  if (!URL.canParse(FunctionUrl)) return [];
  return [
    {
      host: new URL(FunctionUrl).host,
      qualifier: qualifierOf(FunctionArn),
      authType: AuthType === "AWS_IAM" ? "AWS_IAM" : "NONE",
      invokeMode: InvokeMode === "RESPONSE_STREAM" ? "RESPONSE_STREAM" : "BUFFERED",
      cors:
        Cors === undefined
          ? null
          : {
              allowHeaders: Cors.AllowHeaders ?? [],
              allowMethods: Cors.AllowMethods ?? [],
              exposeHeaders: Cors.ExposeHeaders ?? [],
            },
    },
  ];
}

/** `arn:aws:lambda:us-east-1:123456789012:function:orders:live`. */
function qualifierOf(arn: string | undefined): string {
  return /:function:[^:]+:([^:]+)$/.exec(arn ?? "")?.[1] ?? LATEST;
}

/** A function without a policy lets nobody in. */
export function readPolicy(
  ask: AskPart,
  asked: Qualified,
): Promise<Reading<readonly AllowFacts[]>> {
  return ask<readonly AllowFacts[]>({
    permission: "lambda:GetPolicy",
    absent: [],
    async send(client, options) {
      const { Policy = "{}" } = await client.send(new GetPolicyCommand(named(asked)), options);
      return allowsOf(Policy);
    },
  });
}

export function readAlias(ask: AskPart, asked: Qualified): Promise<Reading<AliasFacts | null>> {
  return ask<AliasFacts | null>({
    permission: "lambda:GetAlias",
    async send(client, options) {
      const { functionName: FunctionName, qualifier: Name } = asked;
      const read = await client.send(new GetAliasCommand({ FunctionName, Name }), options);
      const weights = Object.entries(read.RoutingConfig?.AdditionalVersionWeights ?? {});
      return {
        version: read.FunctionVersion ?? LATEST,
        weights: Object.fromEntries(weights.filter(([, share]) => share > 0)),
      };
    },
  });
}

export function readProvisioned(
  ask: AskPart,
  functionName: string,
): Promise<Reading<readonly ProvisionedFacts[]>> {
  return ask({
    permission: "lambda:ListProvisionedConcurrencyConfigs",
    send: (client, options) =>
      everyPage(async (marker) => {
        const command = new ListProvisionedConcurrencyConfigsCommand({
          FunctionName: functionName,
          ...marker,
        });
        const read = await client.send(command, options);
        const items = (read.ProvisionedConcurrencyConfigs ?? []).map(provisionedOf);
        return { items, next: read.NextMarker };
      }),
  });
}

const STATUSES: Readonly<Record<string, ProvisionedFacts["status"]>> = {
  READY: "ready",
  FAILED: "failed",
};

function provisionedOf(item: ProvisionedConcurrencyConfigListItem): ProvisionedFacts {
  return {
    qualifier: qualifierOf(item.FunctionArn),
    status: STATUSES[item.Status ?? ""] ?? "in-progress",
    reason: item.StatusReason ?? null,
    requested: item.RequestedProvisionedConcurrentExecutions ?? 0,
  };
}

export function readReserved(ask: AskPart, functionName: string): Promise<Reading<number | null>> {
  return ask<number | null>({
    permission: "lambda:GetFunctionConcurrency",
    async send(client, options) {
      const command = new GetFunctionConcurrencyCommand({ FunctionName: functionName });
      return (await client.send(command, options)).ReservedConcurrentExecutions ?? null;
    },
  });
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

async function everyPage<T>(
  read: (marker: { readonly Marker?: string }) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const items: T[] = [];
  let marker: { readonly Marker?: string } = {};
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { items: more, next } = await read(marker);
    items.push(...more);
    if (next === undefined || next === "") break;
    marker = { Marker: next };
  }
  return items;
}
