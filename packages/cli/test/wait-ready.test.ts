import type { Target } from "@vigil/core";
import { resolveTarget } from "@vigil/core";
import type { ConfirmedRun } from "@vigil/probe";
import { createWaitedClock } from "@vigil/testkit";
import { type AwsAnswer, awsError, startAwsEndpoint } from "@vigil/testkit/aws-endpoint";
import { type LambdaMoment, lambdaAnswer } from "@vigil/testkit/lambda-moments";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createCheckWait } from "../src/check-wait.ts";
import type { CheckFlags } from "../src/flags.ts";
import { DEGRADED, DOWN, UNKNOWN, UP } from "./records.ts";

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});

const FLAGS: CheckFlags = { confirm: true, failOn: "down", waitReady: true };

function target(more: object): Target {
  const made = resolveTarget({ name: "orders", url: "https://a.example/mcp", ...more });
  if (!made.ok) throw new Error(JSON.stringify(made.findings));
  return made.target;
}
const LIVE = target({
  region: "us-east-1",
  lambda: { functionName: "orders", qualifier: "live" },
});

type Plan = readonly LambdaMoment[] | ((operation: string) => AwsAnswer | null);

/** Waits for the function by Lambda's real client, over HTTP; how it ended, and what was told. */
async function wait(plan: Plan, over: { of?: Target; timeout?: number } = {}) {
  const clock = createWaitedClock();
  const lambda = await startAwsEndpoint(({ operation }) => {
    const elapsedMs = clock.monotonic();
    if (typeof plan !== "function") return lambdaAnswer(operation, { moments: plan, elapsedMs });
    return plan(operation) ?? lambdaAnswer(operation, { moments: [READY], elapsedMs });
  });
  onTestFinished(() => lambda.close());
  vi.stubEnv("AWS_ENDPOINT_URL_LAMBDA", lambda.url);
  const { of = LIVE, timeout } = over;
  const told: string[] = [];
  const flags = { ...FLAGS, ...(timeout !== undefined && { timeout }) };
  const waited = await createCheckWait(flags, clock).forFunction(of, (line) => told.push(line));
  return { waited, told, looks: lambda.calls.length, elapsedMs: clock.monotonic() };
}

const READY: LambdaMoment = { from: 0, version: "1", status: "READY" };
const HELD: LambdaMoment = { from: 0, version: "2", weights: { 1: 1 }, status: "IN_PROGRESS" };
const MOVED: LambdaMoment = { from: 40, version: "2", status: "READY" };
const INIT_FAILURE = { status: "FAILED", reason: "FUNCTION_ERROR_INIT_FAILURE" };

describe("the wait for a function", () => {
  it("is over at once when it is ready", async () => {
    const { waited, told } = await wait([READY]);
    expect(waited).toEqual({
      kind: "ready",
      note: "version 1 has ready provisioned concurrency",
    });
    expect(told).toEqual([]);
  });

  it("goes on while weights hold traffic back, tells it once, and again after half a minute", async () => {
    const { waited, told } = await wait([HELD, MOVED]);
    const why =
      "version 2 has no ready provisioned concurrency, AWS holds traffic on the old version";
    expect(told).toEqual([`waiting: ${why}`, `${why}; still so after 32.8 s`]);
    expect(waited).toEqual({
      kind: "ready",
      note: "version 2 has ready provisioned concurrency after 43.6 s",
    });
  });

  it("tells when clients begin to meet cold environments", async () => {
    const exposed = { from: 10, version: "2", status: "IN_PROGRESS" };
    const { told } = await wait([HELD, exposed, MOVED]);
    expect(told).toEqual([
      "waiting: version 2 has no ready provisioned concurrency, AWS holds traffic on the old version",
      "waiting: version 2 has no ready provisioned concurrency, clients reach cold environments",
    ]);
  });

  it("has nothing to wait for without provisioned concurrency", async () => {
    const { waited } = await wait([{ from: 0, version: "3" }]);
    expect(waited).toEqual({
      kind: "ready",
      note: "version 3 has no provisioned concurrency to wait for",
    });
  });

  it("does not begin where the config names no function, and says so", async () => {
    const { waited, looks } = await wait([READY], { of: target({}) });
    expect(waited).toEqual({
      kind: "not-followed",
      message:
        "the config names no function of it (lambda: { functionName, qualifier }), so --wait-ready waits for its answers alone",
    });
    expect(looks).toBe(0);
  });

  it("ends with its time, and says what it waited for", async () => {
    const { waited, elapsedMs } = await wait([HELD], { timeout: 60_000 });
    expect(waited).toEqual({
      kind: "not-ready",
      exit: 1,
      message:
        "not ready after 1 m: version 2 has no ready provisioned concurrency, AWS holds traffic on the old version. --timeout waits longer",
    });
    expect(elapsedMs).toBeLessThanOrEqual(60_000);
  });

  it("lasts five minutes at most when nobody says how long", async () => {
    const { elapsedMs } = await wait([HELD]);
    expect([elapsedMs > 290_000, elapsedMs <= 300_000]).toEqual([true, true]);
  });

  it("looks again when Lambda is busy or away", async () => {
    let looks = 0;
    const { waited, told } = await wait(() => {
      looks += 1;
      if (looks > 4) return null;
      return looks > 2 ? { kind: "reset" } : awsError(429, "TooManyRequestsException");
    });
    expect(waited).toMatchObject({ kind: "ready" });
    expect(told).toEqual([
      "waiting: Lambda throttles the looks at its function",
      "waiting: Lambda cannot be reached (TimeoutError)",
    ]);
  });

  it("judges nothing when Lambda throttles to the end", async () => {
    const { waited } = await wait(() => awsError(429, "TooManyRequestsException"), {
      timeout: 20_000,
    });
    expect(waited).toEqual({
      kind: "not-ready",
      exit: 4,
      message:
        "not ready after 20 s: Lambda throttles the looks at its function. --timeout waits longer",
    });
  });
});

const denied = (what: string) => (operation: string) =>
  operation.includes(what) ? awsError(403, "AccessDeniedException") : null;
const gone = (what: RegExp) => (operation: string) =>
  what.test(operation) ? awsError(404, "ResourceNotFoundException") : null;
const lacks = (action: string) =>
  `whether it is ready is not known: these AWS credentials lack lambda:${action} on orders in us-east-1. Allow it, or leave out --wait-ready`;

describe("a wait that cannot help", () => {
  it.each<[string, Plan, number, string]>([
    [
      "the new version cannot start",
      [{ from: 0, version: "2", weights: { 1: 1 }, ...INIT_FAILURE }],
      1,
      "version 2 has no ready provisioned concurrency, the allocation failed (FUNCTION_ERROR_INIT_FAILURE). Waiting does not mend it: see the function's log for why it cannot start, then deploy again",
    ],
    [
      "the function may not be read",
      denied("/configuration"),
      4,
      lacks("GetFunctionConfiguration"),
    ],
    ["the alias may not be read", denied("/aliases/"), 4, lacks("GetAlias")],
    [
      "provisioned concurrency may not be read",
      denied("/provisioned-concurrency"),
      4,
      lacks("GetProvisionedConcurrencyConfig"),
    ],
    [
      "there is no such function",
      gone(/./),
      2,
      "these AWS credentials find no function orders in us-east-1. Put lambda.functionName, the target's region or AWS_PROFILE right",
    ],
    [
      "there is no such alias",
      gone(/Qualifier=live|aliases/),
      2,
      "orders in us-east-1 has no alias or version live. Put lambda.qualifier right, or deploy it",
    ],
    [
      "the credentials have expired",
      () => awsError(403, "ExpiredTokenException"),
      4,
      "whether it is ready is not known: AWS does not take these credentials (ExpiredTokenException). Renew them, or check AWS_PROFILE and this machine's clock",
    ],
  ])("ends at once when %s", async (_name, plan, exit, message) => {
    const { waited, told, elapsedMs } = await wait(plan);
    expect(waited).toEqual({ kind: "not-ready", exit, message });
    expect([told, elapsedMs < 1_000]).toEqual([[], true]);
  });
});

describe("the wait for answers", () => {
  const run = (record: ConfirmedRun["record"]): ConfirmedRun => ({
    record,
    tools: null,
    attempts: [],
  });

  it.each([
    ["up at once", [UP], {}, 1, []],
    [
      "down, then up",
      [DOWN, DOWN, UP],
      {},
      3,
      ["down (tools-empty) after 0 ms; trying again", "down (tools-empty) after 5 s; trying again"],
    ],
    ["degraded, which does not fail", [DEGRADED], {}, 1, []],
    ["degraded, which fails", [DEGRADED, UP], { failOn: "degraded" as const }, 2, 1],
    ["unknown, which no waiting mends", [UNKNOWN], {}, 1, []],
    ["down to the end", [DOWN, DOWN, DOWN, DOWN], { timeout: 10_000 }, 3, 2],
  ])("%s", async (_name, records, flags, runs, lines) => {
    const told: string[] = [];
    let probed = 0;
    const wanted = createCheckWait({ ...FLAGS, ...flags }, createWaitedClock());
    const last = await wanted.forAnswers(
      async () => {
        probed += 1;
        return run(records[probed - 1] ?? UP);
      },
      (line) => told.push(line),
    );
    expect([probed, last.record]).toEqual([runs, records[runs - 1]]);
    expect(typeof lines === "number" ? told.length : told).toEqual(lines);
  });
});
