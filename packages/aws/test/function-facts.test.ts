import { diagnose, type FactPart, type RuleId } from "@vigil/core";
import {
  type AwsAnswer,
  type AwsCall,
  awsError,
  awsOk,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import {
  answerForFunction,
  arnOf,
  PLAYED_HOST,
  PLAYED_SECRET,
  type PlayedFunction,
  playedUrl,
  playedWith,
  SOUND_FUNCTION,
} from "@vigil/testkit/lambda-function";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { readFunctionFacts, type WatchedTarget } from "../src/function-facts.ts";

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});

const NOW = "2026-11-22T08:00:00.000Z";
const TARGET: WatchedTarget = {
  name: "orders",
  url: `https://${PLAYED_HOST}/mcp`,
  region: "us-east-1",
  auth: { type: "none" },
  era: "auto",
  clientTimeoutMs: 10_000,
  lambda: {
    functionName: "orders",
    qualifier: "live",
    reportLines: false,
    logGroup: "/aws/lambda/orders",
  },
} as WatchedTarget;
const API: Partial<WatchedTarget> = { url: "https://a1b2.execute-api.us-east-1.amazonaws.com/mcp" };

type Answer = (call: AwsCall) => AwsAnswer;

async function read(answer: PlayedFunction | Answer, target: Partial<WatchedTarget> = {}) {
  const endpoint = await startAwsEndpoint(
    typeof answer === "function" ? answer : answerForFunction(answer),
  );
  onTestFinished(() => endpoint.close());
  const clock = {
    now: () => Date.parse(NOW),
    monotonic: () => 0,
    after: (_ms: number, run: () => void) => {
      queueMicrotask(run);
      return () => undefined;
    },
  };
  const found = await readFunctionFacts(
    { ...TARGET, ...target },
    { clock, endpoint: endpoint.url, timeoutMs: 5_000, maxAttempts: 1 },
  );
  return { ...found, calls: endpoint.calls.map(({ operation }) => operation) };
}

const rulesOf = async (...given: Parameters<typeof read>) =>
  diagnose((await read(...given)).facts).findings.map(({ rule }) => rule);

describe("the facts of a function", () => {
  it("are read part by part, of the qualifier that the URL serves", async () => {
    const { facts, error, calls } = await read(SOUND_FUNCTION, {
      lambda: { ...TARGET.lambda, qualifier: "$LATEST" },
    });
    expect(error).toBeNull();
    expect(facts.about).toEqual({
      target: "orders",
      host: PLAYED_HOST,
      door: "function-url",
      region: "us-east-1",
      functionName: "orders",
      qualifier: "$LATEST",
      auth: "none",
      era: "auto",
      clientTimeoutMs: 10_000,
      readAt: NOW,
    });
    expect(calls[0]).toBe("GET /2021-10-31/functions/orders/urls");
    expect(calls.slice(1).sort()).toEqual([
      "GET /2015-03-31/functions/orders/aliases/live",
      "GET /2015-03-31/functions/orders/configuration?Qualifier=live",
      "GET /2015-03-31/functions/orders/policy?Qualifier=live",
      "GET /2019-09-30/functions/orders/concurrency",
      "GET /2019-09-30/functions/orders/provisioned-concurrency?List=ALL",
    ]);
    expect(diagnose(facts)).toMatchObject({ findings: [{ rule: "url-qualifier" }], unread: [] });
  });

  it("are those of a sound function, and nothing is found", async () => {
    const { facts } = await read(SOUND_FUNCTION);
    const values = Object.values(facts.parts).map((part) => part.kind === "read" && part.value);
    expect(values).toEqual([
      {
        version: "3",
        packageType: "zip",
        runtime: "nodejs24.x",
        handler: "run.sh",
        architecture: "arm64",
        memoryMb: 1_024,
        timeoutSeconds: 30,
        codeBytes: 640_112,
        layers: ["arn:aws:lambda:us-east-1:753240598075:layer:LambdaAdapterLayerArm64:27"],
        settings: {
          AWS_LAMBDA_EXEC_WRAPPER: "/opt/bootstrap",
          AWS_LWA_INVOKE_MODE: "response_stream",
          AWS_LWA_PORT: "8080",
          PORT: "8080",
        },
        vpcId: null,
        failure: null,
        isEdgeReplica: false,
      },
      [
        {
          host: PLAYED_HOST,
          qualifier: "live",
          authType: "NONE",
          invokeMode: "RESPONSE_STREAM",
          cors: null,
        },
      ],
      [
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
      { version: "3", weights: {} },
      [{ qualifier: "live", status: "ready", reason: null, requested: 1 }],
      null,
      null,
    ]);
    expect(diagnose(facts)).toEqual({ findings: [], unread: [] });
  });

  const PC = SOUND_FUNCTION.provisioned[0];
  const statements = (SOUND_FUNCTION.policies["live"]?.["Statement"] ?? []) as object[];
  it.each<readonly [string, PlayedFunction, readonly RuleId[]]>([
    ["a buffered URL", playedUrl({ InvokeMode: "BUFFERED" }), ["url-buffered"]],
    ["no InvokeMode, which means buffered", playedUrl({ InvokeMode: undefined }), ["url-buffered"]],
    [
      "CORS that exposes nothing",
      playedUrl({ Cors: { AllowOrigins: ["*"], AllowMethods: ["*"], AllowHeaders: ["*"] } }),
      ["cors-session-header"],
    ],
    ["a URL for signed requests", playedUrl({ AuthType: "AWS_IAM" }), ["url-auth"]],
    [
      "another function's URL",
      playedUrl({ FunctionUrl: "https://xyz.lambda-url.us-east-1.on.aws/" }),
      ["url-other-function"],
    ],
    [
      "no policy at all",
      { ...SOUND_FUNCTION, policies: {} },
      ["url-permission", "url-invoke-permission"],
    ],
    [
      "one permission of two",
      { ...SOUND_FUNCTION, policies: { live: { Statement: statements[0] } } },
      ["url-invoke-permission"],
    ],
    [
      "a denial",
      {
        ...SOUND_FUNCTION,
        policies: { live: { Statement: statements.map((one) => ({ ...one, Effect: "Deny" })) } },
      },
      ["url-permission", "url-invoke-permission"],
    ],
    [
      "permissions by the long form",
      {
        ...SOUND_FUNCTION,
        policies: {
          live: {
            Statement: [
              {
                Effect: "Allow",
                Principal: { AWS: ["*"] },
                Action: ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"],
              },
            ],
          },
        },
      },
      [],
    ],
    ["no layer", playedWith({ Layers: undefined }), ["adapter-missing"]],
    [
      "an old layer",
      playedWith({
        Layers: [{ Arn: "arn:aws:lambda:us-east-1:753240598075:layer:LambdaAdapterLayerArm64:20" }],
      }),
      ["adapter-outdated"],
    ],
    [
      "a mode that is none",
      playedWith({}, { AWS_LWA_INVOKE_MODE: "stream" }),
      ["invoke-mode-envelope"],
    ],
    [
      "no variables",
      playedWith({ Environment: undefined }),
      ["adapter-wrapper", "invoke-mode-envelope"],
    ],
    [
      "little memory, a short time-out",
      playedWith({ MemorySize: 128, Timeout: 3 }),
      ["timeout-short", "memory-low"],
    ],
    [
      "a VPC, without provisioned concurrency",
      {
        ...playedWith({ VpcConfig: { VpcId: "vpc-1", SubnetIds: ["subnet-1"] } }),
        provisioned: [],
      },
      ["vpc-cold-start", "provisioned-none"],
    ],
    [
      "a failed state",
      playedWith({ State: "Failed", StateReasonCode: "EniLimitExceeded" }),
      ["function-failed"],
    ],
    ["a failed update", playedWith({ LastUpdateStatus: "Failed" }), ["function-failed"]],
    [
      "an edge replica",
      playedWith({ MasterArn: "arn:aws:lambda:us-east-1:123456789012:function:orders:3" }),
      ["edge-function"],
    ],
    [
      "an old runtime on the older processor, 60 MB",
      playedWith({
        Runtime: "nodejs18.x",
        Architectures: undefined,
        CodeSize: 60_000_000,
        Layers: [{ Arn: "arn:aws:lambda:us-east-1:753240598075:layer:LambdaAdapterLayerX86:27" }],
      }),
      ["runtime-deprecated", "bundle-large", "architecture-x86"],
    ],
    [
      "a failed allocation",
      {
        ...SOUND_FUNCTION,
        provisioned: [{ ...PC, Status: "FAILED", StatusReason: "FUNCTION_ERROR_INIT_FAILURE" }],
      },
      ["provisioned-failed"],
    ],
    [
      "provisioned concurrency on another alias",
      { ...SOUND_FUNCTION, provisioned: [{ ...PC, FunctionArn: arnOf("orders", "blue") }] },
      ["provisioned-bypassed"],
    ],
    [
      "weights that are held",
      {
        ...SOUND_FUNCTION,
        aliases: {
          live: {
            FunctionVersion: "4",
            RoutingConfig: { AdditionalVersionWeights: { 3: 1, 2: 0 } },
          },
        },
      },
      ["alias-split"],
    ],
    [
      "nothing reserved",
      { ...SOUND_FUNCTION, concurrency: { ReservedConcurrentExecutions: 0 } },
      ["reserved-zero"],
    ],
    [
      "as much reserved as is provisioned",
      { ...SOUND_FUNCTION, concurrency: { ReservedConcurrentExecutions: 1 } },
      ["reserved-full"],
    ],
  ])("are read of %s", async (_name, played, rules) => {
    expect(await rulesOf(played)).toEqual(rules);
  });

  it("take every page of a list", async () => {
    const blue = { ...PC, FunctionArn: arnOf("orders", "blue") };
    const answer = answerForFunction(SOUND_FUNCTION);
    const { facts } = await read((call) => {
      if (!call.operation.includes("List=ALL")) return answer(call);
      return call.operation.includes("Marker=more")
        ? awsOk({ ProvisionedConcurrencyConfigs: [PC] })
        : awsOk({ ProvisionedConcurrencyConfigs: [blue], NextMarker: "more" });
    });
    const { provisioned } = facts.parts;
    expect(provisioned.kind === "read" && provisioned.value.map((one) => one.qualifier)).toEqual([
      "blue",
      "live",
    ]);
  });
});

describe("behind API Gateway", () => {
  const uri = (name: string) =>
    `arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/${arnOf(name, "live")}/response-streaming-invocations`;
  const rest = (integration: object): PlayedFunction => ({
    ...SOUND_FUNCTION,
    urls: [],
    gateway: {
      "/restapis/a1b2/resources": {
        item: [
          { path: "/" },
          {
            path: "/mcp",
            resourceMethods: {
              POST: { methodIntegration: { uri: uri("orders"), ...integration } },
            },
          },
          {
            path: "/other",
            resourceMethods: {
              ANY: { methodIntegration: { uri: uri("other"), timeoutInMillis: 50 } },
            },
          },
        ],
      },
    },
  });
  const http = (integration: object): PlayedFunction => ({
    ...SOUND_FUNCTION,
    urls: [],
    gateway: {
      "/v2/apis/a1b2/integrations": {
        items: [{ integrationId: "i1", integrationUri: arnOf("orders", "live"), ...integration }],
      },
    },
  });

  it.each<readonly [string, PlayedFunction, readonly RuleId[]]>([
    [
      "a REST API that streams in time",
      rest({ responseTransferMode: "STREAM", timeoutInMillis: 60_000 }),
      [],
    ],
    [
      "a REST API that streams, with AWS's own time-out",
      rest({ responseTransferMode: "STREAM" }),
      ["timeout-over-gateway"],
    ],
    ["a REST API that holds back", rest({ timeoutInMillis: 30_000 }), ["gateway-buffered"]],
    ["an HTTP API", http({}), ["gateway-buffered"]],
    [
      "an HTTP API with a short time-out",
      http({ timeoutInMillis: 5_000 }),
      ["gateway-buffered", "timeout-over-gateway"],
    ],
  ])("finds what is wrong with %s", async (_name, played, rules) => {
    expect(await rulesOf(played, API)).toEqual(rules);
  });

  it("tells the permission that is denied", async () => {
    const answer = answerForFunction(SOUND_FUNCTION);
    const { facts } = await read(
      (call) =>
        call.service === "apigateway" ? awsError(403, "AccessDeniedException") : answer(call),
      API,
    );
    expect(diagnose(facts).unread).toMatchObject([
      { part: "gateway", why: { code: "denied", permission: "apigateway:GET" } },
    ]);
  });
});

describe("what cannot be read", () => {
  it.each<readonly [FactPart, RegExp, string]>([
    ["urls", /\/urls$/, "lambda:ListFunctionUrlConfigs"],
    ["configuration", /\/configuration/, "lambda:GetFunctionConfiguration"],
    ["policy", /\/policy/, "lambda:GetPolicy"],
    ["alias", /\/aliases\/live$/, "lambda:GetAlias"],
    ["provisioned", /\/provisioned-concurrency/, "lambda:ListProvisionedConcurrencyConfigs"],
    ["reserved", /\/concurrency$/, "lambda:GetFunctionConcurrency"],
  ])(
    "is %s alone when that is denied, throttled, or breaks off",
    async (part, path, permission) => {
      const answer = answerForFunction(SOUND_FUNCTION);
      const but =
        (other: AwsAnswer): Answer =>
        (call) =>
          path.test(call.operation) ? other : answer(call);
      const unreadOf = async (other: AwsAnswer) =>
        diagnose((await read(but(other))).facts).unread.map(({ part: of, why }) => [of, why]);
      expect(await unreadOf(awsError(403, "AccessDeniedException"))).toEqual([
        [part, { code: "denied", permission }],
      ]);
      expect(await unreadOf(awsError(429, "TooManyRequestsException"))).toEqual([
        [part, { code: "throttled" }],
      ]);
      expect(await unreadOf({ kind: "reset" })).toMatchObject([[part, { code: "unreachable" }]]);
    },
  );

  it("is all of it, where there is no such function", async () => {
    const { facts, error } = await read({ ...SOUND_FUNCTION, name: "stock" });
    expect(error).toBeNull();
    expect(facts.parts.configuration).toEqual({ kind: "unread", why: { code: "absent" } });
  });

  it("is the configuration, where its variables cannot be decrypted", async () => {
    const Environment = { Error: { ErrorCode: "AccessDeniedException", Message: "no" } };
    const { facts } = await read(playedWith({ Environment }));
    expect(facts.parts.configuration).toEqual({
      kind: "unread",
      why: { code: "denied", permission: "kms:Decrypt" },
    });
  });

  it("is a policy that is none, and credentials that AWS does not take are told apart", async () => {
    const answer = answerForFunction(SOUND_FUNCTION);
    const { facts } = await read((call) =>
      call.operation.includes("/policy") ? awsOk({ Policy: "<none>" }) : answer(call),
    );
    expect(diagnose(facts).unread.map(({ part }) => part)).toEqual(["policy"]);
    const refused = await read(() => awsError(403, "UnrecognizedClientException"));
    expect(refused.error?.name).toBe("UnrecognizedClientException");
  });
});

describe("a secret among the variables", () => {
  it("is nowhere in the facts, not even where a setting should be", async () => {
    const misplaced = Object.fromEntries(
      [
        "AWS_LAMBDA_EXEC_WRAPPER",
        "AWS_LWA_INVOKE_MODE",
        "AWS_LWA_PORT",
        "PORT",
        "MCP_SESSIONS",
      ].map((name) => [name, `${PLAYED_SECRET}-${name}`]),
    );
    const { facts } = await read(playedWith({}, misplaced));
    expect(JSON.stringify(facts)).not.toContain(PLAYED_SECRET);
    const { findings } = diagnose(facts);
    expect(JSON.stringify(findings)).not.toContain(PLAYED_SECRET);
    expect(findings.map(({ evidence }) => evidence)).toContain(
      'AWS_LAMBDA_EXEC_WRAPPER is "(a value of another kind)"',
    );
  });
});
