import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@vigil/core";
import { soundLegacy, startServer } from "@vigil/testkit";
import {
  type AwsAnswer,
  type AwsCall,
  awsError,
  awsOk,
  snsOk,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import { vi } from "vitest";
import { ACCOUNT } from "./cloud.ts";
import { HOME, TARGET_REGION } from "./configs.ts";
import type { Call } from "./policies.ts";

/** What the services do while the handlers run; between them they make the code call all it calls. */
const WEATHERS = ["fair", "history has it already", "history and metrics are away"] as const;
type Weather = (typeof WEATHERS)[number];

export interface Played {
  /** The environment of the deployed function. */
  readonly environment: Readonly<Record<string, string>>;
  readonly vantage: string;
  /** Its targets are all played by one sound server. */
  readonly config: { readonly targets: readonly object[] };
}

export interface Recorded {
  readonly Probe: readonly Call[];
  readonly Replay: readonly Call[];
}

/** What Lambda says of a function that is to be looked at: nothing is provisioned, its time-out is short. */
const FUNCTION = {
  FunctionName: "Orders",
  Version: "7",
  CodeSha256: "x",
  Timeout: 3,
  LastModified: "2026-11-22T07:00:00.000+0000",
};

/** Nothing listens there: a change that the pager is told of. */
const NOBODY = "http://127.0.0.1:9/mcp";

const CONTEXT = { getRemainingTimeInMillis: () => 55_000 };

/**
 * Every call of AWS that the real probe and replay send, in any weather: with the environment that
 * the deployed function has, but for the endpoints.
 */
export async function recordCalls(played: Played): Promise<Recorded> {
  let weather: Weather = "fair";
  let spilled: AwsCall[] = [];
  const endpoint = await startAwsEndpoint((call) =>
    call.operation === "ReceiveMessage" ? handOut(spilled.splice(0, 10)) : answerIn(weather, call),
  );
  const server = await startServer(soundLegacy());
  const folder = mkdtempSync(join(tmpdir(), "vigil-iam-"));
  // The handlers log what the weather does to them.
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation(() => true);
  }
  try {
    setEnvironment(played, { endpoint: endpoint.url, server: server.url, folder });
    for (weather of WEATHERS) await probeOnce();
    weather = "fair";
    setEnvironment(played, { endpoint: endpoint.url, server: NOBODY, folder });
    await probeOnce();
    const probeCalls = [...endpoint.calls];
    for (weather of WEATHERS) {
      spilled = probeCalls.filter(({ operation }) => operation === "SendMessage");
      await replayOnce();
    }
    const replayCalls = endpoint.calls.slice(probeCalls.length);
    return { Probe: probeCalls.map(asCall), Replay: replayCalls.map(asCall) };
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
    await server.close();
    await endpoint.close();
  }
}

/**
 * Every call of AWS that the real pager sends: told of an outage that nobody could explain, and of
 * one that history cannot be asked of; swept; tested.
 */
export async function recordPagerCalls(played: Played): Promise<readonly Call[]> {
  let weather: Weather = "fair";
  const endpoint = await startAwsEndpoint((call) => {
    if (call.service === "sns") return snsOk(call.operation);
    if (call.service === "lambda") return awsOk(FUNCTION);
    if (weather === "fair" && isAskedForIncidents(call)) return awsOk({ Items: [INCIDENT] });
    return answerIn(weather, call);
  });
  const folder = mkdtempSync(join(tmpdir(), "vigil-iam-"));
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation(() => true);
  }
  try {
    setEnvironment(played, { endpoint: endpoint.url, server: "https://a.example.com/mcp", folder });
    // A fifth minute, in which it looks at everything.
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 22, 8), toFake: ["Date"] });
    const at = new Date().toISOString();
    for (weather of WEATHERS) {
      vi.resetModules();
      const { handler } = await import("../../packages/functions/src/pager.ts");
      const events = [
        { ...DOWN, at, vantage: played.vantage },
        { schema: 1, kind: "sweep", at },
        { schema: 1, kind: "test", at, by: "ada" },
      ];
      for (const event of events) await handler(event).catch(() => {});
    }
    return endpoint.calls.map(asCall);
  } finally {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
    await endpoint.close();
  }
}

const DOWN = {
  schema: 1,
  kind: "state-change",
  target: "orders",
  from: "up",
  to: "down",
  modes: ["timeout"],
  runId: "1",
  summary: null,
  remedy: null,
  lastGoodRunAt: null,
};

/** Every call of AWS that the real widget sends, for a dashboard and for its documentation. */
export async function recordWidgetCalls(played: Played): Promise<readonly Call[]> {
  const endpoint = await startAwsEndpoint((call) => answerIn("fair", call));
  const folder = mkdtempSync(join(tmpdir(), "vigil-iam-"));
  try {
    setEnvironment(played, { endpoint: endpoint.url, server: "https://a.example.com/mcp", folder });
    vi.resetModules();
    const { handler } = await import("../../packages/functions/src/widget.ts");
    for (const event of [{ describe: true }, { widgetContext: { params: {} } }]) {
      await handler(event);
    }
    return endpoint.calls.map(asCall);
  } finally {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
    await endpoint.close();
  }
}

/** What the probe wrote of the outage. */
const OPEN = {
  target: "orders",
  vantage: HOME,
  openedAt: "2026-11-22T08:00:00.000Z",
  closedAt: null,
  status: "down",
  modes: ["timeout"],
  summary: null,
  remedy: null,
  runsFailed: 1,
  lastRunAt: "2026-11-22T08:00:00.000Z",
};
const INCIDENT = {
  pk: { S: "TARGET#orders" },
  sk: { S: `INCIDENT#${OPEN.openedAt}#${HOME}` },
  incident: { S: JSON.stringify(OPEN) },
};

function isAskedForIncidents({ operation, body }: AwsCall): boolean {
  return operation === "Query" && JSON.stringify(body).includes("INCIDENT#");
}

/** Every call of AWS that the demo server's sessions send, with the environment of its function. */
export async function recordSessionCalls({
  environment,
  vantage: region,
}: Omit<Played, "config">): Promise<readonly Call[]> {
  const endpoint = await startAwsEndpoint(() => awsOk());
  try {
    setVariables({ AWS_REGION: region, AWS_ENDPOINT_URL: endpoint.url, ...CREDENTIALS });
    const { createSessionTable, dynamo } = await import("../../packages/demo-server/src/aws.ts");
    const table = environment["SESSIONS_TABLE"] ?? "";
    const sessions = createSessionTable({ dynamo, table, now: Date.now });
    const opening = { protocolVersion: "2025-11-25", clientInfo: {}, capabilities: {} };
    const id = await sessions.open(opening);
    await sessions.use(id);
    await sessions.end(id);
    return endpoint.calls.map(asCall);
  } finally {
    vi.unstubAllEnvs();
    await endpoint.close();
  }
}

/** Each in an environment of its own: what one has cached the next asks for anew. */
async function probeOnce(): Promise<void> {
  vi.resetModules();
  const { handler } = await import("../../packages/functions/src/probe.ts");
  await handler({ shard: 0, scheduledAt: new Date().toISOString() }, CONTEXT);
}

/** Replays what the probe has spilled. */
async function replayOnce(): Promise<void> {
  vi.resetModules();
  const { handler } = await import("../../packages/functions/src/replay.ts");
  await handler({ kind: "drain" }, CONTEXT);
}

interface Surroundings {
  readonly endpoint: string;
  readonly server: string;
  /** For the config. */
  readonly folder: string;
}

function setEnvironment({ environment, vantage, config }: Played, around: Surroundings): void {
  const configPath = join(around.folder, "vigil.json");
  writeFileSync(configPath, JSON.stringify(pointed(config, around.server)));
  const { pathname } = new URL(environment["VIGIL_SPILL_QUEUE_URL"] ?? "");
  setVariables({
    ...environment,
    ...CREDENTIALS,
    AWS_REGION: vantage,
    AWS_ENDPOINT_URL: around.endpoint,
    VIGIL_CONFIG: configPath,
    VIGIL_SPILL_QUEUE_URL: `${around.endpoint}${pathname}`,
  });
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };

function setVariables(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

/** The config with every target at one address. */
function pointed(config: Played["config"], url: string): unknown {
  const rest = { url, region: TARGET_REGION, confirm: { delaysMs: [1], withinMs: 20_000 } };
  const targets = config.targets.map((target) => ({ ...rest, ...target, url }));
  const parsed = parseConfig({ ...config, targets });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.config;
}

/** The messages that were sent, as the queue gives them back. */
function handOut(sent: readonly AwsCall[]): AwsAnswer {
  const Messages = sent.map(({ body }, index) => {
    const { MessageBody: Body } = body as { MessageBody: string };
    const MD5OfBody = createHash("md5").update(Body).digest("hex");
    return { MessageId: String(index), ReceiptHandle: `receipt-${index}`, Body, MD5OfBody };
  });
  return awsOk({ Messages });
}

function answerIn(weather: Weather, { service, operation, body }: AwsCall): AwsAnswer {
  const isAway = weather === "history and metrics are away";
  if (isAway && ["dynamodb", "monitoring"].includes(service)) return awsError(400, "LimitExceeded");
  if (operation === "PutItem" && weather === "history has it already") {
    return awsError(400, "ConditionalCheckFailedException");
  }
  switch (operation) {
    case "GetParameter":
      return awsOk({ Parameter: { Value: "a-token" } });
    case "GetSecretValue":
      return awsOk({ SecretString: "a-token" });
    case "Query":
      return awsOk({ Items: [] });
    case "SendMessage": {
      const { MessageBody } = body as { MessageBody: string };
      return awsOk({ MD5OfMessageBody: createHash("md5").update(MessageBody).digest("hex") });
    }
    default:
      return awsOk();
  }
}

/** Of a request's body, what names the resource. */
interface Named {
  readonly TableName?: string;
  /** By the table's name. */
  readonly RequestItems?: Readonly<Record<string, unknown>>;
  readonly QueueUrl: string;
  readonly Namespace: string;
  readonly Name: string;
  readonly SecretId: string;
  readonly TopicArn: string;
}

/** What Lambda's paths ask for, by how they end. */
const LAMBDA_READS = [
  [/^\/2015-03-31\/functions\/([^/]+)\/policy/, "GetPolicy"],
  [/^\/2019-09-30\/functions\/([^/]+)\/concurrency/, "GetFunctionConcurrency"],
  [/^\/2021-10-31\/functions\/([^/]+)\/urls/, "ListFunctionUrlConfigs"],
  [/^\/2015-03-31\/functions\/([^/]+)\/configuration/, "GetFunctionConfiguration"],
  [/^\/2015-03-31\/functions\/([^/]+)\/aliases\/([^/?]+)/, "GetAlias"],
  [/^\/2019-09-30\/functions\/([^/]+)\/provisioned-concurrency/, "GetProvisionedConcurrencyConfig"],
  [/^\/2015-03-31\/functions\/([^/]+)\/invocations/, "InvokeFunction"],
] as const;

function lambdaCall({ operation, region }: AwsCall): Call {
  const url = new URL(operation.split(" ")[1] ?? "", "http://lambda");
  for (const [path, action] of LAMBDA_READS) {
    const [, name, alias] = path.exec(url.pathname) ?? [];
    if (name === undefined) continue;
    if (url.searchParams.get("List") === "ALL") {
      const listed = `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}`;
      return { action: "lambda:ListProvisionedConcurrencyConfigs", resource: listed, context: {} };
    }
    const qualifier = alias ?? url.searchParams.get("Qualifier");
    const arn = `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}`;
    const resource = qualifier === null ? arn : `${arn}:${qualifier}`;
    return { action: `lambda:${action}`, resource, context: {} };
  }
  throw new Error(`the tests do not know ${operation}`);
}

/** How IAM names a service's calls and resources, by the service's name in signatures. */
const SERVICES: Readonly<Record<string, (call: AwsCall, named: Named) => Call>> = {
  dynamodb: ({ operation, region }, { TableName, RequestItems = {} }) => ({
    action: `dynamodb:${operation}`,
    resource: `arn:aws:dynamodb:${region}:${ACCOUNT}:table/${TableName ?? Object.keys(RequestItems)[0]}`,
    context: {},
  }),
  monitoring: ({ operation }, { Namespace }) => ({
    action: `cloudwatch:${operation}`,
    resource: "*",
    context: { "cloudwatch:namespace": Namespace },
  }),
  sqs: ({ operation, region }, { QueueUrl }) => ({
    // A batch takes the permission of its single calls.
    action: `sqs:${operation.replace(/Batch$/, "")}`,
    resource: `arn:aws:sqs:${region}:${QueueUrl.split("/").slice(-2).join(":")}`,
    context: {},
  }),
  sns: ({ operation }, { TopicArn }) => ({
    action: `sns:${operation}`,
    resource: TopicArn,
    context: {},
  }),
  lambda: lambdaCall,
  ssm: ({ operation, region }, { Name }) => ({
    action: `ssm:${operation}`,
    resource: `arn:aws:ssm:${region}:${ACCOUNT}:parameter${Name}`,
    context: {},
  }),
  // Secrets Manager adds six characters of its own to a name.
  secretsmanager: ({ operation, region }, { SecretId }) => ({
    action: `secretsmanager:${operation}`,
    resource: `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:${SecretId}-Ab12Cd`,
    context: {},
  }),
};

function asCall(call: AwsCall): Call {
  const asked = SERVICES[call.service];
  if (asked === undefined) throw new Error(`the tests do not know the service ${call.service}`);
  return asked(call, call.body as Named);
}
