import {
  type FollowedTarget,
  gatewayIdOf,
  METRIC_NAMESPACE,
  type SignedResource,
  secretReferences,
  signedResource,
  type Target,
} from "@vigil/core";
import type { Permission } from "./function.ts";
import type { Region } from "./regions.ts";

/** A run is put, read when it was there already, and added to its hour. */
export function mayRecordRuns(table: sst.aws.Dynamo): Permission {
  return {
    actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    resources: [table.arn],
  };
}

/** The states of a shard are one query; writing one takes no more than a run does. */
export function mayReadStates(table: sst.aws.Dynamo): Permission {
  return { actions: ["dynamodb:Query"], resources: [table.arn] };
}

/** So is each kind of a target's past; hours come together. */
export function mayQueryHistory(table: sst.aws.Dynamo): Permission {
  return { actions: ["dynamodb:BatchGetItem", "dynamodb:Query"], resources: [table.arn] };
}

/** PutMetricData knows no resources; its namespace can be held. */
export function mayPublish(): Permission {
  return {
    actions: ["cloudwatch:PutMetricData"],
    resources: ["*"],
    conditions: [
      { test: "StringEquals", variable: "cloudwatch:namespace", values: [METRIC_NAMESPACE] },
    ],
  };
}

export function maySend(...queues: readonly aws.sqs.Queue[]): Permission {
  return { actions: ["sqs:SendMessage"], resources: queues.map(({ arn }) => arn) };
}

/** To take messages from a queue. */
export function mayReceive(queue: aws.sqs.Queue): Permission {
  return {
    actions: ["sqs:DeleteMessage", "sqs:ReceiveMessage"],
    resources: [queue.arn],
  };
}

/** In Secrets Manager a name ends in a dash and six characters of AWS's own. */
const STORES = {
  ssm: {
    action: "ssm:GetParameter",
    service: "ssm",
    resource: (name: string) => `parameter${name}`,
  },
  secretsmanager: {
    action: "secretsmanager:GetSecretValue",
    service: "secretsmanager",
    resource: (name: string) => `secret:${name}-??????`,
  },
} as const;

/** The secrets that the config names, in home's region, where they are kept. */
export function mayReadSecrets(targets: readonly Target[], home: Region): readonly Permission[] {
  const references = [...new Set(targets.flatMap(secretReferences))].sort();
  return Object.entries(STORES).flatMap(([store, { action, service, resource }]) => {
    const names = references.filter((reference) => reference.startsWith(`${store}:`));
    if (names.length === 0) return [];
    const arns = names.map((reference) =>
      arnAt(home, service, resource(reference.slice(store.length + 1))),
    );
    return [{ actions: [action], resources: arns }];
  });
}

/** The logs of the functions whose targets ask for proof of cold starts, each where it runs. */
export function mayReadReports(targets: readonly Target[], home: Region): readonly Permission[] {
  const arns = targets.flatMap(({ lambda, region }) =>
    lambda?.reportLines === true && region !== null
      ? [arnAt({ ...home, name: region }, "logs", `log-group:${lambda.logGroup}:*`)]
      : [],
  );
  return arns.length === 0 ? [] : [{ actions: ["logs:FilterLogEvents"], resources: arns }];
}

/** What each way in wants; a Function URL wants two, the second for calls by way of it alone. */
const SIGNED_CALLS: Readonly<
  Record<SignedResource["service"], readonly Omit<Permission, "resources">[]>
> = {
  lambda: [
    { actions: ["lambda:InvokeFunctionUrl"] },
    {
      actions: ["lambda:InvokeFunction"],
      conditions: [{ test: "Bool", variable: "lambda:InvokedViaFunctionUrl", values: ["true"] }],
    },
  ],
  "execute-api": [{ actions: ["execute-api:Invoke"] }],
};

/** The functions and APIs that the config's signed requests call, in this account. */
export function mayCallSigned(targets: readonly Target[], home: Region): readonly Permission[] {
  const called = targets.flatMap((target) => signedResource(target) ?? []);
  return called.flatMap(({ service, region, name }) => {
    const resources = [arnAt({ ...home, name: region }, service, name)];
    return SIGNED_CALLS[service].map((call) => ({ ...call, resources }));
  });
}

/** What is known of functions, leases, deployments and gap windows; and the runs inside a window. */
export function mayKeepGaps(table: sst.aws.Dynamo): Permission {
  return { actions: ["dynamodb:PutItem", "dynamodb:Query"], resources: [table.arn] };
}

/** What was paged, what is to be, who is not, and what explains an incident; states, runs and hours to decide by. */
export function mayKeepPages(table: sst.aws.Dynamo): Permission {
  return {
    actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
    resources: [table.arn],
  };
}

/** To page, and to see who has confirmed. */
export function mayCallPages(pages: aws.sns.Topic): Permission {
  return { actions: ["sns:ListSubscriptionsByTopic", "sns:Publish"], resources: [pages.arn] };
}

export function mayInvoke(called: sst.aws.Function): Permission {
  return { actions: ["lambda:InvokeFunction"], resources: [called.arn] };
}

/** What AWS counted of the functions' invocations; IAM knows no narrower word for metrics. */
export function mayReadMetrics(): Permission {
  return { actions: ["cloudwatch:GetMetricData"], resources: ["*"] };
}

/** To look at the functions behind targets, by any of their aliases and versions. */
export function mayFollow(targets: readonly FollowedTarget[], home: Region): readonly Permission[] {
  const { whole, qualified } = functionsOf(targets, home);
  return [
    {
      actions: ["lambda:GetAlias", "lambda:GetFunctionConfiguration"],
      resources: [...whole, ...qualified],
    },
    { actions: ["lambda:GetProvisionedConcurrencyConfig"], resources: qualified },
  ];
}

/**
 * The same, and to read all else of their setting that may explain an outage. In one statement, though
 * some actions know no qualifier: IAM gives a role 10,240 characters.
 */
export function mayExplain(
  targets: readonly FollowedTarget[],
  home: Region,
): readonly Permission[] {
  const { whole, qualified } = functionsOf(targets, home);
  const gateways = targets.flatMap((target) => gatewayArns(target, home));
  return [
    {
      actions: [
        "lambda:GetAlias",
        "lambda:GetFunctionConcurrency",
        "lambda:GetFunctionConfiguration",
        "lambda:GetPolicy",
        "lambda:GetProvisionedConcurrencyConfig",
        "lambda:ListFunctionUrlConfigs",
        "lambda:ListProvisionedConcurrencyConfigs",
      ],
      resources: [...whole, ...qualified],
    },
    ...(gateways.length === 0 ? [] : [{ actions: ["apigateway:GET"], resources: gateways }]),
  ];
}

/** Each function once, and whatever its aliases and versions are called. */
function functionsOf(targets: readonly FollowedTarget[], home: Region) {
  const functions = new Map(
    targets.map(({ lambda, region }) => [`${region} function:${lambda.functionName}`, region]),
  );
  const at = [...functions].map(([key, region]) => ({
    place: { ...home, name: region },
    resource: key.slice(region.length + 1),
  }));
  return {
    whole: at.map(({ place, resource }) => arnAt(place, "lambda", resource)),
    qualified: at.map(({ place, resource }) => arnAt(place, "lambda", `${resource}:*`)),
  };
}

/** What the API before a function, of either kind, says of the way to it. */
function gatewayArns({ url, region }: FollowedTarget, { provider }: Region) {
  const api = gatewayIdOf(url);
  if (api === null) return [];
  const { partition } = aws.getPartitionOutput({}, { provider });
  return [`apis/${api}/integrations`, `restapis/${api}/resources`].map(
    (path) => $interpolate`arn:${partition}:apigateway:${region}::/${path}`,
  );
}

/** An ARN in this account. */
function arnAt({ name, provider }: Region, service: string, resource: string) {
  const { partition } = aws.getPartitionOutput({}, { provider });
  const { accountId } = aws.getCallerIdentityOutput({}, { provider });
  return $interpolate`arn:${partition}:${service}:${name}:${accountId}:${resource}`;
}
