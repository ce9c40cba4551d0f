import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { replayMessages } from "../src/replay-messages.ts";
import { type Cloud, type HeardLog, hearLog, published, startCloud } from "./harness.ts";
import { recordOf } from "./records.ts";

let cloud: Cloud;
let clock: FakeClock;
let log: HeardLog;

beforeEach(async () => {
  cloud = await startCloud();
  clock = createFakeClock();
  log = hearLog();
});
afterEach(() => cloud.close());

const RUN = recordOf({
  target: "t0",
  kind: "scheduled",
  scheduledAt: "2026-11-22T07:59:00.000Z",
  status: "up",
});
const DATAPOINT = {
  metric: "ProbeSuccess",
  unit: "None",
  value: 1,
  at: "2026-11-22T07:59:00.000Z",
  dimensions: { Target: "t0", Vantage: "eu-west-1" },
};
const runs = (...all: readonly unknown[]) => JSON.stringify({ schema: 1, kind: "runs", runs: all });
const datapoints = (...all: readonly unknown[]) =>
  JSON.stringify({ schema: 1, kind: "datapoints", datapoints: all });
const without = (key: string, thing: object) =>
  Object.fromEntries(Object.entries(thing).filter(([name]) => name !== key));

function replay(event: unknown) {
  const history = cloud.historyOf(clock);
  return replayMessages(event, { history, publisher: cloud.sinks.publisher, clock, log });
}

describe("an event that is no batch of the queue fails by name, and nothing is replayed", () => {
  it.each([
    ["null", null, "the event is null, not an object"],
    ["text", "hello", "the event is text, not an object"],
    ["empty", {}, "Records is missing"],
    ["of another source", { Records: {} }, "Records is an object, not a list"],
  ])("%s", async (_title, event, problem) => {
    await expect(replay(event)).rejects.toMatchObject({
      name: "InvocationError",
      code: "bad-event",
      message: problem,
    });
    expect(log.troubles).toEqual([
      { code: "bad-event", details: { reason: "bad-event", problem } },
    ]);
  });
});

describe("a message that cannot be read stays in the queue alone", () => {
  it.each([
    ["without a body", undefined, 0],
    ["whose body is no text", 5, 0],
    ["of no JSON", "{", 1],
    ["of another kind", JSON.stringify({ schema: 1, kind: "pages" }), 27],
    ["with a run that lacks its steps", runs(without("steps", RUN)), null],
    [
      "with a datapoint that lacks its dimensions",
      datapoints(without("dimensions", DATAPOINT)),
      null,
    ],
    ["with a datapoint that lacks its unit", datapoints(without("unit", DATAPOINT)), null],
  ])("%s", async (_title, body, bytes) => {
    const good = { messageId: "good", body: runs(RUN) };
    const left = await replay({ Records: [{ messageId: "bad", body }, good] });
    expect(left).toEqual({ batchItemFailures: [{ itemIdentifier: "bad" }] });
    expect(log.troubles).toEqual([
      {
        code: "bad-message",
        details: { messageId: "bad", bytes: bytes ?? String(body).length },
      },
    ]);
    expect(await cloud.historyOf(clock).lastRun("t0")).toEqual(RUN);
    expect(published(cloud, "ProbeSuccess")).toEqual([]);
  });

  it("and one that has no id fails the batch by name, after the rest was replayed", async () => {
    const good = { messageId: "good", body: runs(RUN) };
    for (const nameless of [null, {}, { messageId: "", body: runs(RUN) }]) {
      log.troubles.length = 0;
      const problem = "Records[0].messageId is missing";
      await expect(replay({ Records: [nameless, good] })).rejects.toMatchObject({
        code: "bad-event",
        message: problem,
      });
      expect(log.troubles).toEqual([
        { code: "bad-event", details: { reason: "bad-event", problem } },
      ]);
      expect(await cloud.historyOf(clock).lastRun("t0")).toEqual(RUN);
    }
  });
});

describe("a sink that refuses is told by its code", () => {
  it("history", async () => {
    cloud.away("dynamodb");
    const left = await replay({ Records: [{ messageId: "m", body: runs(RUN) }] });
    expect(left).toEqual({ batchItemFailures: [{ itemIdentifier: "m" }] });
    expect(log.troubles).toEqual([
      { code: "history-failed", details: { runs: 1, reason: "history-unavailable" } },
    ]);
  });
});
