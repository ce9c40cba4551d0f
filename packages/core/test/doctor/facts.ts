import type {
  FactPart,
  FactParts,
  FunctionFacts,
  FunctionSubject,
  Reading,
  Unread,
} from "../../src/index.ts";

export const HOST = "abc.lambda-url.us-east-1.on.aws";

export const ABOUT: FunctionSubject = {
  target: "orders",
  host: HOST,
  door: "function-url",
  region: "us-east-1",
  functionName: "orders",
  qualifier: "live",
  auth: "none",
  era: "auto",
  clientTimeoutMs: 10_000,
  readAt: "2026-11-22T08:00:00.000Z",
};

export const ADAPTER = "arn:aws:lambda:us-east-1:753240598075:layer:LambdaAdapterLayerArm64:27";

/** As stacks/demo.ts deploys the demo server. */
export const SOUND: FactParts = {
  configuration: {
    version: "1",
    packageType: "zip",
    runtime: "nodejs24.x",
    handler: "run.sh",
    architecture: "arm64",
    memoryMb: 1_024,
    timeoutSeconds: 30,
    codeBytes: 640_000,
    layers: [ADAPTER],
    settings: {
      AWS_LAMBDA_EXEC_WRAPPER: "/opt/bootstrap",
      AWS_LWA_INVOKE_MODE: "response_stream",
      AWS_LWA_PORT: "8080",
      PORT: "8080",
      MCP_SESSIONS: "dynamodb",
    },
    vpcId: null,
    failure: null,
    isEdgeReplica: false,
  },
  urls: [
    {
      host: HOST,
      qualifier: "live",
      authType: "NONE",
      invokeMode: "RESPONSE_STREAM",
      cors: {
        allowHeaders: ["content-type", "authorization", "mcp-session-id", "mcp-protocol-version"],
        allowMethods: ["GET", "POST", "DELETE"],
        exposeHeaders: ["Mcp-Session-Id"],
      },
    },
  ],
  policy: [
    {
      principals: ["*"],
      actions: ["lambda:InvokeFunctionUrl"],
      conditions: { "lambda:functionurlauthtype": ["NONE"] },
    },
    {
      principals: ["*"],
      actions: ["lambda:InvokeFunction"],
      conditions: { "lambda:invokedviafunctionurl": ["true"] },
    },
  ],
  alias: { version: "1", weights: {} },
  provisioned: [{ qualifier: "live", status: "ready", reason: null, requested: 1 }],
  reserved: null,
  gateway: null,
};

interface Given {
  readonly about?: Partial<FunctionSubject>;
  readonly parts?: Partial<FactParts>;
  readonly unread?: Partial<Record<FactPart, Unread>>;
}

/** The sound function's facts, but for what is given. */
export function factsOf({ about = {}, parts = {}, unread = {} }: Given = {}): FunctionFacts {
  const read = Object.entries({ ...SOUND, ...parts }).map(([part, value]) => [
    part,
    { kind: "read", value } satisfies Reading<unknown>,
  ]);
  const missed = Object.entries(unread).map(([part, why]) => [part, { kind: "unread", why }]);
  return {
    about: { ...ABOUT, ...about },
    parts: Object.fromEntries([...read, ...missed]) as FunctionFacts["parts"],
  };
}

export function configured(changes: Partial<FactParts["configuration"]>): Partial<FactParts> {
  return { configuration: { ...SOUND.configuration, ...changes } };
}

/** Without a setting that is given as undefined. */
export function withSettings(
  changes: Readonly<Record<string, string | undefined>>,
  more: Partial<FactParts["configuration"]> = {},
): Partial<FactParts> {
  const settings = Object.entries({ ...SOUND.configuration.settings, ...changes });
  return configured({
    ...more,
    settings: Object.fromEntries(settings.filter(([, value]) => value !== undefined)),
  });
}

export function withUrl(changes: Partial<FactParts["urls"][number]>): Partial<FactParts> {
  return { urls: SOUND.urls.map((url) => ({ ...url, ...changes })) };
}

const CORS = SOUND.urls[0]?.cors ?? null;

export function withCors(changes: Partial<NonNullable<typeof CORS>>): Partial<FactParts> {
  return withUrl({ cors: CORS === null ? null : { ...CORS, ...changes } });
}
