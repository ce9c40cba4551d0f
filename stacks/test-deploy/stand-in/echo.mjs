import { createHash, randomBytes, randomUUID } from "node:crypto";

/** The account that everything is made in. */
const ACCOUNT = "123456789012";

/** A resource's part of an ARN, after the account. */
const RESOURCE_PARTS = {
  "aws:dynamodb/table:Table": (name) => `table/${name}`,
  "aws:lambda/function:Function": (name) => `function:${name}`,
  "aws:iam/role:Role": (name) => `role/${name}`,
  "aws:cloudwatch/logGroup:LogGroup": (name) => `log-group:${name}`,
  "aws:cloudwatch/metricAlarm:MetricAlarm": (name) => `alarm:${name}`,
  "aws:scheduler/schedule:Schedule": (name) => `schedule/default/${name}`,
};
const SERVICES = { "aws:cloudwatch/logGroup:LogGroup": "logs" };

/** Of each new resource, the name in the cloud and what the cloud adds to what it was asked for. */
export function createEcho({ type, name, inputs, region }) {
  if (type.startsWith("pulumi:providers:")) return { id: randomUUID(), computed: {} };
  if (type === "random:index/randomBytes:RandomBytes") {
    return randomBytesOf(inputs.length);
  }
  const physical = physicalName({ name, inputs });
  if (!type.startsWith("aws:")) return { id: physical, computed: {} };
  const arn = arnOf({ type, name: physical, region });
  const url = `https://sqs.${region}.amazonaws.com/${ACCOUNT}/${physical}`;
  const computed = { arn, name: physical, region };
  switch (type) {
    case "aws:sqs/queue:Queue":
      return { id: url, computed: { ...computed, url } };
    case "aws:sns/topic:Topic":
      return { id: arn, computed };
    case "aws:lambda/function:Function":
      return {
        id: physical,
        computed: { ...computed, invokeArn: arn, ...versionOf({ arn, inputs }) },
      };
    case "aws:lambda/functionUrl:FunctionUrl":
      return {
        id: physical,
        computed: { functionUrl: `https://${digest(arn)}.lambda-url.${region}.on.aws/` },
      };
    default:
      return { id: physical, computed };
  }
}

/** What the cloud adds once a resource has changed: a function that publishes has a new version. */
export function updateEcho({ type, inputs, outputs }) {
  if (type !== "aws:lambda/function:Function" || !inputs.publish) return {};
  return versionOf({ arn: outputs.arn, inputs, last: Number(outputs.version) });
}

function versionOf({ arn, inputs, last = 0 }) {
  const version = inputs.publish ? String(last + 1) : "$LATEST";
  return { version, qualifiedArn: `${arn}:${version}` };
}

function randomBytesOf(length) {
  const bytes = randomBytes(length);
  return {
    id: bytes.toString("base64"),
    computed: { base64: bytes.toString("base64"), hex: bytes.toString("hex") },
  };
}

function physicalName({ name, inputs }) {
  const given = inputs.name ?? inputs.alarmName ?? inputs.dashboardName;
  return given ?? `${name}-${randomBytes(4).toString("hex").slice(0, 7)}`;
}

function arnOf({ type, name, region }) {
  const service = SERVICES[type] ?? type.split(":")[1].split("/")[0];
  const place = service === "iam" ? "" : region;
  return `arn:aws:${service}:${place}:${ACCOUNT}:${RESOURCE_PARTS[type]?.(name) ?? name}`;
}

const digest = (text) => createHash("sha256").update(text).digest("hex").slice(0, 32);

/** What the provider's functions answer. */
export function invokeEcho({ token, args, region }) {
  switch (token) {
    case "aws:index/getRegion:getRegion":
      return { region, id: region, name: region };
    case "aws:index/getPartition:getPartition":
      return { partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: ACCOUNT, id: ACCOUNT };
    case "aws:iam/getPolicyDocument:getPolicyDocument": {
      const document = { Version: "2012-10-17", Statement: args.statements ?? [] };
      return { ...args, json: JSON.stringify(document), id: digest(JSON.stringify(document)) };
    }
    default:
      throw new Error(`the stand-in for Pulumi's engine does not know ${token}`);
  }
}
