import type { RunRecord } from "@vigil/core";
import type { ConfirmedOptions } from "@vigil/probe";
import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Probe } from "../src/probe-shard.ts";
import { Runtime, type RuntimeOptions } from "../src/runtime.ts";
import {
  type Cloud,
  changesTold,
  configOf,
  type HeardLog,
  hearLog,
  published,
  startCloud,
} from "./harness.ts";
import { ENVIRONMENT, ended, recordOf } from "./records.ts";

const PLENTY = { getRemainingTimeInMillis: () => 60_000 };

let cloud: Cloud;
let clock: FakeClock;
let log: HeardLog;
let down: Set<string>;
let asked: { readonly target: string; readonly options: ConfirmedOptions }[];
let runtime: Runtime;

beforeEach(async () => {
  cloud = await startCloud();
  clock = createFakeClock();
  log = hearLog();
  down = new Set();
  asked = [];
  runtime = runtimeOf(3);
});
afterEach(() => cloud.close());

const probe: Probe = async (target, options) => {
  asked.push({ target: target.name, options });
  const status = down.has(target.name) ? "down" : "up";
  return ended(recordOf({ ...options, target: target.name, status }));
};

const runtimeOf = (targets: number) => new Runtime(optionsOf(targets));

function optionsOf(targets: number): RuntimeOptions {
  return {
    environment: ENVIRONMENT,
    config: configOf(targets),
    clock,
    historyOf: () => cloud.historyOf(clock),
    sinks: { ...cloud.sinks, log },
    log,
    probe,
    prove: () => null,
    gate: { enter: (run) => run() },
    randomId: () => crypto.randomUUID(),
  };
}

const tick = (shard = 0) => ({ shard, scheduledAt: new Date(clock.now()).toISOString() });

async function stored(target: string): Promise<readonly RunRecord[]> {
  const records: RunRecord[] = [];
  for await (const record of cloud.historyOf(clock).runs(target)) records.push(record);
  return records;
}

describe("a tick of the Scheduler", () => {
  it("probes every target of the shard, and records, logs and publishes each run", async () => {
    const event = tick();
    const outcome = await runtime.invoke(event, PLENTY);
    expect(outcome).toEqual({
      outcome: "probed",
      runs: 3,
      recorded: 3,
      duplicates: 0,
      spilled: 0,
      unknown: 0,
      sinkFailures: 0,
    });
    expect(await stored("t1")).toEqual([
      recordOf({ target: "t1", kind: "scheduled", status: "up", ...event }),
    ]);
    expect(log.runs.map(({ target }) => target).sort()).toEqual(["t0", "t1", "t2"]);
    expect(published(cloud, "ProbeSuccess")).toEqual([1, 1, 1]);
    expect(published(cloud, "TargetsProbed")).toEqual([3]);
    expect(published(cloud, "SinkFailures")).toEqual([]);
  });

  it("that is delivered twice is recorded, published and paged once", async () => {
    down.add("t0");
    const event = tick();
    await runtime.invoke(event, PLENTY);
    const twin = runtimeOf(3);
    expect(await twin.invoke(event, PLENTY)).toMatchObject({ recorded: 0, duplicates: 3 });
    expect(published(cloud, "ProbeSuccess")).toEqual([0, 1, 1]);
    expect(published(cloud, "TargetsProbed")).toEqual([3, 0]);
    expect(changesTold(cloud)).toHaveLength(1);
  });

  it("leaves time to report, and gives each target what is left of the rest", async () => {
    await runtime.invoke(tick(), { getRemainingTimeInMillis: () => 17_000 });
    expect(asked.map(({ options }) => options.deadline)).toEqual([7_000, 7_000, 7_000]);
  });

  it("hands on what is known of a target", async () => {
    down.add("t1");
    await runtime.invoke(tick(), PLENTY);
    clock.advance(60_000);
    // Another environment, which knows only what history says.
    await runtimeOf(3).invoke(tick(), PLENTY);
    const later = asked.slice(3).map(({ target, options }) => [target, options]);
    expect(later).toMatchObject([
      ["t0", { eraHint: "legacy", knownDown: false }],
      ["t1", { eraHint: "legacy", knownDown: true }],
      ["t2", { eraHint: "legacy", knownDown: false }],
    ]);
  });

  it.each([
    [60_000, "probed"],
    [60_001, "stale"],
  ])("%i ms late is %s", async (lateMs, outcome) => {
    const event = tick();
    clock.advance(lateMs);
    expect((await runtime.invoke(event, PLENTY)).outcome).toBe(outcome);
    expect(asked).toHaveLength(outcome === "stale" ? 0 : 3);
    expect(log.troubles.map(({ code }) => code)).toEqual(
      outcome === "stale" ? ["stale-event"] : [],
    );
  });
});

describe("a change", () => {
  it("is told to the pager at once, and so is the way back", async () => {
    for (const isDown of [false, true, true, false, false]) {
      if (isDown) down.add("t0");
      else down.delete("t0");
      await runtime.invoke(tick(), PLENTY);
      clock.advance(60_000);
    }
    const told = changesTold(cloud).map(({ target, from, to }) => [target, from, to]);
    expect(told).toEqual([
      ["t0", "up", "down"],
      ["t0", "down", "up"],
    ]);
  });

  it("is told once, and written later, when history was away as it came", async () => {
    await runtime.invoke(tick(), PLENTY);
    down.add("t0");
    for (const away of [["dynamodb"], [], []] as const) {
      clock.advance(60_000);
      cloud.away(...away);
      await runtime.invoke(tick(), PLENTY);
    }
    expect(changesTold(cloud)).toHaveLength(1);
    const states = await cloud.historyOf(clock).states();
    expect(states.find(({ target }) => target === "t0")?.status).toBe("down");
  });

  it("that the pager does not take is a failure of a sink, and the run is kept", async () => {
    await runtime.invoke(tick(), PLENTY);
    clock.advance(60_000);
    cloud.away("lambda");
    down.add("t2");
    expect(await runtime.invoke(tick(), PLENTY)).toMatchObject({ recorded: 3, sinkFailures: 1 });
    expect(published(cloud, "SinkFailures")).toEqual([1]);
    expect(log.troubles.map(({ code }) => code)).toEqual(["pager-failed"]);
  });
});

describe("a burst", () => {
  const burst = (untilMs: number) => ({ targets: ["t0", "t2"], everyMs: 5_000, untilMs });

  it("probes its targets every so often until its end, and enters no metric", async () => {
    const running = runtime.invoke(burst(clock.now() + 12_000), PLENTY);
    let done = false;
    void running.then(() => {
      done = true;
    });
    // Time passes only while the burst waits for it.
    while (!done) {
      if (clock.pendingWithin(5_000) > 0) await clock.run(100);
      else await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await running).toMatchObject({ recorded: 6, unknown: 0 });
    // Those of a round begin in the order in which they may.
    const all = asked.map(({ target, options }) => [target, options.kind, options.confirm]);
    const rounds = [0, 2, 4].map((n) => all.slice(n, n + 2).sort());
    expect(rounds.flat()).toEqual(
      Array.from({ length: 3 }, () => [
        ["t0", "burst", false],
        ["t2", "burst", false],
      ]).flat(),
    );
    expect(cloud.calls("monitoring")).toEqual([]);
  });

  it("whose end has passed probes nothing", async () => {
    expect(await runtime.invoke(burst(clock.now() - 1), PLENTY)).toMatchObject({ runs: 0 });
  });
});

describe("what cannot be done fails, with a named error and a line in the log", () => {
  it.each([
    [
      "no event",
      null,
      "bad-event",
      'event: Invalid input: expected object, received null. Send {"shard": 0, "scheduledAt": "2026-11-22T08:00:00Z"}, or {"targets": ["name"], "everyMs": 5000, "untilMs": 1795334400000}.',
    ],
    [
      "a minute that is far from come, which every later state would be held older than",
      { shard: 0, scheduledAt: "2099-01-01T00:00:00Z" },
      "bad-event",
      "scheduledAt: 2099-01-01T00:00:00Z is more than 5 minutes ahead of this machine's clock",
    ],
    [
      "a shard too many",
      { shard: 1, scheduledAt: "2026-11-22T08:00:00Z" },
      "unknown-shard",
      "there is no shard 1: the config has 1 shard(s), numbered from 0",
    ],
    [
      "a burst of a stranger",
      { targets: ["t0", "x"], everyMs: 5_000, untilMs: 1 },
      "unknown-target",
      "the config has no target x",
    ],
  ])("%s", async (_title, event, code, message) => {
    await expect(runtime.invoke(event, PLENTY)).rejects.toMatchObject({ code, message });
    expect(log.troubles).toEqual([
      { code: "bad-event", details: { reason: code, problem: message } },
    ]);
    expect(asked).toEqual([]);
  });
});

it("what nobody foresaw fails too, and has its line in the log", async () => {
  const broken = new Runtime({
    ...optionsOf(1),
    probe: () => Promise.reject(new TypeError("a secret of the server's")),
  });
  await expect(broken.invoke(tick(), PLENTY)).rejects.toThrow(TypeError);
  expect(log.troubles).toEqual([{ code: "invocation-failed", details: { reason: "TypeError" } }]);
});
