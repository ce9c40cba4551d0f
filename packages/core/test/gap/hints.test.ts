import { describe, expect, it } from "vitest";
import { type ChangeHint, hintFor, isChangeEvent, readHint } from "../../src/gap/index.ts";

const ENVELOPE = {
  version: "0",
  id: "d3f5a4b1-0000-4000-8000-000000000000",
  account: "123456789012",
  time: "2026-11-22T08:00:42Z",
  region: "us-east-1",
  resources: [],
};
const CODEDEPLOY = {
  ...ENVELOPE,
  source: "aws.codedeploy",
  "detail-type": "CodeDeploy Deployment State-change Notification",
  detail: {
    region: "us-east-1",
    deploymentId: "d-ABCDEF123",
    application: "orders",
    deploymentGroup: "live",
    state: "START",
  },
};
const CLOUDFORMATION = {
  ...ENVELOPE,
  source: "aws.cloudformation",
  "detail-type": "CloudFormation Stack Status Change",
  detail: {
    "stack-id": "arn:aws:cloudformation:us-east-1:123456789012:stack/orders/1",
    "status-details": { status: "UPDATE_COMPLETE", "status-reason": "" },
    "client-request-token": "",
  },
};
const call = (eventName: string, requestParameters: object, more: object = {}) => ({
  ...ENVELOPE,
  source: "aws.lambda",
  "detail-type": "AWS API Call via CloudTrail",
  detail: {
    eventSource: "lambda.amazonaws.com",
    eventTime: "2026-11-22T08:00:40Z",
    eventName,
    requestParameters,
    ...more,
  },
});

const AT = "2026-11-22T08:00:40.000Z";
const REGIONAL = {
  region: "us-east-1",
  at: "2026-11-22T08:00:42.000Z",
  functionName: null,
  moved: null,
};
const of = (moved: string | null) => ({
  region: "us-east-1",
  at: AT,
  functionName: "orders",
  moved,
});

describe("an event of EventBridge", () => {
  it.each<[string, object, ChangeHint]>([
    ["of CodeDeploy", CODEDEPLOY, REGIONAL],
    ["of CloudFormation", CLOUDFORMATION, REGIONAL],
    [
      "of an alias",
      call("UpdateAlias20150331", { functionName: "orders", name: "live" }),
      of("live"),
    ],
    [
      "of a new alias",
      call("CreateAlias20150331", { functionName: "orders", name: "live" }),
      of("live"),
    ],
    ["of code", call("UpdateFunctionCode20150331v2", { functionName: "orders" }), of("$LATEST")],
    [
      "of configuration",
      call("UpdateFunctionConfiguration20150331v2", { functionName: "orders" }),
      of("$LATEST"),
    ],
    ["of a version", call("PublishVersion20150331", { functionName: "orders" }), of(null)],
    [
      "of provisioned concurrency, by ARN",
      call("PutProvisionedConcurrencyConfig", {
        functionName: "arn:aws:lambda:us-east-1:123456789012:function:orders",
      }),
      of(null),
    ],
    [
      "by a part of an ARN, with a qualifier",
      call("PublishVersion20150331", { functionName: "123456789012:function:orders:live" }),
      of(null),
    ],
    [
      "by name and qualifier",
      call("PublishVersion20150331", { functionName: "orders:live" }),
      of(null),
    ],
  ])("%s is a hint", (_name, event, hint) => {
    expect(isChangeEvent(event)).toBe(true);
    expect(readHint(event)).toEqual({ kind: "hint", hint });
  });

  it("of a call that failed says nothing", () => {
    const event = call(
      "UpdateAlias20150331",
      { functionName: "orders", name: "live" },
      {
        errorCode: "AccessDenied",
      },
    );
    expect(readHint(event)).toEqual({ kind: "nothing" });
  });

  it.each<[string, unknown, RegExp]>([
    ["of another service", { ...CODEDEPLOY, source: "aws.s3" }, /^source: /],
    ["of another kind", { ...CODEDEPLOY, "detail-type": "Else" }, /^detail-type: /],
    ["without its time", { ...CODEDEPLOY, time: "yesterday" }, /^time: /],
    ["without its region", { ...CLOUDFORMATION, region: 7 }, /^region: /],
    ["without its detail", { ...CLOUDFORMATION, detail: null }, /^detail: /],
    [
      "without its function",
      call("UpdateAlias20150331", { name: "live" }),
      /^detail\.requestParameters\.functionName: /,
    ],
    [
      "without parameters",
      call("UpdateAlias20150331", {}, { requestParameters: null }),
      /^detail\.requestParameters: /,
    ],
    ["that is a text", "aws.codedeploy", /^event: /],
    ["that is nothing", null, /^event: /],
  ])("%s is bad, and says where", (_name, event, problem) => {
    const read = readHint(event);
    expect(read).toMatchObject({ kind: "bad", problem: expect.stringMatching(problem) });
  });

  it("is told from a tick", () => {
    expect([{ shard: 0 }, null, "x", []].map(isChangeEvent)).toEqual([false, false, false, false]);
  });
});

describe("what a hint is to a target", () => {
  const lambda = {
    functionName: "orders",
    qualifier: "live",
    reportLines: false,
    logGroup: "/aws/lambda/orders",
    gapAllowanceMs: 300_000,
  };
  it.each<[string, string, Partial<ChangeHint>, ReturnType<typeof hintFor>]>([
    ["its alias moved", "live", of("live"), "moved"],
    ["another alias moved", "live", of("beta"), null],
    ["$LATEST changed under an alias", "live", of("$LATEST"), "look"],
    ["$LATEST changed, which serves", "$LATEST", of("$LATEST"), "moved"],
    ["something else of its function", "live", of(null), "look"],
    ["something of its region", "live", REGIONAL, "look"],
    ["something of another region", "live", { ...REGIONAL, region: "eu-west-1" }, null],
    ["another function's", "live", { ...of("live"), functionName: "billing" }, null],
  ])("%s", (_name, qualifier, hint, wanted) => {
    const target = { region: "us-east-1", lambda: { ...lambda, qualifier } };
    expect(hintFor(target, { ...REGIONAL, ...hint })).toBe(wanted);
  });
});
