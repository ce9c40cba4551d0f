import { createFakeClock } from "@vigil/testkit";
import { ACCOUNT_PAGE, type AwsAccount, answerForAccount } from "@vigil/testkit/aws-account";
import {
  type AwsAnswer,
  type AwsCall,
  type AwsEndpoint,
  awsError,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findFrontDoors } from "../src/front-doors.ts";
import { usualRegion } from "../src/usual-region.ts";

let endpoint: AwsEndpoint | null = null;

beforeEach(() => {
  for (const [name, value] of Object.entries({
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/none",
    AWS_SHARED_CREDENTIALS_FILE: "/none",
  })) {
    vi.stubEnv(name, value);
  }
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await endpoint?.close();
  endpoint = null;
});

type Answer = (call: AwsCall, nth: number) => AwsAnswer;

async function find(answer: Answer, region = "us-east-1") {
  endpoint = await startAwsEndpoint(answer);
  vi.stubEnv("AWS_ENDPOINT_URL_LAMBDA", endpoint.url);
  vi.stubEnv("AWS_ENDPOINT_URL_API_GATEWAY", endpoint.url);
  const progress: string[] = [];
  const clock = createFakeClock(Date.now());
  const finding = findFrontDoors({ region, clock, onProgress: (what) => progress.push(what) });
  // Waits between tries pass at once.
  const pulse = setInterval(() => clock.advance(1_000), 5);
  const found = await finding.finally(() => clearInterval(pulse));
  const unanswered = found.unanswered.map(({ action, error }) => `${action}: ${error.name}`);
  return { ...found, unanswered, progress };
}

const within = (account: AwsAccount) => find(answerForAccount(account));
const LIVE = "arn:aws:lambda:us-east-1:123456789012:function:Orders:live";
/** As REST APIs name a function. */
const PATH = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${LIVE}/invocations`;

const STAGE_VARIABLE = ["$", "{stageVariables.fn}"].join("");

describe("front doors", () => {
  it("are none in an empty account", async () => {
    expect(await within({})).toMatchObject({ doors: [], unanswered: [], notes: [] });
  });

  it("are the Function URLs of functions and their aliases", async () => {
    const { doors, unanswered } = await within({
      functions: [
        { name: "Plain" },
        {
          name: "Orders",
          urls: [
            { url: "https://a.lambda-url.us-east-1.on.aws/" },
            { url: "https://b.lambda-url.us-east-1.on.aws/", alias: "live", authType: "AWS_IAM" },
          ],
        },
        { name: "Odd", urls: [{ url: "no address" }] },
      ],
    });
    const orders = { label: "Orders", region: "us-east-1" };
    expect(unanswered).toEqual([]);
    expect(doors).toEqual([
      {
        ...orders,
        urls: [
          "https://a.lambda-url.us-east-1.on.aws/mcp",
          "https://a.lambda-url.us-east-1.on.aws/",
        ],
        lambda: { functionName: "Orders", qualifier: null },
        signedFor: null,
      },
      {
        ...orders,
        urls: [
          "https://b.lambda-url.us-east-1.on.aws/mcp",
          "https://b.lambda-url.us-east-1.on.aws/",
        ],
        lambda: { functionName: "Orders", qualifier: "live" },
        signedFor: "lambda",
      },
    ]);
  });

  it("are found on every page", async () => {
    const functions = Array.from({ length: 4 * ACCOUNT_PAGE }, (_, n) => ({
      name: `f${n}`,
      urls: [{ url: `https://u${n}.lambda-url.us-east-1.on.aws/` }],
    }));
    const { doors, progress } = await within({ functions });
    expect(new Set(doors.map(({ label }) => label)).size).toBe(functions.length);
    expect(progress.at(3)).toBe("200 functions");
    expect(progress).toContain("200 of 200 functions looked at for URLs");
  });

  it.each<[string, string | null]>([
    ["POST /mcp", "/mcp"],
    ["ANY /orders/MCP-server", "/orders/MCP-server"],
    ["ANY /{proxy+}", "/mcp"],
    ["POST /orders/{rest+}", "/orders/mcp"],
    ["$default", "/mcp"],
    ["POST /", "/"],
    ["GET /mcp", null],
    ["POST /orders", null],
    ["POST /{tenant}/mcp", null],
    ["ANY /{tenant}/{proxy+}", null],
    ["nonsense", null],
  ])("behind the route %s of an HTTP API: %s", async (routeKey, path) => {
    const { doors } = await within({
      httpApis: [{ apiId: "a1", apiEndpoint: "https://a1.example", routes: [{ routeKey }] }],
    });
    expect(doors.map(({ urls: [url] }) => url)).toEqual(
      path === null ? [] : [`https://a1.example${path}`],
    );
  });

  it("are an HTTP API's, one for each address, the exact route's first", async () => {
    const { doors, notes } = await within({
      httpApis: [
        {
          apiId: "a1",
          name: "Shop",
          apiEndpoint: "https://a1.execute-api.us-east-1.amazonaws.com",
          stages: ["$default", "beta"],
          routes: [
            { routeKey: "$default" },
            { routeKey: "ANY /{proxy+}", integrationUri: "https://elsewhere.example" },
            { routeKey: "POST /mcp", integrationUri: LIVE, authorizationType: "AWS_IAM" },
          ],
        },
        { apiId: "ws", apiEndpoint: "wss://x", protocolType: "WEBSOCKET", routes: [] },
        { apiId: "own", apiEndpoint: "https://x", disableExecuteApiEndpoint: true, routes: [] },
      ],
    });
    const orders = {
      label: "Orders",
      region: "us-east-1",
      lambda: { functionName: "Orders", qualifier: "live" },
      signedFor: "execute-api",
    };
    const base = "https://a1.execute-api.us-east-1.amazonaws.com";
    expect(doors).toEqual([
      { ...orders, urls: [`${base}/mcp`] },
      { ...orders, urls: [`${base}/beta/mcp`] },
    ]);
    expect(notes).toEqual(["the API own has no public address of AWS's: name its own with --url"]);
  });

  it("are a REST API's, in each stage", async () => {
    const { doors, notes } = await within({
      restApis: [
        {
          id: "r1",
          name: "Shop",
          stages: ["prod", "test"],
          resources: [
            { path: "/", methods: {} },
            { path: "/orders/mcp", methods: { POST: { uri: PATH } } },
            { path: "/stock/{proxy+}", methods: { ANY: { uri: STAGE_VARIABLE } } },
          ],
        },
        { id: "r2", name: "Inside", types: ["PRIVATE"], resources: [] },
      ],
    });
    expect(doors.map(({ label, urls, lambda }) => ({ label, urls, lambda }))).toEqual(
      ["prod", "test"].flatMap((stage) => [
        {
          label: "Orders",
          urls: [`https://r1.execute-api.us-east-1.amazonaws.com/${stage}/orders/mcp`],
          lambda: { functionName: "Orders", qualifier: "live" },
        },
        {
          label: "Shop",
          urls: [`https://r1.execute-api.us-east-1.amazonaws.com/${stage}/stock/mcp`],
          lambda: null,
        },
      ]),
    );
    expect(notes).toHaveLength(1);
  });

  it("are asked for in their region, signed for their service", async () => {
    await find(answerForAccount({ functions: [{ name: "f" }] }), "eu-north-1");
    expect(
      endpoint?.calls.map(({ service, region, operation }) => `${service} ${region} ${operation}`),
    ).toEqual([
      "lambda eu-north-1 GET /2015-03-31/functions",
      "lambda eu-north-1 GET /2021-10-31/functions/f/urls",
      "apigateway eu-north-1 GET /v2/apis",
      "apigateway eu-north-1 GET /restapis?limit=500",
    ]);
  });
});

const ACCOUNT: AwsAccount = {
  functions: [1, 2, 3].map((n) => ({ name: `f${n}`, urls: [{ url: `https://u${n}.example/` }] })),
  httpApis: [
    { apiId: "a1", apiEndpoint: "https://a1.example", routes: [{ routeKey: "POST /mcp" }] },
  ],
};

/** The account, but for one kind of question. */
function failing(about: RegExp, answer: (nth: number) => AwsAnswer | null): Answer {
  let nth = 0;
  return (call) => {
    const failed = about.test(call.operation) ? answer(nth++) : null;
    return failed ?? answerForAccount(ACCOUNT)(call);
  };
}

describe("what AWS does not say", () => {
  const denied = () => awsError(403, "AccessDeniedException");
  const ALL = ["https://u1.example/mcp", "https://u2.example/mcp", "https://u3.example/mcp"];
  const API = "https://a1.example/mcp";

  it.each<[string, Answer, readonly string[], readonly string[]]>([
    [
      "functions may not be listed",
      failing(/functions$/, denied),
      [API],
      ["lambda:ListFunctions: AccessDeniedException"],
    ],
    [
      "no function's URLs may be listed: told once",
      failing(/urls$/, denied),
      [API],
      ["lambda:ListFunctionUrlConfigs: AccessDeniedException"],
    ],
    [
      "one function's URLs may not be listed",
      failing(/f2\/urls$/, denied),
      [ALL[0] ?? "", ALL[2] ?? "", API],
      ["lambda:ListFunctionUrlConfigs: AccessDeniedException"],
    ],
    [
      "APIs may not be listed",
      failing(/apis/, denied),
      ALL,
      [
        "apigateway:GET on /apis: AccessDeniedException",
        "apigateway:GET on /restapis: AccessDeniedException",
      ],
    ],
    [
      "an API's routes may not be listed",
      failing(/routes/, denied),
      ALL,
      ["apigateway:GET on /apis/*/routes: AccessDeniedException"],
    ],
    [
      "API Gateway throttles for a while",
      failing(/apis$/, (nth) => (nth < 3 ? awsError(429, "TooManyRequestsException") : null)),
      [...ALL, API],
      [],
    ],
    [
      "API Gateway throttles for ever",
      failing(/v2\/apis$/, () => awsError(429, "TooManyRequestsException")),
      ALL,
      ["apigateway:GET on /apis: TooManyRequestsException"],
    ],
    [
      "Lambda throttles for a while",
      failing(/urls$/, (nth) => (nth < 2 ? awsError(429, "TooManyRequestsException") : null)),
      [...ALL, API],
      [],
    ],
    [
      "the connection breaks",
      () => ({ kind: "reset" }),
      [],
      [
        "lambda:ListFunctions: TimeoutError",
        "apigateway:GET on /apis: TypeError",
        "apigateway:GET on /restapis: TypeError",
      ],
    ],
    [
      "what is no list",
      failing(/apis/, () => ({ kind: "json", status: 200, body: "none" })),
      ALL,
      [],
    ],
  ])("%s", async (_, answer, urls, unanswered) => {
    const found = await find(answer);
    expect(found.doors.map(({ urls: [url] }) => url).sort()).toEqual([...urls].sort());
    expect(found.unanswered).toEqual(unanswered);
  });

  it("asks nobody without credentials", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    const found = await within(ACCOUNT);
    expect(found.doors).toEqual([]);
    expect(found.unanswered).toEqual(["credentials: CredentialsProviderError"]);
    expect(endpoint?.calls).toEqual([]);
  });
});

it.each([
  ["eu-north-1", "eu-north-1"],
  [undefined, null],
])("takes the usual region from the environment: %s", async (set, region) => {
  vi.stubEnv("AWS_REGION", set);
  expect(await usualRegion()).toBe(region);
});
