import { spacedTurns } from "@vigil/aws";
import { createDeploymentObserver } from "@vigil/aws/deployments";
import { createLaterCall } from "@vigil/aws/deployments-calls";
import { createSpilloverReader } from "@vigil/aws/spillover";
import { FAILURE_MODES, type GapRecord, parseConfig, type VigilConfig } from "@vigil/core";
import { createWaitedClock } from "@vigil/testkit";
import { type AwsAnswer, awsError, awsOk, startAwsEndpoint } from "@vigil/testkit/aws-endpoint";
import { type LambdaMoment, lambdaAnswer } from "@vigil/testkit/lambda-moments";
import { runRecord } from "@vigil/testkit/records";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CorrelatorRuntime } from "../src/correlator-runtime.ts";
import type { Probe } from "../src/probe-shard.ts";
import { Runtime } from "../src/runtime.ts";
import { type Cloud, hearLog, published, startCloud, VANTAGE } from "./harness.ts";
import { ENVIRONMENT, ended, recordOf } from "./records.ts";

const START_MS = Date.UTC(2026, 10, 22, 8);
const minute = (n: number) => new Date(START_MS + n * 60_000).toISOString();
const at = (ms: number) => new Date(START_MS + ms).toISOString();

let cloud: Cloud;
beforeEach(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud.close());

const target = (name: string) => ({
  name,
  url: `https://${name}.example.com/mcp`,
  region: "us-east-1",
  lambda: { functionName: name, qualifier: "live" },
});

function configOf(...names: string[]): VigilConfig {
  const parsed = parseConfig({ vantages: [VANTAGE], targets: names.map(target) });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.config;
}

const NO_SPILLOVER: AwsAnswer = awsError(503, "ServiceUnavailable");

async function correlate(
  plans: Readonly<Record<string, readonly LambdaMoment[] | AwsAnswer>>,
  { clock = createWaitedClock(), holder = "a", spillover = NO_SPILLOVER } = {},
) {
  const calls: { readonly atMs: number; readonly name: string }[] = [];
  const lambda = await startAwsEndpoint(({ operation }) => {
    const name = /functions\/([^/]+)\//.exec(operation)?.[1] ?? "";
    calls.push({ atMs: clock.monotonic(), name });
    const plan = plans[name];
    if (plan === undefined) return awsError(404, "ResourceNotFoundException");
    if (!("length" in plan)) return plan;
    return lambdaAnswer(operation, { moments: plan, elapsedMs: clock.monotonic() });
  });
  const metrics = await startAwsEndpoint(() => spillover);
  const elsewhere = { region: VANTAGE, endpoint: cloud.endpoint, timeoutMs: 5_000 };
  const log = hearLog();
  const history = cloud.historyOf(clock);
  const open = () =>
    new CorrelatorRuntime({
      config: configOf(...Object.keys(plans)),
      clock,
      log,
      history,
      observerOf: (region) =>
        createDeploymentObserver({
          region,
          endpoint: lambda.url,
          timeoutMs: 5_000,
          clock,
          turn: spacedTurns(clock, 200),
        }),
      spilloverOf: (region) =>
        createSpilloverReader({ region, endpoint: metrics.url, timeoutMs: 5_000 }),
      publisher: cloud.sinks.publisher,
      probe: createLaterCall({ ...elsewhere, functionName: "probe" }),
      randomId: () => holder,
    });
  const runtime = open();
  return {
    clock,
    log,
    history,
    calls,
    async tick(n: number, by: CorrelatorRuntime = runtime) {
      clock.set(n * 60_000);
      return by.invoke({ shard: 0, scheduledAt: minute(n) });
    },
    open,
    metrics,
    hint: (event: object) => runtime.invoke(event),
    async close() {
      await lambda.close();
      await metrics.close();
    },
  };
}

async function gaps(history: Awaited<ReturnType<typeof correlate>>["history"], name = "orders") {
  const found: GapRecord[] = [];
  for await (const gap of history.gaps(name)) found.push(gap);
  return found;
}

const READY = { version: "1", status: "READY" } as const;
const HELD = { version: "2", weights: { 1: 1 }, status: "IN_PROGRESS" } as const;
const MOVED = { version: "2", status: "READY" } as const;
const MOVE = {
  orders: [
    { from: 0, ...READY },
    { from: 62, ...HELD },
    { from: 260, ...MOVED },
  ],
};

const sent = (name: string) =>
  cloud
    .calls("lambda")
    .flatMap(({ operation, body }) => (operation.includes(`/functions/${name}/`) ? [body] : []));

describe("a minute's tick", () => {
  it("asks one thing of a function that is quiet, and leaves", async () => {
    const { tick, calls, close } = await correlate({ orders: [{ from: 0, ...READY }] });
    expect(await tick(0)).toEqual({ outcome: "followed", rounds: 1 });
    expect(calls).toHaveLength(3);
    expect(await tick(1)).toEqual({ outcome: "followed", rounds: 1 });
    expect(calls).toHaveLength(4);
    await close();
  });

  it("looks every five seconds while a window is open, measures it, and hands over", async () => {
    const { tick, calls, history, log, close } = await correlate(MOVE);
    await tick(0);
    expect(await tick(1)).toEqual({ outcome: "followed", rounds: 1 });
    const before = calls.length;
    expect(await tick(2)).toEqual({ outcome: "followed", rounds: 23 });
    expect(calls.length - before).toBe(69);
    expect(await history.openGap("orders")).toMatchObject({ exposure: "shielded", version: "2" });
    expect(published(cloud, "DeployGap")).toEqual([1, 1]);
    // Each to the end of its minute, and the last to the end of the invocation.
    expect(sent("probe")).toEqual(
      [180_000, 235_000].map((ms) => ({
        targets: ["orders"],
        everyMs: 5_000,
        untilMs: START_MS + ms,
      })),
    );
    await history.recordRun(burst(130_000, 4_000));
    await history.recordRun(burst(60_000, 90));
    expect(await tick(3)).toMatchObject({ outcome: "followed" });
    expect(await gaps(history)).toMatchObject([
      {
        openedAt: at(120_400),
        start: { notBefore: at(60_000), notAfter: at(120_400) },
        end: { notBefore: at(255_400), notAfter: at(260_800) },
        ended: "ready",
        exposure: "shielded",
        evidence: { runs: 2, failures: 0, slowestMs: 4_000, spillover: null },
      },
    ]);
    expect(await history.openGap("orders")).toBeNull();
    expect(log.troubles).toEqual([]);
    await close();
  });

  it("tells of a window that outlives its allowance, by name, and measures it from then on", async () => {
    const { tick, history, log, close } = await correlate({
      orders: [
        { from: 0, ...READY },
        { from: 62, ...HELD },
        { from: 500, ...MOVED },
      ],
    });
    const faults: (readonly number[])[] = [];
    for (let n = 0; n < 9; n += 1) {
      await tick(n);
      faults.push(published(cloud, "GapFault"));
    }
    expect(faults.map(({ length }) => length)).toEqual([0, 0, 0, 0, 0, 1, 1, 3, 3]);
    expect(log.troubles.filter(({ code }) => code !== "stale-event")).toEqual([
      {
        code: "gap-fault",
        details: {
          target: "orders",
          mode: "gap-overdue",
          since: at(421_200),
          summary: `version 2 has no ready provisioned concurrency since ${at(120_400)}, longer than its 5 min: AWS holds traffic on the old version`,
          remedy: FAILURE_MODES["gap-overdue"].remedy,
        },
      },
    ]);
    expect(await gaps(history)).toMatchObject([{ overdueAt: at(421_200), ended: "ready" }]);
    await close();
  });

  it("tells of an allocation that failed at once", async () => {
    const failed = { ...HELD, status: "FAILED", reason: "FUNCTION_ERROR_INIT_FAILURE" };
    const plan = [
      { from: 0, ...READY },
      { from: 30, ...failed },
    ];
    const { tick, log, close } = await correlate({ orders: plan });
    await tick(0);
    await tick(1);
    expect(published(cloud, "GapFault")).toEqual([1, 1]);
    expect(log.troubles).toMatchObject([
      { code: "gap-fault", details: { mode: "allocation-failed", since: at(60_400) } },
    ]);
    await close();
  });

  it("is told of a change by EventBridge, looks at once, and measures its start by it", async () => {
    const moved = [
      { from: 0, ...READY },
      { from: 10, ...HELD },
      { from: 40, ...MOVED },
    ];
    const { tick, clock, hint, calls, history, log, close } = await correlate({
      orders: moved,
      billing: [{ from: 0, ...READY }],
    });
    await tick(0);
    clock.set(12_000);
    const before = calls.length;
    expect(await hint(aliasMoved("2026-11-22T08:00:10Z"))).toMatchObject({ outcome: "followed" });
    expect(calls.slice(before, before + 3).map(({ name }) => name)).toEqual(
      Array(3).fill("orders"),
    );
    expect(calls.slice(before).map(({ name }) => name)).toContain("billing");
    expect(await gaps(history)).toMatchObject([
      { start: { notBefore: at(10_000), notAfter: at(11_000) }, ended: "ready" },
    ]);
    expect(published(cloud, "DeployGap")).toEqual([1]);
    expect(log.troubles).toEqual([]);
    await close();
  });

  it("takes a hint twice as once, and leaves to the one that follows what it is about", async () => {
    const { tick, clock, hint, calls, history, close } = await correlate(MOVE);
    for (let n = 0; n < 3; n += 1) await tick(n);
    await history.claimCorrelator({ shard: 0, holder: "other", forMs: 5_000 });
    const before = calls.length;
    const event = aliasMoved("2026-11-22T08:01:02Z");
    for (const _ of [1, 2]) expect(await hint(event)).toEqual({ outcome: "held", rounds: 0 });
    expect(calls.length).toBe(before);
    clock.set(180_000);
    await tick(3);
    expect(await gaps(history)).toMatchObject([
      { start: { notBefore: at(62_000), notAfter: at(63_000) }, ended: "ready" },
    ]);
    await close();
  });

  it.each<[string, object, string, object[]]>([
    ["of another function", aliasMoved("2026-11-22T08:00:10Z", "else"), "no-target", []],
    [
      "that is malformed",
      { "detail-type": "AWS API Call via CloudTrail", source: "aws.lambda" },
      "bad-hint",
      [{ code: "bad-hint", details: { reason: expect.stringMatching(/^time: /) } }],
    ],
  ])("asks nothing for an event %s", async (_name, event, outcome, troubles) => {
    const { hint, calls, log, close } = await correlate(MOVE);
    expect(await hint(event)).toEqual({ outcome, rounds: 0 });
    expect(calls).toEqual([]);
    expect(log.troubles).toEqual(troubles);
    await close();
  });

  it("adds what AWS counted of invocations beyond the allocation, once it has counted", async () => {
    const counted = awsOk({ MetricDataResults: [{ Id: "spillover", Values: [3, 0, 4] }] });
    const { tick, history, metrics, log, close } = await correlate(MOVE, { spillover: counted });
    const spillovers: unknown[] = [];
    for (let n = 0; n < 9; n += 1) {
      await tick(n);
      spillovers.push((await gaps(history))[0]?.evidence?.spillover);
    }
    expect(spillovers).toEqual([undefined, undefined, undefined, null, null, null, null, null, 7]);
    expect(metrics.calls.map(({ region, body }) => [region, body])).toMatchObject([
      [
        "us-east-1",
        {
          StartTime: (START_MS + 60_000) / 1_000,
          EndTime: (START_MS + 300_000) / 1_000,
          MetricDataQueries: [
            {
              MetricStat: {
                Metric: {
                  Namespace: "AWS/Lambda",
                  MetricName: "ProvisionedConcurrencySpilloverInvocations",
                  Dimensions: [
                    { Name: "FunctionName", Value: "orders" },
                    { Name: "Resource", Value: "orders:live" },
                  ],
                },
                Period: 60,
                Stat: "Sum",
              },
            },
          ],
        },
      ],
    ]);
    expect(log.troubles).toEqual([]);
    await close();
  });

  it("leaves it out when CloudWatch refuses, and says so once", async () => {
    const refused = awsError(400, "AccessDenied");
    const { tick, history, log, close } = await correlate(MOVE, { spillover: refused });
    for (let n = 0; n < 9; n += 1) await tick(n);
    expect(await gaps(history)).toMatchObject([{ ended: "ready", evidence: { spillover: null } }]);
    expect(log.troubles).toEqual([
      { code: "spillover-unread", details: { target: "orders", reason: "AccessDenied" } },
    ]);
    await close();
  });

  it("is what the probe marks its runs by", async () => {
    const { tick, history, clock, close } = await correlate(MOVE);
    for (let n = 0; n < 3; n += 1) await tick(n);
    const asked: unknown[] = [];
    const probe: Probe = async ({ name }, { gap, ...of }) => {
      asked.push([of.kind, gap?.openedAt]);
      return ended(recordOf({ ...of, target: name, status: "up" }));
    };
    const runtime = new Runtime({
      environment: ENVIRONMENT,
      config: configOf("orders"),
      clock,
      historyOf: () => history,
      sinks: { ...cloud.sinks, log: hearLog() },
      log: hearLog(),
      probe,
      prove: () => null,
      gate: { enter: (run) => run() },
      randomId: () => "b",
    });
    const context = { getRemainingTimeInMillis: () => 60_000 };
    await runtime.invoke({ shard: 0, scheduledAt: new Date(clock.now()).toISOString() }, context);
    const untilMs = clock.now() + 1_000;
    await runtime.invoke({ targets: ["orders"], everyMs: 2_000, untilMs }, context);
    expect(asked).toEqual([
      ["scheduled", at(120_400)],
      ["burst", at(120_400)],
    ]);
    await close();
  });

  it("goes on in another environment as in its own", async () => {
    const { tick, open, history, close } = await correlate(MOVE);
    for (let n = 0; n < 4; n += 1) await tick(n, open());
    expect((await gaps(history)).map(({ start, end }) => [start.notBefore, end?.notAfter])).toEqual(
      [[at(60_000), at(260_800)]],
    );
    await close();
  });

  it("marks the function that it may not look at, and follows the others", async () => {
    const plans = { billing: awsError(403, "AccessDeniedException"), ...MOVE };
    const { tick, history, log, close } = await correlate(plans);
    for (let n = 0; n < 4; n += 1) await tick(n);
    expect(log.troubles).toEqual([
      {
        code: "look-failed",
        details: {
          target: "billing",
          code: "denied",
          permission: "lambda:GetFunctionConfiguration",
        },
      },
    ]);
    expect(await gaps(history)).toMatchObject([{ ended: "ready" }]);
    await close();
  });

  it("leaves a shard to the one that holds it, and takes it when that one died", async () => {
    const { tick, history, calls, close } = await correlate(MOVE);
    await history.claimCorrelator({ shard: 0, holder: "other", forMs: 600_000 });
    expect(await tick(0)).toEqual({ outcome: "held", rounds: 0 });
    expect(calls).toEqual([]);
    await history.claimCorrelator({ shard: 0, holder: "other", forMs: 20_000 });
    expect(await tick(1)).toMatchObject({ outcome: "followed" });
    await close();
  });

  it("refuses what is no tick, and drops one that is late", async () => {
    const { tick, open, clock, close } = await correlate(MOVE);
    await expect(open().invoke({ shard: "x" })).rejects.toMatchObject({ code: "bad-event" });
    await expect(open().invoke({ shard: 7, scheduledAt: minute(0) })).rejects.toMatchObject({
      code: "unknown-shard",
    });
    clock.set(180_000);
    expect(await tick(1)).toEqual({ outcome: "stale", rounds: 0 });
    await close();
  });

  it("says so when history is away", async () => {
    const { tick, log, close } = await correlate(MOVE);
    cloud.away("dynamodb");
    expect(await tick(0)).toEqual({ outcome: "no-history", rounds: 0 });
    expect(log.troubles.map(({ code }) => code)).toEqual(["history-failed"]);
    await close();
  });
});

function aliasMoved(eventTime: string, functionName = "orders"): object {
  return {
    source: "aws.lambda",
    "detail-type": "AWS API Call via CloudTrail",
    time: eventTime,
    region: "us-east-1",
    detail: {
      eventTime,
      eventName: "UpdateAlias20150331",
      requestParameters: { functionName, name: "live" },
    },
  };
}

function burst(ms: number, durationMs: number) {
  return runRecord({
    kind: "burst",
    target: "orders",
    vantage: VANTAGE,
    scheduledAt: at(ms),
    startedAt: at(ms),
    durationMs,
  });
}
