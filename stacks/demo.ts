import { existsSync } from "node:fs";
import { join } from "node:path";
import type { VigilConfig } from "@vigil/core";
import { createFunction } from "./function.ts";
import { physicalName, type Region, type Regions } from "./regions.ts";

interface DemoOptions {
  readonly config: VigilConfig;
  readonly regions: Regions;
}

/** Built by `npm ci` and by `npm run build`. SST adds a file of its own, so it is no source folder. */
const BUNDLE = "packages/demo-server/dist/lambda";
/** The sweet spot for an MCP server in Node: CPU, and with it a cold start, goes with memory. */
const MEMORY_MB = 1_024;
const TIMEOUT_SECONDS = 30;
const PORT = "8080";
const ALIAS = "live";
/** The Lambda Web Adapter 1.x for arm64, in AWS's account for it. */
const ADAPTER = "753240598075:layer:LambdaAdapterLayerArm64:27";

/**
 * A server to watch and to break: opt-in, for it costs about $9 a month, nearly all of it for provisioned
 * concurrency. Its MCP endpoint; null where it is not asked for.
 */
export function deployDemo({ config, regions }: DemoOptions): $util.Output<string> | null {
  if (config.demo === null || regions.demo === null) return null;
  requireBundle();
  const { provider } = regions.demo;
  const server = createServer(regions.demo, config.demo.fault);
  const { name: functionName, nodes } = server;
  const alias = new aws.lambda.Alias(
    "DemoAlias",
    { name: ALIAS, functionName, functionVersion: nodes.function.version },
    { provider },
  );
  const served = { functionName, qualifier: alias.name };
  new aws.lambda.ProvisionedConcurrencyConfig(
    "DemoProvisioned",
    { ...served, provisionedConcurrentExecutions: 1 },
    { provider },
  );
  return $interpolate`${openUrl(served, provider)}mcp`;
}

function requireBundle(): void {
  if (existsSync(join($cli.paths.root, BUNDLE, "run.sh"))) return;
  throw new Error(`The demo server is not built: ${BUNDLE} is missing. Run npm run build.`);
}

/** Sessions are kept in DynamoDB, for the next request may reach another environment. */
function createServer(region: Region, fault: string | null): sst.aws.Function {
  const { name, provider } = region;
  const sessions = new sst.aws.Dynamo(
    "DemoSessions",
    {
      fields: { sessionId: "string" },
      primaryIndex: { hashKey: "sessionId" },
      ttl: "expiresAt",
      transform: { table: { name: physicalName("demo-sessions"), pointInTimeRecovery: undefined } },
    },
    // Production keeps its tables; this one would stand in the way of the next demo server's.
    { provider, retainOnDelete: false },
  );
  const { partition } = aws.getPartitionOutput({}, { provider });
  return createFunction(region, {
    thing: "Demo",
    bundle: BUNDLE,
    handler: "run.sh",
    layers: [$interpolate`arn:${partition}:lambda:${name}:${ADAPTER}`],
    versioning: true,
    description: "An MCP server to watch and to break",
    memoryMb: MEMORY_MB,
    timeoutSeconds: TIMEOUT_SECONDS,
    environment: {
      AWS_LAMBDA_EXEC_WRAPPER: "/opt/bootstrap",
      // Anything else means buffered, which no stream survives.
      AWS_LWA_INVOKE_MODE: "response_stream",
      AWS_LWA_PORT: PORT,
      PORT,
      MCP_SESSIONS: "dynamodb",
      SESSIONS_TABLE: sessions.name,
      ...(fault !== null && { DEMO_FAULT: fault }),
    },
    permissions: [
      {
        actions: ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        resources: [sessions.arn],
      },
    ],
  });
}

interface Served {
  readonly functionName: $util.Output<string>;
  /** The alias: an unqualified URL would pass provisioned concurrency by. */
  readonly qualifier: $util.Output<string>;
}

/** Public, streaming, and with both permissions that a Function URL needs. */
function openUrl({ functionName, qualifier }: Served, provider: aws.Provider) {
  const anyone = { function: functionName, qualifier, principal: "*" };
  new aws.lambda.Permission(
    "DemoMayInvokeUrl",
    { ...anyone, action: "lambda:InvokeFunctionUrl", functionUrlAuthType: "NONE" },
    { provider },
  );
  new aws.lambda.Permission(
    "DemoMayInvoke",
    { ...anyone, action: "lambda:InvokeFunction", invokedViaFunctionUrl: true },
    { provider },
  );
  const url = new aws.lambda.FunctionUrl(
    "DemoUrl",
    {
      functionName,
      qualifier,
      authorizationType: "NONE",
      invokeMode: "RESPONSE_STREAM",
      cors: CORS,
    },
    { provider },
  );
  return url.functionUrl;
}

/** A page's client must read the session's id, which browsers hide unless it is exposed. */
const CORS: aws.types.input.lambda.FunctionUrlCors = {
  allowOrigins: ["*"],
  allowMethods: ["GET", "POST", "DELETE"],
  allowHeaders: [
    "content-type",
    "authorization",
    "mcp-session-id",
    "mcp-protocol-version",
    "mcp-method",
    "mcp-name",
    "last-event-id",
  ],
  exposeHeaders: ["Mcp-Session-Id"],
  maxAge: 3_600,
};
