import { trust } from "./access.ts";
import { logicalName, physicalName, type Region } from "./regions.ts";

export type Permission = sst.aws.FunctionPermissionArgs;

export interface FunctionSpec {
  /** `Probe`: with the region's, the name in SST. */
  readonly thing: string;
  /** A module's export; of a bundle that is built already, what starts it. */
  readonly handler: string;
  readonly bundle?: string;
  readonly layers?: readonly $util.Input<string>[];
  /** Publishes a version with each deployment, for aliases to point to. */
  readonly versioning?: boolean;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, $util.Input<string>>>;
  /** All that the code calls; logs come with it. */
  readonly permissions: readonly Permission[];
  /** And what it may do to so many things that they fill policies, each of which holds one of these. */
  readonly groups?: readonly (readonly Permission[])[];
  readonly copyFiles?: readonly { readonly from: string; readonly to: string }[];
  /** For events that Lambda queues: what is stale or failed, after its retries, goes here. */
  readonly events?: {
    readonly maxAgeSeconds: number;
    readonly onFailure: $util.Input<string>;
    /** None unless said otherwise. */
    readonly retries?: 1 | 2;
  };
}

/** Runs can be read from the log for so long, should history ever be lost. */
const LOG_DAYS = 30;

/** A function that may do what its spec says, and nothing else. */
export function createFunction(region: Region, spec: FunctionSpec): sst.aws.Function {
  const { thing, memoryMb, timeoutSeconds, events } = spec;
  const { provider } = region;
  const logGroup = createLogGroup(region, thing);
  // The role's own policy has room for one of them.
  const [first = [], ...more] = spec.groups ?? [];
  const policies = more.map((group, n) => createPolicy(region, `${thing}More${n + 1}`, group));
  const mayLog = {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [$interpolate`${logGroup.arn}:*`],
  };
  return new sst.aws.Function(
    logicalName(thing, region.name),
    {
      handler: spec.handler,
      bundle: spec.bundle,
      layers: [...(spec.layers ?? [])],
      versioning: spec.versioning,
      description: spec.description,
      runtime: "nodejs24.x",
      architecture: "arm64",
      memory: `${memoryMb} MB`,
      timeout: `${timeoutSeconds} seconds`,
      environment: { ...spec.environment },
      permissions: [mayLog, ...spec.permissions, ...first],
      copyFiles: [...(spec.copyFiles ?? [])],
      logging: { format: "json", logGroup: logGroup.name },
      // Apart, what only trouble needs is not loaded at a cold start.
      nodejs: { minify: true, splitting: true },
      ...(events !== undefined && { retries: events.retries ?? 0 }),
      transform: {
        // SST would let the whole account assume the role, and write to every log group.
        role: {
          assumeRolePolicy: trust("lambda.amazonaws.com"),
          managedPolicyArns: policies.map(({ arn }) => arn),
        },
        ...(events !== undefined && {
          eventInvokeConfig: {
            maximumEventAgeInSeconds: events.maxAgeSeconds,
            destinationConfig: { onFailure: { destination: events.onFailure } },
          },
        }),
      },
    },
    { provider },
  );
}

function createPolicy(
  { name: region, provider }: Region,
  thing: string,
  permissions: readonly Permission[],
): aws.iam.Policy {
  const statements = permissions.map(({ actions, resources }) => ({ actions, resources }));
  const { json } = aws.iam.getPolicyDocumentOutput({ statements }, { provider });
  const args = { name: physicalName(thing.toLowerCase()), policy: json };
  return new aws.iam.Policy(logicalName(thing, region), args, { provider });
}

function createLogGroup({ name: region, provider }: Region, thing: string) {
  const name = `/aws/lambda/${physicalName(thing.toLowerCase())}`;
  const args = { name, retentionInDays: LOG_DAYS };
  return new aws.cloudwatch.LogGroup(logicalName(`${thing}Log`, region), args, { provider });
}
