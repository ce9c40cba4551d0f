import { createHash } from "node:crypto";
import { createHistory, historyClient } from "@vigil/aws";
import { createSpillReader } from "@vigil/aws/spill-reader";
import { createFakeClock, type FakeClock } from "@vigil/testkit";
import {
  type AwsAnswer,
  type AwsCall,
  type AwsEndpoint,
  awsError,
  awsOk,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DrainDeps, drainQueue } from "../src/drain-queue.ts";
import { type Cloud, type HeardLog, hearLog, published, startCloud, VANTAGE } from "./harness.ts";
import { recordOf } from "./records.ts";

interface Message {
  readonly id: string;
  readonly body: string;
  isVisible: boolean;
}

let cloud: Cloud;
let clock: FakeClock;
let log: HeardLog;
let endpoint: AwsEndpoint;
/** What is in the queue. */
let messages: Message[];
/** What SQS answers to an operation in place of doing it. */
let instead: Readonly<Record<string, AwsAnswer>>;

beforeEach(async () => {
  cloud = await startCloud();
  clock = createFakeClock();
  log = hearLog();
  messages = [];
  instead = {};
  endpoint = await startAwsEndpoint((call) => instead[call.operation] ?? queueAnswers(call));
});
afterEach(async () => {
  await endpoint.close();
  await cloud.close();
});

function queueAnswers({ operation, body }: AwsCall): AwsAnswer {
  switch (operation) {
    case "ReceiveMessage": {
      const found = messages.filter(({ isVisible }) => isVisible).slice(0, 10);
      for (const message of found) message.isVisible = false;
      const Messages = found.map(({ id, body: Body }) => ({
        MessageId: id,
        ReceiptHandle: `receipt of ${id}`,
        Body,
        MD5OfBody: createHash("md5").update(Body).digest("hex"),
      }));
      return awsOk({ Messages });
    }
    case "DeleteMessageBatch": {
      const { Entries } = body as { readonly Entries: readonly { ReceiptHandle: string }[] };
      const gone = new Set(Entries.map(({ ReceiptHandle }) => ReceiptHandle));
      messages = messages.filter(({ id }) => !gone.has(`receipt of ${id}`));
      return awsOk({ Successful: [], Failed: [] });
    }
    default:
      throw new Error(operation);
  }
}

/** As when their time out of sight is over. */
function showAll(): void {
  for (const message of messages) message.isVisible = true;
}

const runAt = (minute: number) =>
  recordOf({
    target: "t0",
    kind: "scheduled",
    scheduledAt: new Date(Date.UTC(2026, 10, 22, 7, minute)).toISOString(),
    status: "up",
  });

function spill(...bodies: readonly string[]): void {
  for (const body of bodies) messages.push({ id: `m${messages.length}`, body, isVisible: true });
}

const runsMessage = (minute: number) =>
  JSON.stringify({ schema: 1, kind: "runs", runs: [runAt(minute)] });

const datapointsMessage = () => {
  const datapoint = {
    metric: "ProbeSuccess",
    unit: "None",
    value: 1,
    at: new Date(clock.now()).toISOString(),
    dimensions: { Target: "t0", Vantage: VANTAGE },
  };
  return JSON.stringify({ schema: 1, kind: "datapoints", datapoints: [datapoint] });
};

async function recorded(): Promise<number> {
  let count = 0;
  for await (const _ of cloud.historyOf(clock).runs("t0")) count += 1;
  return count;
}

function drain(changes: Partial<DrainDeps> = {}) {
  const place = { region: VANTAGE, endpoint: endpoint.url, timeoutMs: 2_000, maxAttempts: 1 };
  return drainQueue({
    history: cloud.historyOf(clock),
    publisher: cloud.sinks.publisher,
    queue: createSpillReader({ ...place, queueUrl: `${endpoint.url}/123456789012/spill` }),
    clock,
    log,
    remainingMs: () => 60_000,
    ...changes,
  });
}

const operations = () => endpoint.calls.map(({ operation }) => operation);

describe("a drain of the spill queue", () => {
  it("replays all, ten at a time, and leaves the queue empty", async () => {
    spill(...Array.from({ length: 25 }, (_, minute) => runsMessage(minute)));
    expect(await drain()).toEqual({ replayed: 25, left: 0 });
    expect(messages).toEqual([]);
    expect(await recorded()).toBe(25);
    const takenAndDeleted = ["ReceiveMessage", "DeleteMessageBatch"];
    expect(operations()).toEqual([
      ...takenAndDeleted,
      ...takenAndDeleted,
      ...takenAndDeleted,
      "ReceiveMessage",
    ]);
    expect(endpoint.calls[0]?.body).toMatchObject({ MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
  });

  it("asks an empty queue once, and deletes nothing", async () => {
    expect(await drain()).toEqual({ replayed: 0, left: 0 });
    expect(operations()).toEqual(["ReceiveMessage"]);
    expect(log.troubles).toEqual([]);
  });

  it("leaves what cannot be read, and what is beside it is replayed", async () => {
    spill("{", runsMessage(1));
    expect(await drain()).toEqual({ replayed: 1, left: 1 });
    expect(messages.map(({ body }) => body)).toEqual(["{"]);
    expect(log.troubles.map(({ code }) => code)).toEqual(["bad-message"]);
  });

  it("leaves all while history is away, and replays all when it is back", async () => {
    spill(runsMessage(1), runsMessage(2));
    cloud.away("dynamodb");
    expect(await drain()).toEqual({ replayed: 0, left: 2 });
    expect(operations()).not.toContain("DeleteMessageBatch");
    cloud.away();
    showAll();
    expect(await drain()).toEqual({ replayed: 2, left: 0 });
    expect(await recorded()).toBe(2);
  });

  it("begins no batch that it has no time for", async () => {
    spill(...Array.from({ length: 25 }, (_, minute) => runsMessage(minute)));
    const left = [60_000, 20_001, 20_000];
    expect(await drain({ remainingMs: () => left.shift() ?? 0 })).toEqual({
      replayed: 20,
      left: 0,
    });
    expect(messages).toHaveLength(5);
  });

  it("writes once what could not be deleted, and so comes again", async () => {
    spill(runsMessage(1), datapointsMessage());
    instead = { DeleteMessageBatch: awsError(500, "InternalFailure") };
    expect(await drain()).toEqual({ replayed: 2, left: 0 });
    expect(log.troubles).toEqual([
      { code: "queue-failed", details: { reason: "InternalFailure" } },
    ]);
    instead = {};
    showAll();
    expect(await drain()).toEqual({ replayed: 2, left: 0 });
    expect(await recorded()).toBe(1);
    expect(published(cloud, "ProbeSuccess")).toEqual([1, 1]);
    expect(messages).toEqual([]);
  });
});

describe("a sink that refuses", () => {
  let denying: AwsEndpoint;
  const sums: object[] = [];
  beforeEach(async () => {
    denying = await startAwsEndpoint(() => awsError(400, "AccessDeniedException"));
  });
  afterEach(() => denying.close());

  const drainDenied = () => {
    const client = historyClient({ region: VANTAGE, endpoint: denying.url });
    return drain({
      history: createHistory({ client, tableName: "vigil", clock }),
      log: { ...log, done: (sum) => sums.push(sum) },
    });
  };

  it("holds up nothing that another one takes, and fails the invocation at its end", async () => {
    spill(...Array.from({ length: 10 }, (_, minute) => runsMessage(minute)), datapointsMessage());
    await expect(drainDenied()).rejects.toMatchObject({
      name: "RefusedError",
      refusals: ["history-failed (history-denied)"],
    });
    expect(published(cloud, "ProbeSuccess")).toEqual([1]);
    expect(messages).toHaveLength(10);
    expect(sums).toEqual([{ replayed: 1, left: 10 }]);
  });

  it("fails the invocation too when the rest of its batch is replayed", async () => {
    spill(runsMessage(1), datapointsMessage());
    await expect(drainDenied()).rejects.toMatchObject({ name: "RefusedError" });
    expect(messages.map(({ id }) => id)).toEqual(["m0"]);
  });
});

describe("a queue that cannot be asked", () => {
  it.each([
    ["denies access", awsError(403, "AccessDenied"), "AccessDenied"],
    ["is absent", awsError(400, "QueueDoesNotExist"), "QueueDoesNotExist"],
  ])("that %s fails the invocation, for time alone mends neither", async (_, answer, reason) => {
    instead = { ReceiveMessage: answer };
    await expect(drain()).rejects.toMatchObject({
      name: "RefusedError",
      refusals: [`queue-failed (${reason})`],
    });
    expect(log.troubles).toEqual([{ code: "queue-failed", details: { reason } }]);
  });

  it.each<readonly [string, AwsAnswer]>([
    ["fails on its own side", awsError(500, "InternalFailure")],
    ["breaks the connection", { kind: "reset" }],
    ["is silent", { kind: "silence" }],
  ])("that %s is told of, and asked again next time", async (_, answer) => {
    instead = { ReceiveMessage: answer };
    expect(await drain()).toEqual({ replayed: 0, left: 0 });
    expect(log.troubles).toMatchObject([{ code: "queue-failed" }]);
  });
});
