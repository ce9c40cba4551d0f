import { type AwsAnswer, awsError, awsOk, startAwsEndpoint } from "@vigil/testkit/aws-endpoint";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createDeploymentObserver, type WatchedQualifier } from "../src/deployments.ts";

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});

const NOW = "2026-11-22T08:00:00.000Z";
const LIVE: WatchedQualifier = { functionName: "orders", qualifier: "live" };
const NONE = awsError(404, "ProvisionedConcurrencyConfigNotFoundException");
const GONE = awsError(404, "ResourceNotFoundException");
const FULL = { full: true, known: null };

const CONFIGURATION = "GET /2015-03-31/functions/orders/configuration?Qualifier=live";
const WHOLE = "GET /2015-03-31/functions/orders/configuration";
const ALIAS = "GET /2015-03-31/functions/orders/aliases/live";
const pc = (qualifier: string) =>
  `GET /2019-09-30/functions/orders/provisioned-concurrency?Qualifier=${qualifier}`;

const serving = (version: string) => awsOk({ Version: version, CodeSha256: `code-of-${version}` });
const moved = { FunctionVersion: "2", RoutingConfig: { AdditionalVersionWeights: { 1: 1, 3: 0 } } };
/** As recorded: counts are full although nothing is ready. */
const allocating = {
  Status: "IN_PROGRESS",
  RequestedProvisionedConcurrentExecutions: 1,
  AvailableProvisionedConcurrentExecutions: 1,
  AllocatedProvisionedConcurrentExecutions: 1,
  LastModified: "2026-11-22T07:59:30+0000",
};

async function observe(answers: Readonly<Record<string, AwsAnswer>>) {
  const endpoint = await startAwsEndpoint(
    ({ operation }) => answers[operation] ?? awsError(500, `NotExpected ${operation}`),
  );
  onTestFinished(() => endpoint.close());
  let turns = 0;
  const observer = createDeploymentObserver({
    region: "us-east-1",
    endpoint: endpoint.url,
    timeoutMs: 5_000,
    clock: { now: () => Date.parse(NOW) },
    turn: async () => {
      turns += 1;
    },
  });
  return {
    observer,
    calls: () => endpoint.calls.map(({ operation }) => operation),
    turns: () => turns,
  };
}

const seen = { kind: "seen", began: NOW, at: NOW, version: "2", codeSha256: "code-of-2" };
const provisioned = { requested: 1, reason: null, lastModified: "2026-11-22T07:59:30.000Z" };

describe("a look at a function", () => {
  it("asks one thing while nothing changes", async () => {
    const { observer, calls } = await observe({ [CONFIGURATION]: serving("2") });
    const known = { version: "2", codeSha256: "code-of-2" };
    expect(await observer.look(LIVE, { full: false, known })).toEqual({
      observation: { ...seen, weights: null, provisioned: null },
      trouble: null,
    });
    expect(calls()).toEqual([CONFIGURATION]);
  });

  it("asks for weights and provisioned concurrency on a change, each call in its turn", async () => {
    const { observer, calls, turns } = await observe({
      [CONFIGURATION]: serving("2"),
      [ALIAS]: awsOk(moved),
      [pc("live")]: awsOk(allocating),
    });
    const known = { version: "1", codeSha256: "code-of-1" };
    expect(await observer.look(LIVE, { full: false, known })).toEqual({
      observation: {
        ...seen,
        weights: { 1: 1 },
        provisioned: [{ alias: "live", version: null, status: "in-progress", ...provisioned }],
      },
      trouble: null,
    });
    expect(calls()).toEqual([CONFIGURATION, ALIAS, pc("live")]);
    expect(turns()).toBe(3);
  });

  it("asks the versions that take traffic when the alias has none of its own", async () => {
    const failed = { ...allocating, Status: "FAILED", StatusReason: "FUNCTION_ERROR_INIT_FAILURE" };
    const { observer } = await observe({
      [CONFIGURATION]: serving("2"),
      [ALIAS]: awsOk(moved),
      [pc("live")]: NONE,
      [pc("2")]: awsOk(failed),
      [pc("1")]: NONE,
    });
    const { observation } = await observer.look(LIVE, FULL);
    const reason = "FUNCTION_ERROR_INIT_FAILURE";
    expect(observation).toMatchObject({
      provisioned: [{ alias: null, version: "2", status: "failed", ...provisioned, reason }],
    });
  });

  it("asks no provisioned concurrency of $LATEST, which can have none", async () => {
    const latest = "GET /2015-03-31/functions/orders/configuration?Qualifier=%24LATEST";
    const { observer, calls } = await observe({ [latest]: serving("$LATEST") });
    const { observation } = await observer.look({ ...LIVE, qualifier: "$LATEST" }, FULL);
    expect(observation).toMatchObject({ version: "$LATEST", weights: {}, provisioned: [] });
    expect(calls()).toEqual([latest]);
  });
});

const TROUBLES: readonly [string, Readonly<Record<string, AwsAnswer>>, object, object][] = [
  [
    "there is no such function",
    { [CONFIGURATION]: GONE, [WHOLE]: GONE },
    { kind: "absent", what: "function" },
    { code: "unknown-function" },
  ],
  [
    "the alias is gone",
    { [CONFIGURATION]: GONE, [WHOLE]: serving("$LATEST") },
    { kind: "absent", what: "alias" },
    { code: "alias-gone" },
  ],
  [
    "a permission lacks for the function",
    { [CONFIGURATION]: awsError(403, "AccessDeniedException") },
    { kind: "unseen", reason: "denied" },
    { code: "denied", permission: "lambda:GetFunctionConfiguration" },
  ],
  [
    "a permission lacks for the alias alone",
    {
      [CONFIGURATION]: serving("2"),
      [ALIAS]: awsError(403, "AccessDeniedException"),
      [pc("live")]: awsOk(allocating),
    },
    { kind: "seen", version: "2", weights: null },
    { code: "denied", permission: "lambda:GetAlias" },
  ],
  [
    "a permission lacks for provisioned concurrency",
    {
      [CONFIGURATION]: serving("2"),
      [ALIAS]: awsOk(moved),
      [pc("live")]: awsError(403, "AccessDeniedException"),
    },
    { kind: "seen", weights: { 1: 1 }, provisioned: null },
    { code: "denied", permission: "lambda:GetProvisionedConcurrencyConfig" },
  ],
  [
    "Lambda throttles",
    { [CONFIGURATION]: awsError(429, "TooManyRequestsException") },
    { kind: "unseen", reason: "throttled" },
    { code: "throttled" },
  ],
  [
    "AWS takes no provisioned concurrency there",
    {
      [CONFIGURATION]: serving("2"),
      [ALIAS]: awsOk(moved),
      [pc("live")]: awsError(400, "InvalidParameterValueException"),
    },
    { kind: "seen", provisioned: null },
    { code: "unprovisionable" },
  ],
  [
    "Lambda fails",
    { [CONFIGURATION]: awsError(500, "ServiceException") },
    { kind: "unseen", reason: "unreachable" },
    { code: "unreachable", reason: "ServiceException" },
  ],
];

describe("a look that is not had", () => {
  it.each(TROUBLES)("%s", async (_name, answers, observation, trouble) => {
    const { observer } = await observe(answers);
    const look = await observer.look(LIVE, FULL);
    expect(look.observation).toMatchObject(observation);
    expect(look.trouble).toEqual(trouble);
  });

  it("asks a throttled Lambda once", async () => {
    const { observer, calls } = await observe({
      [CONFIGURATION]: awsError(429, "TooManyRequestsException"),
    });
    await observer.look(LIVE, FULL);
    expect(calls()).toEqual([CONFIGURATION]);
  });
});
