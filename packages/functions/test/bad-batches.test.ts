import { awsError } from "@vigil/testkit/aws-endpoint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bad, type BadWorld, startBadWorld } from "./bad-world.ts";
import { recordOf } from "./records.ts";

let world: BadWorld;

beforeAll(async () => {
  world = await startBadWorld();
}, 120_000);
afterAll(() => world.close());

const DENIED = awsError(400, "AccessDeniedException");
const AT = "2026-11-22T07:59:00.000Z";

const message = (kind: "runs" | "datapoints", thing: object) =>
  JSON.stringify({ schema: 1, kind, [kind]: [thing] });
const runs = (target: string) => ({
  messageId: "runs",
  body: message("runs", recordOf({ target, kind: "scheduled", scheduledAt: AT, status: "up" })),
});
const datapoints = () => ({
  messageId: "datapoints",
  body: message("datapoints", {
    metric: "ProbeSuccess",
    unit: "None",
    value: 1,
    at: new Date().toISOString(),
    dimensions: { Target: "x", Vantage: "eu-west-1" },
  }),
});
const batch = (...Records: readonly unknown[]) => ({ Records });
const play = (bad: Bad) => world.play({ entry: "replay", ...bad });
const left = (...ids: readonly string[]) => [
  { returned: { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) } },
];
const failed = (name: string, code: string, text: string) => [
  { failed: { name, code, message: expect.stringContaining(text) } },
];
const line = (code: string, details: object) =>
  expect.objectContaining({ level: "ERROR", message: code, code, ...details });

it("a sound deployment replays all, and is not found fault with", async () => {
  const came = await play({ events: (target) => [batch(runs(target), datapoints())] });
  expect(came).toMatchObject({ seen: left(), troubles: [], recorded: 1 });
  expect(came.metrics).toEqual({ ProbeSuccess: [1] });
});

describe("an event that is no batch fails, by a name that its line in the log has too", () => {
  it.each<readonly [string, unknown, string]>([
    ["nothing", undefined, "the event is missing"],
    ["null", null, "the event is null, not an object"],
    ["text", "x", "the event is text, not an object"],
    ["empty", {}, "Records is missing"],
    ["a tick", { shard: 0, scheduledAt: AT }, "Records is missing"],
    ["of records that are none", { Records: "x" }, "Records is text, not a list"],
    ["of a null record", batch(null), "Records[0].messageId is missing"],
  ])("%s", async (_title, event, problem) => {
    const came = await play({ events: () => [event] });
    expect(came.seen).toEqual(failed("InvocationError", "bad-event", problem));
    expect(came.troubles).toEqual([line("bad-event", { reason: "bad-event", problem })]);
    expect(came).toMatchObject({ logged: 0, recorded: 0 });
  });
});

it.each<readonly [string, object, number]>([
  ["without a body", {}, 0],
  ["of no JSON", { body: "{" }, 1],
  ["of another schema", { body: '{"schema":2}' }, 12],
])("a message %s stays in the queue alone", async (_title, rest, bytes) => {
  const bad = { messageId: "bad", ...rest };
  const came = await play({ events: (target) => [batch(bad, runs(target))] });
  expect(came).toMatchObject({ seen: left("bad"), recorded: 1 });
  expect(came.troubles).toEqual([line("bad-message", { messageId: "bad", bytes })]);
});

it.each<readonly [string, Bad["env"], string]>([
  ["no VIGIL_TABLE", { VIGIL_TABLE: undefined }, "VIGIL_TABLE is not set"],
  ["a VIGIL_HOME that is no region", { VIGIL_HOME: "x" }, "VIGIL_HOME is not an AWS region"],
])("with %s it fails at init", async (_title, env, problem) => {
  const came = await play({ events: (target) => [batch(runs(target))], ...(env && { env }) });
  expect(came.seen).toEqual(failed("EnvironmentError", "bad-environment", problem));
  expect(came.troubles).toEqual([line("start-failed", { reason: "bad-environment" })]);
  expect(came.recorded).toBe(0);
});

describe("where a sink refuses, its messages stay", () => {
  it.each<readonly [string, Omit<Bad, "events">, string, string]>([
    [
      "the table is absent",
      { env: { VIGIL_TABLE: "absent" } },
      "history-failed",
      "history-table-missing",
    ],
    [
      "DynamoDB denies access",
      { answers: { dynamodb: DENIED } },
      "history-failed",
      "history-denied",
    ],
  ])(
    "and the invocation fails when nothing else was in the batch: %s",
    async (_title, wrong, code, reason) => {
      const alone = await play({ ...wrong, events: (target) => [batch(runs(target))] });
      expect(alone.troubles).toEqual([line(code, { reason })]);
      expect(alone.seen).toEqual(failed("RefusedError", "sink-refused", `${code} (${reason})`));
      const beside = await play({
        ...wrong,
        events: (target) => [batch(runs(target), datapoints())],
      });
      expect(beside).toMatchObject({ seen: left("runs"), metrics: { ProbeSuccess: [1] } });
    },
  );

  it("CloudWatch denies access", async () => {
    const wrong = { answers: { monitoring: DENIED } };
    const alone = await play({ ...wrong, events: () => [batch(datapoints())] });
    const reason = "AccessDeniedException";
    expect(alone.troubles).toEqual([line("publish-failed", { reason })]);
    const text = `publish-failed (${reason})`;
    expect(alone.seen).toEqual(failed("RefusedError", "sink-refused", text));
    const beside = await play({
      ...wrong,
      events: (target) => [batch(runs(target), datapoints())],
    });
    expect(beside).toMatchObject({ seen: left("datapoints"), recorded: 1 });
  });
});
