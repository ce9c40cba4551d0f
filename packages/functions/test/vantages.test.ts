import type { HourRollup, RunRecord, TargetState, ToolLists } from "@vigil/core";
import type { ConfirmedRun } from "@vigil/probe";
import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { replayMessages } from "../src/replay-messages.ts";
import { Runtime } from "../src/runtime.ts";
import {
  type Cloud,
  changesTold,
  configOf,
  type HeardLog,
  VANTAGE as HOME,
  hearLog,
  published,
  publishedRuns,
  queued,
  startCloud,
} from "./harness.ts";
import { ENVIRONMENT, ended, recordOf } from "./records.ts";

const SECOND = "us-east-1";
const THIRD = "ap-southeast-2";
const VANTAGES = [HOME, SECOND, THIRD] as const;
type Vantage = (typeof VANTAGES)[number];
const TARGETS = ["t0", "t1"];
const PLENTY = { getRemainingTimeInMillis: () => 60_000 };
const MINUTE = 60_000;

let cloud: Cloud;
let clock: FakeClock;
let log: HeardLog;
/** `target vantage`: what is down from where. */
let down: Set<string>;
let lists: ToolLists | null;
let runtimes: Readonly<Record<Vantage, Runtime>>;

beforeEach(async () => {
  cloud = await startCloud();
  clock = createFakeClock();
  log = hearLog();
  down = new Set();
  lists = null;
  runtimes = {
    [HOME]: runtimeAt(HOME),
    [SECOND]: runtimeAt(SECOND),
    [THIRD]: runtimeAt(THIRD),
  };
});
afterEach(() => cloud.close());

/** An environment of the vantage's probe; all have one config, and one home. */
function runtimeAt(vantage: Vantage): Runtime {
  return new Runtime({
    environment: { ...ENVIRONMENT, vantage },
    config: configOf(TARGETS.length),
    clock,
    historyOf: () => cloud.historyOf(clock),
    sinks: { ...cloud.sinksAt(vantage), log },
    log,
    probe: async ({ name: target }, options): Promise<ConfirmedRun> => {
      const status = down.has(`${target} ${vantage}`) ? "down" : "up";
      return ended(recordOf({ ...options, target, status, vantage }), lists);
    },
    prove: () => null,
    gate: { enter: (run) => run() },
    randomId: () => crypto.randomUUID(),
  });
}

const now = () => new Date(clock.now()).toISOString();

/** One minute as these vantages see it, all at once; the others are away. */
async function minute(these: readonly Vantage[] = VANTAGES): Promise<void> {
  const event = { shard: 0, scheduledAt: now() };
  await Promise.all(these.map((vantage) => runtimes[vantage].invoke(event, PLENTY)));
  clock.advance(MINUTE);
}

async function runs(target: string, vantage: string): Promise<readonly RunRecord[]> {
  const all: RunRecord[] = [];
  for await (const run of cloud.historyOf(clock).runs(target, { vantage, order: "oldest" })) {
    all.push(run);
  }
  return all;
}

async function hours(target: string, vantage: string): Promise<readonly HourRollup[]> {
  const all: HourRollup[] = [];
  for await (const hour of cloud.historyOf(clock).rollups(target, { vantage })) all.push(hour);
  return all;
}

const stateAt = (target: string, vantage: string): Promise<TargetState | null> =>
  cloud.historyOf(clock).getState(target, vantage);

function messagesOf(vantage: string) {
  return queued(cloud, vantage).map((body, n) => ({ messageId: `${vantage} ${n}`, body }));
}

function replay(Records: readonly object[]) {
  const history = cloud.historyOf(clock);
  return replayMessages({ Records }, { history, publisher: cloud.sinks.publisher, clock, log });
}

describe("three vantages with one home", () => {
  it.each(VANTAGES)("%s keeps runs, hours, states and metrics of its own", async (vantage) => {
    await minute();
    await minute();
    for (const target of TARGETS) {
      const own = await runs(target, vantage);
      expect(own.map((run) => [run.vantage, run.status])).toEqual([
        [vantage, "up"],
        [vantage, "up"],
      ]);
      const counted = (await hours(target, vantage)).map((hour) => [
        hour.vantage,
        hour.seen.length,
      ]);
      expect(counted).toEqual([[vantage, 2]]);
      expect(await stateAt(target, vantage)).toMatchObject({ target, vantage, status: "up" });
    }
    expect(published(cloud, "ProbeSuccess", vantage)).toEqual([1, 1, 1, 1]);
    expect(published(cloud, "TargetsProbed", vantage)).toEqual([2, 2]);
    expect(queued(cloud, vantage)).toEqual([]);
  });

  it("count each minute once where two environments of a vantage have it", async () => {
    const event = { shard: 0, scheduledAt: now() };
    const twin = runtimeAt(SECOND);
    await Promise.all([runtimes[SECOND].invoke(event, PLENTY), twin.invoke(event, PLENTY)]);
    await runtimes[THIRD].invoke(event, PLENTY);
    await twin.invoke(event, PLENTY);
    for (const vantage of [SECOND, THIRD]) {
      expect(await runs("t0", vantage)).toHaveLength(1);
      const [hour] = await hours("t0", vantage);
      expect({ vantage, seen: hour?.seen.length, up: hour?.effective.up }).toEqual({
        vantage,
        seen: 1,
        up: 1,
      });
      expect(published(cloud, "ProbeSuccess", vantage)).toEqual([1, 1]);
    }
  });

  it("tell of a target that is down from one of them alone", async () => {
    await minute();
    down.add(`t1 ${THIRD}`);
    await minute();
    const told = changesTold(cloud).map(({ target, vantage, from, to }) => ({
      target,
      vantage,
      from,
      to,
    }));
    expect(told).toEqual([{ target: "t1", vantage: THIRD, from: "up", to: "down" }]);
    const statuses = await Promise.all(VANTAGES.map((vantage) => stateAt("t1", vantage)));
    expect(statuses.map((state) => state?.status)).toEqual(["up", "up", "down"]);
    const open = VANTAGES.map((vantage) => cloud.historyOf(clock).openIncident("t1", vantage));
    expect((await Promise.all(open)).map((incident) => incident?.vantage)).toEqual([
      undefined,
      undefined,
      THIRD,
    ]);
    expect(published(cloud, "ProbeSuccess", THIRD).toSorted()).toEqual([0, 1, 1, 1]);
    expect(published(cloud, "ProbeSuccess", SECOND)).toEqual([1, 1, 1, 1]);
  });
});

describe("one vantage away", () => {
  it("shows as minutes without its heartbeat, and changes nothing of the others", async () => {
    await minute();
    await minute([HOME, THIRD]);
    await minute([HOME, THIRD]);
    await minute();
    expect(published(cloud, "TargetsProbed", SECOND)).toEqual([2, 2]);
    expect((await runs("t0", SECOND)).map(({ scheduledAt }) => scheduledAt)).toHaveLength(2);
    for (const vantage of [HOME, THIRD]) {
      expect(published(cloud, "TargetsProbed", vantage)).toEqual([2, 2, 2, 2]);
      expect(await runs("t0", vantage)).toHaveLength(4);
      expect(await stateAt("t0", vantage)).toMatchObject({ status: "up", unknownRuns: 0 });
    }
  });
});

describe("home away", () => {
  it.each([
    [["dynamodb"] as const, { runs: true, datapoints: false, sent: 8, heartbeats: 4 }],
    [["monitoring"] as const, { runs: false, datapoints: true, sent: 12, heartbeats: 2 }],
    [
      ["dynamodb", "monitoring"] as const,
      { runs: true, datapoints: true, sent: 12, heartbeats: 2 },
    ],
  ])(
    "(%s): each vantage keeps what it has in its own region, and replay loses nothing",
    async (away, expected) => {
      await minute();
      cloud.away(...away);
      await minute();
      await minute();
      cloud.away();
      for (const vantage of VANTAGES) {
        const kinds = new Set(messagesOf(vantage).map(({ body }) => JSON.parse(body).kind));
        expect({ vantage, runs: kinds.has("runs"), datapoints: kinds.has("datapoints") }).toEqual({
          vantage,
          runs: expected.runs,
          datapoints: expected.datapoints,
        });
      }
      await minute();
      // The newest first, each twice, and the vantages mixed: a queue promises no order.
      const all = VANTAGES.flatMap(messagesOf).toReversed();
      for (const batch of [all, all])
        expect(await replay(batch)).toEqual({ batchItemFailures: [] });
      for (const vantage of VANTAGES) {
        for (const target of TARGETS) {
          const own = await runs(target, vantage);
          expect(own).toHaveLength(4);
          expect(new Set(own.map(({ scheduledAt }) => scheduledAt)).size).toBe(4);
          const [hour] = await hours(target, vantage);
          expect({ vantage, target, seen: hour?.seen.length, up: hour?.effective.up }).toEqual({
            vantage,
            target,
            seen: 4,
            up: 4,
          });
        }
        // What was said of the monitor itself is not said again; of targets it is, however late.
        const sent = publishedRuns(cloud, vantage);
        expect(new Set(sent).size).toBe(4 * TARGETS.length);
        expect(sent).toHaveLength(expected.sent);
        expect(published(cloud, "TargetsProbed", vantage)).toHaveLength(expected.heartbeats);
      }
    },
  );

  it("leaves the state to the next minute's run, and replay does not touch it", async () => {
    await minute();
    cloud.away("dynamodb");
    down.add(`t0 ${SECOND}`);
    await minute();
    cloud.away();
    await replay(messagesOf(SECOND));
    const before = await stateAt("t0", SECOND);
    expect(before).toMatchObject({ status: "up" });
    await minute();
    const after = await stateAt("t0", SECOND);
    expect(after).toMatchObject({ status: "down" });
    // Older runs that come later still change nothing of it.
    await replay(messagesOf(SECOND));
    expect(await stateAt("t0", SECOND)).toEqual(after);
    expect((await stateAt("t0", THIRD))?.status).toBe("up");
  });
});

describe("one baseline for all", () => {
  const listed = (hash: string, name: string): ToolLists => ({
    legacy: { toolsHash: hash, toolCount: 1, tools: [{ name, inputSchema: { type: "object" } }] },
  });

  it("is one vantage's first good run, whoever comes first, and stays when the list changes", async () => {
    lists = listed("sha256:aa", "query");
    await minute();
    const first = await cloud.historyOf(clock).getBaseline("t0");
    expect(first).toMatchObject({
      acceptedBy: "first-good-run",
      lists: { legacy: { toolsHash: "sha256:aa" } },
    });
    lists = listed("sha256:bb", "ask");
    await minute();
    await minute();
    expect(await cloud.historyOf(clock).getBaseline("t0")).toEqual(first);
    expect((await cloud.historyOf(clock).getTools("t0"))?.lists).toEqual(lists);
  });
});
