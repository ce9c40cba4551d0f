import { type RunRecord, readSpilled } from "@vigil/core";
import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { replayMessages } from "../src/replay-messages.ts";
import { Runtime } from "../src/runtime.ts";
import {
  type Cloud,
  configOf,
  type HeardLog,
  hearLog,
  published,
  queued,
  type Service,
  startCloud,
} from "./harness.ts";
import { ENVIRONMENT, ended, recordOf } from "./records.ts";

const TARGETS = 200;
const PLENTY = { getRemainingTimeInMillis: () => 60_000 };

let cloud: Cloud;
let clock: FakeClock;
let log: HeardLog;
let runtime: Runtime;

beforeEach(async () => {
  cloud = await startCloud();
  clock = createFakeClock();
  log = hearLog();
  runtime = new Runtime({
    environment: ENVIRONMENT,
    config: configOf(TARGETS),
    clock,
    historyOf: () => cloud.historyOf(clock),
    sinks: { ...cloud.sinks, log },
    log,
    probe: async (target, options) =>
      ended(recordOf({ ...options, target: target.name, status: "up" })),
    prove: () => null,
    gate: { enter: (run) => run() },
    randomId: () => crypto.randomUUID(),
  });
});
afterEach(() => cloud.close());

const keyOf = ({ target, scheduledAt }: RunRecord) => `${target} ${scheduledAt}`;

async function recorded(): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const { name } of configOf(TARGETS).targets) {
    for await (const record of cloud.historyOf(clock).runs(name)) keys.add(keyOf(record));
  }
  return keys;
}

function spilledRuns(): readonly RunRecord[] {
  return queued(cloud).flatMap((body) => {
    const message = readSpilled(body);
    return message?.kind === "runs" ? message.runs : [];
  });
}

/** Target and minute of each `ProbeSuccess` that CloudWatch took, once however often it came. */
function publishedRuns(): ReadonlySet<string> {
  const data = cloud.calls("monitoring").flatMap(({ body }) => (body as PutMetricData).MetricData);
  const successes = data.filter(({ MetricName }) => MetricName === "ProbeSuccess");
  return new Set(
    successes.map(({ Timestamp, Dimensions }) => JSON.stringify([Timestamp, Dimensions])),
  );
}

interface PutMetricData {
  readonly MetricData: readonly {
    readonly MetricName: string;
    readonly Timestamp: number;
    readonly Dimensions: readonly object[];
  }[];
}

const isAway = (away: readonly Service[], these: readonly Service[]) =>
  these.every((service) => away.includes(service));

/** Each sink by itself, then each two. */
const OUTAGES: readonly (readonly Service[])[] = [
  ["dynamodb"],
  ["monitoring"],
  ["sqs"],
  ["dynamodb", "monitoring"],
  ["dynamodb", "sqs"],
  ["monitoring", "sqs"],
];
/** What is away in each of 30 minutes: an outage lasts for three, and one good minute is before. */
const MINUTES = [
  ...OUTAGES.flatMap((away) => [[], away, away, away]),
  ...Array.from({ length: 6 }, (): Service[] => []),
];

describe("200 targets while the sinks go away, one by one and in pairs", () => {
  it("lose no run: it is recorded or spilled, and always logged; and replay brings all back", async () => {
    const lost: string[] = [];
    for (const away of MINUTES) {
      cloud.away(...away);
      const before = spilledRuns().length;
      const at = new Date(clock.now()).toISOString();
      const outcome = await runtime.invoke({ shard: 0, scheduledAt: at }, PLENTY);
      if (outcome.outcome !== "probed") throw new Error("stale");
      const spilled = spilledRuns().length - before;
      expect({ away, told: outcome.spilled }).toEqual({ away, told: spilled });
      expect({ away, runs: outcome.runs }).toEqual({ away, runs: TARGETS });
      if (isAway(away, ["dynamodb", "sqs"])) lost.push(at);
      else expect({ away, kept: outcome.recorded + spilled }).toEqual({ away, kept: TARGETS });
      clock.advance(60_000);
    }
    const logged = new Set(log.runs.map(keyOf));
    expect(logged.size).toBe(TARGETS * MINUTES.length);
    cloud.away();
    const messages = queued(cloud).map((body, n) => ({ messageId: `${n}`, body }));
    // At least once: the queue may deliver a message twice.
    for (const batch of [messages, messages.filter((_, n) => n % 3 === 0)]) {
      const history = cloud.historyOf(clock);
      const deps = { history, publisher: cloud.sinks.publisher, clock, log };
      expect(await replayMessages({ Records: batch }, deps)).toEqual({ batchItemFailures: [] });
    }
    // With history and queue both away, the log alone has the runs.
    const missing = [...logged].filter((key) => lost.some((at) => key.endsWith(at)));
    const stored = await recorded();
    expect([...logged].filter((key) => !stored.has(key)).sort()).toEqual(missing.sort());
    // With CloudWatch and queue both away, the log alone has what the metrics would say.
    const unsaid = MINUTES.filter((away) => isAway(away, ["monitoring", "sqs"])).length;
    expect(publishedRuns().size).toBe(TARGETS * (MINUTES.length - unsaid));
  }, 300_000);
});

describe("replay", () => {
  const at = "2026-11-22T07:59:00.000Z";
  const run = recordOf({ target: "t0", kind: "scheduled", scheduledAt: at, status: "down" });
  const message = (body: object | string) => ({
    Records: [{ messageId: "m", body: typeof body === "string" ? body : JSON.stringify(body) }],
  });
  const deps = () => ({
    history: cloud.historyOf(clock),
    publisher: cloud.sinks.publisher,
    clock,
    log,
  });
  const LEFT = { batchItemFailures: [{ itemIdentifier: "m" }] };
  const success = (ageMs: number) => ({
    schema: 1,
    kind: "datapoints",
    datapoints: [
      {
        metric: "ProbeSuccess",
        unit: "None",
        value: 0,
        at: new Date(clock.now() - ageMs).toISOString(),
        dimensions: { Target: "t0", Vantage: "eu-west-1" },
      },
    ],
  });

  it.each<readonly [string, Service]>([
    ["runs", "dynamodb"],
    ["datapoints", "monitoring"],
  ])("leaves %s in the queue while %s is still away", async (kind, service) => {
    cloud.away(service);
    const body = kind === "runs" ? { schema: 1, kind, runs: [run] } : success(60_000);
    expect(await replayMessages(message(body), deps())).toEqual(LEFT);
  });

  it("leaves what it cannot read to the dead-letter queue, with a line in the log", async () => {
    expect(await replayMessages(message("{"), deps())).toEqual(LEFT);
    expect(log.troubles).toEqual([{ code: "bad-message", details: { messageId: "m", bytes: 1 } }]);
  });

  it("sends datapoints again for three hours", async () => {
    const hour = 3_600_000;
    await replayMessages(message(success(3 * hour - 1)), deps());
    await replayMessages(message(success(3 * hour)), deps());
    expect(published(cloud, "ProbeSuccess")).toEqual([0]);
  });
});
