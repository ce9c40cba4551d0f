import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createPager, type History, HistoryError } from "@vigil/aws";
import { createPagesTopic } from "@vigil/aws/pages-topic";
import {
  type GapWindow,
  nextState,
  parseConfig,
  shardTargets,
  type VigilConfigInput,
} from "@vigil/core";
import { createFakeClock, type FakeClock } from "@vigil/testkit";
import {
  type AwsAnswer,
  type AwsCall,
  type AwsEndpoint,
  snsError,
  snsOk,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InvocationError } from "../src/invocation-error.ts";
import { inTwoSeconds, PageError, PagerRuntime } from "../src/pager-runtime.ts";
import { shardStates } from "../src/pager-states.ts";
import { type Cloud, hearLog, startCloud, VANTAGE } from "./harness.ts";
import { recordOf } from "./records.ts";

const TOPIC = "arn:aws:sns:eu-west-1:123456789012:vigil-test-pages";
const MINUTE = 60_000;

let cloud: Cloud;
let sns: AwsEndpoint;
let answer: (call: AwsCall) => AwsAnswer;
let deadman: Server;
let pings: number;
let clock: FakeClock;
beforeEach(async () => {
  cloud = await startCloud();
  answer = ({ operation }) =>
    operation === "Publish" ? snsOk("Publish", "<MessageId>1</MessageId>") : subscriptions("arn:1");
  sns = await startAwsEndpoint((call) => answer(call));
  pings = 0;
  deadman = createServer((_, response) => {
    pings += 1;
    response.end();
  }).listen(0, "127.0.0.1");
  await once(deadman, "listening");
  clock = createFakeClock(Date.UTC(2026, 10, 22, 8));
});
afterEach(async () => {
  deadman.closeAllConnections();
  deadman.close();
  await sns.close();
  await cloud.close();
});

/** What SNS lists: an ARN for each that is confirmed, `PendingConfirmation` for the others. */
function subscriptions(...arns: string[]): AwsAnswer {
  const members = arns.map(
    (arn) =>
      `<member><TopicArn>${TOPIC}</TopicArn><Protocol>email</Protocol><SubscriptionArn>${arn}</SubscriptionArn><Owner>1</Owner><Endpoint>a@example.com</Endpoint></member>`,
  );
  return snsOk("ListSubscriptionsByTopic", `<Subscriptions>${members.join("")}</Subscriptions>`);
}

interface Opened {
  readonly runtime: PagerRuntime;
  readonly history: History;
  readonly log: ReturnType<typeof hearLog>;
}

function open(input: Partial<VigilConfigInput> = {}, gap: GapWindow | null = null): Opened {
  const { port } = deadman.address() as AddressInfo;
  const parsed = parseConfig({
    vantages: [VANTAGE],
    paging: { email: ["a@example.com"], deadman: `http://127.0.0.1:${port}/ping` },
    targets: [
      { name: "orders", url: "https://orders.example.com/mcp", owner: "team", tags: ["a", "b"] },
    ],
    ...input,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  const { config } = parsed;
  const history = cloud.historyOf(clock);
  const log = hearLog();
  let ids = 0;
  const runtime = new PagerRuntime({
    config,
    clock,
    log,
    fetch,
    topic: createPagesTopic({
      region: VANTAGE,
      topicArn: TOPIC,
      endpoint: sns.url,
      maxAttempts: 1,
    }),
    open: (port_) =>
      createPager({
        config,
        history,
        clock,
        randomId: () => `id-${ids++}`,
        stage: "production",
        redactOf: () => (text) => text,
        gapNow: async () => gap,
        causeOf: async () => null,
        ...shardStates({
          config,
          shards: shardTargets(config.targets),
          historyOf: () => history,
        }),
        ...port_,
      }),
  });
  return { runtime, history, log };
}

const now = () => new Date(clock.now()).toISOString();
const published = () =>
  sns.calls
    .filter(({ operation }) => operation === "Publish")
    .map(({ body }) => body as Readonly<Record<string, string>>);
const subjects = () => published().map(({ Subject }) => Subject);
const codes = ({ log }: Opened) => log.troubles.map(({ code }) => code);

/** As the probe stores and tells it. */
async function goes({ history }: Opened, status: "up" | "down") {
  const scheduledAt = now();
  const record = recordOf({ target: "orders", kind: "scheduled", scheduledAt, status });
  await history.recordRun(record);
  const { state } = nextState(await history.getState("orders", VANTAGE), record);
  await history.putState(state);
  return {
    schema: 1,
    kind: "state-change",
    target: "orders",
    vantage: VANTAGE,
    at: scheduledAt,
    from: status === "up" ? "down" : "up",
    to: status,
    modes: status === "up" ? [] : ["tools-empty"],
    runId: record.runId,
    summary: null,
    remedy: null,
    lastGoodRunAt: null,
  };
}

/** As CloudWatch calls a function, from its documentation. */
function alarmEvent(value: "ALARM" | "OK", minute: string) {
  const reasonData = {
    evaluatedDatapoints: [{ timestamp: minute.replace("Z", "+0000"), value: 0 }],
  };
  const dimensions = { Target: "orders", Vantage: VANTAGE };
  const metric = { namespace: "Vigil", name: "ProbeSuccess", dimensions };
  return {
    source: "aws.cloudwatch",
    alarmArn: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:vigil-test-orders-eu-west-1-down",
    accountId: "123456789012",
    time: "2026-11-22T08:01:15.490+0000",
    region: VANTAGE,
    alarmData: {
      alarmName: "vigil-test-orders-eu-west-1-down",
      state: {
        value,
        reason: "Threshold Crossed",
        reasonData: JSON.stringify(reasonData),
        timestamp: "2026-11-22T08:01:15.490+0000",
      },
      previousState: { value: "OK", timestamp: "2026-11-22T07:01:15.490+0000" },
      configuration: {
        description: "",
        metrics: [
          { id: "m", metricStat: { metric, period: 60, stat: "Minimum" }, returnData: true },
        ],
      },
    },
  };
}

describe("a change that a probe tells", () => {
  it("is one message to the topic, routed by its attributes, however often it is delivered", async () => {
    const opened = open();
    const event = await goes(opened, "down");
    for (let n = 0; n < 3; n += 1) {
      expect(await opened.runtime.invoke(event)).toEqual({ outcome: "looked" });
    }
    const [message, ...more] = published();
    expect(more).toEqual([]);
    expect(message).toMatchObject({
      TopicArn: TOPIC,
      MessageStructure: "json",
      Subject: expect.stringMatching(/^ALARM: orders is down: /),
    });
    const attributes = Object.entries(message ?? {}).filter(([key]) =>
      key.startsWith("MessageAttributes"),
    );
    expect(attributes.map(([, value]) => value).sort()).toEqual(
      [
        ...["kind", "opened", "String"],
        ...["owner", '["team"]', "String.Array"],
        ...["severity", '["critical"]', "String.Array"],
        ...["tags", '["a","b"]', "String.Array"],
        ...["target", '["orders"]', "String.Array"],
      ].sort(),
    );
    expect(JSON.parse(message?.["Message"] ?? "").email).toContain("tools/list returned no tools");
  });

  it("and its alarm are one page, whichever comes first; the alarm alone is enough", async () => {
    const opened = open();
    const event = await goes(opened, "down");
    const minute = now();
    clock.advance(75_000);
    await opened.runtime.invoke(alarmEvent("ALARM", minute));
    await opened.runtime.invoke(event);
    expect(await opened.runtime.invoke(alarmEvent("OK", minute))).toEqual({ outcome: "ignored" });
    expect(subjects()).toHaveLength(1);
  });

  it("is told of when it is over, by the way back", async () => {
    const opened = open();
    await opened.runtime.invoke(await goes(opened, "down"));
    clock.advance(MINUTE);
    await goes(opened, "up");
    clock.advance(MINUTE);
    await opened.runtime.invoke(await goes(opened, "up"));
    expect(subjects()[1]).toBe("OK: orders is well again after 2 min");
  });

  it("fails where history is away, so that the platform calls again, unless it is an outage", async () => {
    const opened = open();
    const up = await goes(opened, "up");
    cloud.away("dynamodb");
    await expect(opened.runtime.invoke(up)).rejects.toBeInstanceOf(HistoryError);
    const { runtime } = opened;
    await runtime.invoke({ ...up, to: "down", modes: ["timeout"] });
    expect([subjects().length, codes(opened)]).toEqual([
      1,
      ["invocation-failed", "paged-without-history"],
    ]);
  });
});

describe("a topic that refuses", () => {
  it("fails the invocation, and the next sweep sends the page", async () => {
    const opened = open();
    const taking = answer;
    answer = () => snsError(403, "AuthorizationError");
    await expect(opened.runtime.invoke(await goes(opened, "down"))).rejects.toThrow(
      new PageError(["AuthorizationErrorException"]).message,
    );
    expect(codes(opened)).toContain("page-failed");
    answer = taking;
    clock.advance(MINUTE);
    const sweep = { schema: 1, kind: "sweep", at: now() };
    expect(await opened.runtime.invoke(sweep)).toEqual({ outcome: "swept" });
    expect(subjects().filter((subject) => subject?.startsWith("ALARM"))).toHaveLength(2);
  });

  it("is told to whoever asks for a test", async () => {
    const opened = open();
    const test = { schema: 1, kind: "test", at: now(), by: "ada" };
    expect(await opened.runtime.invoke(test)).toEqual({ outcome: "tested" });
    answer = () => snsError(404, "NotFound");
    await expect(opened.runtime.invoke(test)).rejects.toBeInstanceOf(PageError);
  });
});

describe("the sweep", () => {
  const sweep = () => ({ schema: 1, kind: "sweep", at: now() });

  it("tells whoever waits for it each minute that people can be paged", async () => {
    const opened = open();
    for (let n = 0; n < 3; n += 1) {
      await opened.runtime.invoke(sweep());
      clock.advance(MINUTE);
    }
    expect([pings, codes(opened)]).toEqual([3, []]);
  });

  it.each([
    ["nobody has confirmed a subscription", () => subscriptions("PendingConfirmation"), 0],
    ["nobody has subscribed", () => subscriptions(), 0],
    ["one of two has", () => subscriptions("PendingConfirmation", "arn:1"), 1],
    ["it may not be known", () => snsError(403, "AuthorizationError"), 1],
  ])("says so where %s", async (_title, listed, expected) => {
    const opened = open();
    answer = listed;
    await opened.runtime.invoke(sweep());
    expect([pings, codes(opened)]).toEqual([expected, ["pages-unconfirmed"]]);
  });

  it("does not tell so when it could not do its work, nor for a minute that is over", async () => {
    const opened = open();
    const late = sweep();
    clock.advance(2 * MINUTE);
    expect(await opened.runtime.invoke(late)).toEqual({ outcome: "stale" });
    cloud.away("dynamodb");
    await expect(opened.runtime.invoke(sweep())).rejects.toBeInstanceOf(HistoryError);
    expect(pings).toBe(0);
  });

  it("goes on when whoever waits cannot be reached", async () => {
    const opened = open();
    deadman.closeAllConnections();
    deadman.close();
    expect(await opened.runtime.invoke(sweep())).toEqual({ outcome: "swept" });
    expect(codes(opened)).toEqual(["deadman-failed"]);
  });
});

describe("an event that is none", () => {
  it.each([
    ["nothing", null],
    ["another kind", { schema: 1, kind: "page" }],
    [
      "an alarm of another metric",
      { ...alarmEvent("ALARM", "2026-11-22T08:00:00.000Z"), alarmData: {} },
    ],
    ["a sweep without its time", { schema: 1, kind: "sweep" }],
  ])("is refused: %s", async (_title, event) => {
    const opened = open();
    await expect(opened.runtime.invoke(event)).rejects.toBeInstanceOf(InvocationError);
    expect([codes(opened), subjects()]).toEqual([["bad-event"], []]);
  });

  it("for a target that the config does not name is told of, and is nobody's page", async () => {
    const opened = open();
    await opened.runtime.invoke({ ...(await goes(opened, "down")), target: "gone" });
    expect([codes(opened), subjects()]).toEqual([["unknown-target"], []]);
  });
});

it("waits for a look at a function for two seconds, and no longer", async () => {
  const look = inTwoSeconds(() => new Promise(() => {}), clock);
  const { config } = parseConfig({
    targets: [{ name: "orders", url: "https://orders.example.com/mcp" }],
  }) as never;
  const looked = look(config);
  await clock.run(2_000);
  expect(await looked).toBeNull();
});
