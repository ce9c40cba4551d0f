import { HistoryError } from "@vigil/aws";
import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Runtime } from "../src/runtime.ts";
import {
  type Cloud,
  configOf,
  type HeardLog,
  hearLog,
  published,
  type Service,
  startCloud,
} from "./harness.ts";
import { ENVIRONMENT, ended, recordOf } from "./records.ts";

const PLENTY = { getRemainingTimeInMillis: () => 60_000 };

let cloud: Cloud;
let clock: FakeClock;
let log: HeardLog;
let statesFail: boolean;
let runtime: Runtime;

beforeEach(async () => {
  cloud = await startCloud();
  clock = createFakeClock();
  log = hearLog();
  statesFail = false;
  runtime = new Runtime({
    environment: ENVIRONMENT,
    config: configOf(1),
    clock,
    historyOf: () => {
      const history = cloud.historyOf(clock);
      const states = async () => {
        if (statesFail) throw new HistoryError("history-unavailable", "no", null);
        return history.states();
      };
      return { ...history, states };
    },
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

async function minute(...away: readonly Service[]): Promise<void> {
  cloud.away(...away);
  await runtime.invoke({ shard: 0, scheduledAt: new Date(clock.now()).toISOString() }, PLENTY);
  clock.advance(60_000);
}

/** One round, in a second of the minute. */
async function burst(...away: readonly Service[]): Promise<void> {
  cloud.away(...away);
  const untilMs = clock.now() + 1;
  await runtime.invoke({ targets: ["t0"], everyMs: 1_000, untilMs }, PLENTY);
}

const told = () => published(cloud, "SinkFailures");
const codes = () => log.troubles.map(({ code }) => code);

describe("a failure is counted, and told by the metric once it can be", () => {
  it("in the same minute when history could not be read", async () => {
    statesFail = true;
    await minute();
    expect(log.troubles).toEqual([
      { code: "history-unread", details: { reason: "history-unavailable" } },
    ]);
    expect(told()).toEqual([1]);
  });

  it("in the same minute when history and queue are away", async () => {
    await minute("dynamodb", "sqs");
    expect(codes()).toContain("spill-failed");
    expect(told()).toEqual([codes().length]);
    await minute();
    expect(told()).toHaveLength(1);
  });

  it("with the next minute's heartbeat when CloudWatch was away, also when the queue was too", async () => {
    await minute("monitoring");
    expect(told()).toEqual([]);
    await minute("monitoring", "sqs");
    expect(codes()).toEqual(["publish-failed", "publish-failed", "spill-failed"]);
    await minute();
    await minute();
    expect(told()).toEqual([3]);
  });

  it("by a burst too, which is no heartbeat", async () => {
    await burst("dynamodb");
    expect(codes()).toEqual(["burst-unguarded", "history-failed"]);
    expect(told()).toEqual([2]);
    expect(published(cloud, "TargetsProbed")).toEqual([]);
  });

  it("by the next invocation, whichever that is", async () => {
    await minute("monitoring");
    await burst();
    expect(told()).toEqual([1]);
    await burst("dynamodb", "monitoring");
    await minute();
    expect(told()).toEqual([1, 3]);
  });
});
