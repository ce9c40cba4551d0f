import * as pulumi from "@pulumi/pulumi";

/** A resource or a provider as the program asked for it. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  /** Whatever a provider takes. */
  // biome-ignore lint/suspicious/noExplicitAny: each type of resource has inputs of its own.
  readonly inputs: any;
  /** The region of its provider; `global` where a service has none. */
  readonly region: string;
  readonly arn: string;
}

/** What a deployment asked for. */
export interface Cloud {
  readonly resources: readonly Resource[];
  /** Changes as long as something happens. */
  readonly progress: () => number;
}

export const ACCOUNT = "123456789012";
/** Where everything lands that takes no region. No config of the tests names it. */
export const DEFAULT_REGION = "sa-east-1";

/** A resource's part of an ARN, after the account. */
const RESOURCE_PARTS: Readonly<Record<string, (name: string) => string>> = {
  "aws:dynamodb/table:Table": (name) => `table/${name}`,
  "aws:lambda/function:Function": (name) => `function:${name}`,
  "aws:iam/policy:Policy": (name) => `policy/${name}`,
  "aws:iam/role:Role": (name) => `role/${name}`,
  "aws:cloudwatch/logGroup:LogGroup": (name) => `log-group:${name}`,
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => `alarm:${name}`,
};
const SERVICES: Readonly<Record<string, string>> = {
  "aws:cloudwatch/logGroup:LogGroup": "logs",
};

/** Starts an empty cloud that takes every request and remembers it. */
export async function openCloud(stage: string): Promise<Cloud> {
  const resources: Resource[] = [];
  const regions = new Map<string, string>();
  let requests = 0;
  const regionOf = (provider: string | undefined) => {
    const name = /::([^:]+)::[^:]*$/.exec(provider ?? "")?.[1];
    return regions.get(name ?? "") ?? DEFAULT_REGION;
  };
  const mocks: pulumi.runtime.Mocks = {
    newResource({ type, name, inputs, provider }) {
      requests += 1;
      if (type === "pulumi:providers:aws") {
        regions.set(name, inputs.region);
        return { id: `${name}-id`, state: inputs };
      }
      const resource = describe({ type, name, inputs, region: regionOf(provider) });
      if (type.startsWith("aws:")) resources.push(resource);
      return { id: idOf(resource), state: stateOf(resource) };
    },
    call({ token, inputs, provider }) {
      requests += 1;
      return answer(token, inputs, regionOf(provider));
    },
  };
  await pulumi.runtime.setMocks(mocks, "vigil", stage, false);
  return { resources, progress: () => requests };
}

type Asked = Omit<Resource, "arn">;

function describe({ type, name, inputs, region }: Asked): Resource {
  const service = SERVICES[type] ?? type.split(":")[1]?.split("/")[0] ?? "";
  const isGlobal = service === "iam";
  const physical = physicalName({ name, inputs });
  const part = RESOURCE_PARTS[type]?.(physical) ?? physical;
  return {
    type,
    name,
    inputs,
    region: isGlobal ? "global" : region,
    arn: `arn:aws:${service}:${isGlobal ? "" : region}:${ACCOUNT}:${part}`,
  };
}

function physicalName({ name, inputs }: Pick<Asked, "name" | "inputs">): string {
  return inputs.name ?? inputs.alarmName ?? inputs.dashboardName ?? name;
}

/** What the service would call it by. */
function idOf(resource: Resource): string {
  const { type, region } = resource;
  const name = physicalName(resource);
  if (type === "aws:sqs/queue:Queue") {
    return `https://sqs.${region}.amazonaws.com/${ACCOUNT}/${name}`;
  }
  return type === "aws:sns/topic:Topic" ? resource.arn : name;
}

function stateOf(resource: Resource): object {
  const { type, inputs, arn, region } = resource;
  const state = { name: physicalName(resource), arn, ...inputs };
  switch (type) {
    case "aws:sqs/queue:Queue":
      return { ...state, url: idOf(resource) };
    case "aws:lambda/function:Function": {
      const version = inputs.publish ? "1" : "$LATEST";
      return { ...state, version, qualifiedArn: `${arn}:${version}`, invokeArn: arn };
    }
    case "aws:lambda/functionUrl:FunctionUrl":
      return { ...state, functionUrl: `https://abc.lambda-url.${region}.on.aws/` };
    case "random:index/randomBytes:RandomBytes":
      return { ...state, base64: Buffer.alloc(32, 1).toString("base64") };
    default:
      return state;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: each function has inputs of its own.
function answer(token: string, inputs: any, region: string): Record<string, unknown> {
  switch (token) {
    case "aws:index/getRegion:getRegion":
      return { region, id: region, name: region };
    case "aws:index/getPartition:getPartition":
      return { partition: "aws", dnsSuffix: "amazonaws.com" };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: ACCOUNT };
    case "aws:iam/getPolicyDocument:getPolicyDocument":
      return { ...inputs, json: JSON.stringify({ Statement: inputs.statements }) };
    default:
      throw new Error(`the cloud of the tests does not know ${token}`);
  }
}
