import {
  acceptTools,
  countAttempts,
  type HourRollup,
  type RunRecord,
  sliOf,
  type ToolLists,
} from "@vigil/core";
import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Runtime } from "../src/runtime.ts";
import {
  type Cloud,
  configOf,
  VANTAGE as HOME,
  hearLog,
  published,
  startCloud,
} from "./harness.ts";
import { ENVIRONMENT, ended, recordOf } from "./records.ts";

const VANTAGES = [HOME, "us-east-1", "ap-southeast-2"];
const PLENTY = { getRemainingTimeInMillis: () => 60_000 };
const MINUTE_MS = 60_000;

interface Seen {
  readonly status: "up" | "down";
  readonly lists: ToolLists | null;
}

/** Which environment asks, and how many minutes it is after the first. */
interface Asker {
  readonly vantage: string;
  readonly twin: number;
  readonly minute: number;
}

let cloud: Cloud;
let clock: FakeClock;
let see: (asker: Asker) => Seen;
/** By vantage, the hash that its last run was held against. */
let heldAgainst: Map<string, string | null>;
let minutes: number;
/** What became of each try to make tools the baseline. */
let tries: string[];

beforeEach(async () => {
  cloud = await startCloud();
  clock = createFakeClock();
  heldAgainst = new Map();
  minutes = 0;
  tries = [];
});
afterEach(() => cloud.close());

const listOf = (toolsHash: string): ToolLists => ({
  legacy: { toolsHash, toolCount: 1, tools: [{ name: "query", schemaHash: toolsHash }] },
});

function runtimeAt(vantage: string, twin = 0): Runtime {
  const log = hearLog();
  return new Runtime({
    environment: { ...ENVIRONMENT, vantage },
    config: configOf(1),
    clock,
    historyOf: () => {
      const history = cloud.historyOf(clock);
      const putBaseline: typeof history.putBaseline = async (write) => {
        const written = await history.putBaseline(write);
        tries.push(written);
        return written;
      };
      return { ...history, putBaseline };
    },
    sinks: { ...cloud.sinksAt(vantage), log },
    log,
    probe: async ({ name: target }, options) => {
      heldAgainst.set(vantage, options.baseline?.legacy?.toolsHash ?? null);
      const { status, lists } = see({ vantage, twin, minute: minutes });
      const record = recordOf({ ...options, target, status, vantage });
      const toolsHash = lists?.legacy?.toolsHash ?? null;
      // Two environments never make one run: each has an id of its own.
      const own = { ...record, runId: `${vantage} ${twin} ${minutes}`, toolsHash };
      return ended(own, lists);
    },
    prove: () => null,
    gate: { enter: (run) => run() },
    randomId: () => crypto.randomUUID(),
  });
}

/** All of them at once. */
async function minute(runtimes: readonly Runtime[]): Promise<void> {
  const event = { shard: 0, scheduledAt: new Date(clock.now()).toISOString() };
  await Promise.all(runtimes.map((runtime) => runtime.invoke(event, PLENTY)));
  clock.advance(MINUTE_MS);
  minutes += 1;
}

const baselineHash = async () =>
  (await cloud.historyOf(clock).getBaseline("t0"))?.lists.legacy?.toolsHash;

describe("vantages that see other tools than each other", () => {
  it("accept those of one of them, and all hold their next run against these", async () => {
    see = ({ vantage }) => ({ status: "up", lists: listOf(`of ${vantage}`) });
    const all = VANTAGES.map((vantage) => runtimeAt(vantage));
    // Two environments of each.
    await minute([...all, ...VANTAGES.map((vantage) => runtimeAt(vantage, 1))]);
    const accepted = await baselineHash();
    expect(tries.filter((written) => written === "written")).toEqual(["written"]);
    // Else there was no race to win.
    expect(tries.length).toBeGreaterThan(1);
    expect(VANTAGES.map((vantage) => `of ${vantage}`)).toContain(accepted);
    await minute(all);
    expect(VANTAGES.map((vantage) => heldAgainst.get(vantage))).toEqual(
      VANTAGES.map(() => accepted),
    );
    expect(await baselineHash()).toBe(accepted);
  });

  it("all hold their next run against what an operator accepts", async () => {
    const all = VANTAGES.map((vantage) => runtimeAt(vantage));
    see = ({ minute }) => ({ status: "up", lists: listOf(minute === 0 ? "old" : "new") });
    await minute(all);
    await minute(all);
    const history = cloud.historyOf(clock);
    const [latest, before] = [await history.getTools("t0"), await history.getBaseline("t0")];
    if (latest === null) throw new Error("no tools were kept");
    const baseline = acceptTools(latest, before, new Date(clock.now()).toISOString());
    await history.putBaseline({ target: "t0", baseline, when: "always" });
    await minute(all);
    expect(VANTAGES.map((vantage) => heldAgainst.get(vantage))).toEqual(["new", "new", "new"]);
  });
});

async function hours(vantage: string): Promise<readonly HourRollup[]> {
  const all: HourRollup[] = [];
  for await (const hour of cloud.historyOf(clock).rollups("t0", { vantage })) all.push(hour);
  return all;
}

async function runs(vantage: string): Promise<readonly RunRecord[]> {
  const all: RunRecord[] = [];
  for await (const run of cloud.historyOf(clock).runs("t0", { vantage, order: "oldest" })) {
    all.push(run);
  }
  return all;
}

describe("two environments of each vantage that do not agree on what they saw", () => {
  const MINUTES = 12;

  it("count each minute once, as the run that is kept, in hour, SLI and metric", async () => {
    // One finds the target down in every third minute, the other in every fourth.
    see = ({ twin, minute }) => ({
      status: minute % (twin === 0 ? 3 : 4) === 0 ? "down" : "up",
      lists: null,
    });
    const startMs = clock.now();
    const all = VANTAGES.flatMap((vantage) => [runtimeAt(vantage), runtimeAt(vantage, 1)]);
    for (let n = 0; n < MINUTES; n += 1) await minute(n % 2 === 0 ? all : all.toReversed());
    for (const vantage of VANTAGES) {
      const kept = await runs(vantage);
      expect({ vantage, runs: kept.length }).toEqual({ vantage, runs: MINUTES });
      const good = kept.filter(({ status }) => status === "up").length;
      const window = { from: startMs, to: clock.now() };
      const counts = countAttempts(await hours(vantage), window);
      expect({ vantage, ...counts.raw }).toMatchObject({ vantage, good, bad: MINUTES - good });
      expect(sliOf(counts.raw)).toBe(good / MINUTES);
      const said = kept.map(({ status }) => (status === "up" ? 1 : 0));
      expect({ vantage, said: published(cloud, "ProbeSuccess", vantage) }).toEqual({
        vantage,
        said,
      });
    }
  });
});
