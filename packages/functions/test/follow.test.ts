import type { History } from "@vigil/aws";
import { acceptTools, type Incident, type RunRecord, type ToolLists } from "@vigil/core";
import type { ConfirmedOptions } from "@vigil/probe";
import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Runtime } from "../src/runtime.ts";
import { type Cloud, configOf, type HeardLog, hearLog, startCloud } from "./harness.ts";
import { ENVIRONMENT, ended, recordOf } from "./records.ts";

const PLENTY = { getRemainingTimeInMillis: () => 60_000 };
const MINUTE_MS = 60_000;

let cloud: Cloud;
let clock: FakeClock;
let log: HeardLog;
/** What the target is, and lists, by the minute of the run. */
let found: (minute: number) => { readonly status: "up" | "down"; readonly lists?: string };
let asked: ConfirmedOptions[];

beforeEach(async () => {
  cloud = await startCloud();
  clock = createFakeClock();
  log = hearLog();
  found = () => ({ status: "up" });
  asked = [];
});
afterEach(() => cloud.close());

const startMs = Date.UTC(2026, 10, 22, 8);
const at = (minute: number) => new Date(startMs + minute * MINUTE_MS).toISOString();
const minuteOf = (iso: string) => (Date.parse(iso) - startMs) / MINUTE_MS;

function listsOf(toolsHash: string): ToolLists {
  return { legacy: { toolsHash, toolCount: 1, tools: [{ name: "t", schemaHash: toolsHash }] } };
}

/** An environment of the function, which knows nothing yet; its history may have faults. */
function environment(over: (history: History) => Partial<History> = () => ({})): Runtime {
  return new Runtime({
    environment: ENVIRONMENT,
    config: configOf(1),
    clock,
    historyOf: () => {
      const history = cloud.historyOf(clock);
      return { ...history, ...over(history) };
    },
    sinks: { ...cloud.sinks, log },
    log,
    probe: async (target, options) => {
      asked.push(options);
      const { status, lists } = found(minuteOf(options.scheduledAt));
      const record = recordOf({ ...options, target: target.name, status });
      if (lists === undefined) return ended(record);
      return ended({ ...record, toolsHash: lists }, listsOf(lists));
    },
    prove: () => null,
    gate: { enter: (run) => run() },
    randomId: () => crypto.randomUUID(),
  });
}

/** Lets the minute come, and the environment have it. */
async function run(runtime: Runtime, minute: number): Promise<void> {
  const wait = startMs + minute * MINUTE_MS - clock.now();
  if (wait > 0) clock.advance(wait);
  await runtime.invoke({ shard: 0, scheduledAt: at(minute) }, PLENTY);
}

function signal() {
  let give: () => void = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

async function incidents(): Promise<readonly Incident[]> {
  const all: Incident[] = [];
  for await (const incident of cloud.historyOf(clock).incidents("t0")) all.push(incident);
  return all;
}

const spans = async () =>
  (await incidents()).map(({ openedAt, closedAt, runsFailed }) => ({
    from: minuteOf(openedAt),
    to: closedAt === null ? null : minuteOf(closedAt),
    runsFailed,
  }));

const downFrom = (from: number, until = Number.POSITIVE_INFINITY) => {
  found = (minute) => ({ status: minute >= from && minute < until ? "down" : "up" });
};

describe("an incident", () => {
  it("opens with the first run that is down, and closes with the second clean one", async () => {
    downFrom(1, 4);
    const runtime = environment();
    for (const minute of [0, 1, 2, 3, 4]) await run(runtime, minute);
    expect(await spans()).toEqual([{ from: 1, to: null, runsFailed: 3 }]);
    await run(runtime, 5);
    expect(await spans()).toEqual([{ from: 1, to: 5, runsFailed: 3 }]);
    expect(log.troubles).toEqual([]);
  });

  it("goes on in an environment that starts meanwhile", async () => {
    downFrom(1, 3);
    for (const minute of [0, 1, 2, 3, 4, 5]) await run(environment(), minute);
    expect(await spans()).toEqual([{ from: 1, to: 4, runsFailed: 2 }]);
  });

  it("is looked up only where the state says that there may be one", async () => {
    const lookUps: string[] = [];
    const cold = () =>
      environment(({ openIncident }) => ({
        openIncident: (target, vantage) => {
          lookUps.push(`at ${(clock.now() - startMs) / MINUTE_MS}`);
          return openIncident(target, vantage);
        },
      }));
    await run(cold(), 0);
    const warm = cold();
    for (const minute of [1, 2, 3, 24 * 60 + 1]) await run(warm, minute);
    await run(cold(), 24 * 60 + 5);
    expect(lookUps).toEqual(["at 0", "at 1"]);
  });

  it("that begins while history is away is written when it is back, with all its runs", async () => {
    downFrom(1);
    const runtime = environment();
    await run(runtime, 0);
    cloud.away("dynamodb");
    for (const minute of [1, 2]) await run(runtime, minute);
    cloud.away();
    expect(await spans()).toEqual([]);
    await run(runtime, 3);
    expect(await spans()).toEqual([{ from: 1, to: null, runsFailed: 3 }]);
  });

  const unwritten = (kind: "open" | "closed") =>
    environment(({ putIncident }) => ({
      putIncident: async (incident) => {
        if ((incident.closedAt === null) === (kind === "open")) throw new Error("away");
        return putIncident(incident);
      },
    }));

  it.each(["open", "closed"] as const)(
    "that could not be written as %s by an environment that has ended is put right by the next",
    async (kind) => {
      downFrom(1, kind === "open" ? 5 : 2);
      const first = unwritten(kind);
      for (const minute of [0, 1, 2, 3]) await run(first, minute);
      expect(log.troubles.map(({ code }) => code)).toContain("history-failed");
      await run(environment(), 4);
      expect(await spans()).toMatchObject([{ from: 1, to: kind === "open" ? null : 3 }]);
    },
  );

  it("is one, though an older minute is delivered late and at the same time", async () => {
    downFrom(1);
    const [newerIsDone, olderHasState] = [signal(), signal()];
    // Both go on from minute 0's state; the older one's is stored first, its incident last.
    const newer = environment(({ putState }) => ({
      async putState(state, over) {
        if (minuteOf(state.lastRunAt) === 2) await olderHasState.given;
        return putState(state, over);
      },
    }));
    const older = environment(({ putIncident }) => ({
      async putIncident(incident) {
        olderHasState.give();
        await newerIsDone.given;
        return putIncident(incident);
      },
    }));
    await run(newer, 0);
    await run(older, 0);
    clock.advance(2 * MINUTE_MS);
    const runs = [run(newer, 2).then(newerIsDone.give), run(older, 1)];
    await Promise.all(runs);
    for (const minute of [3, 4]) await run(minute === 3 ? older : newer, minute);
    expect(await spans()).toMatchObject([{ from: 1, to: null }]);
  });

  it("is one, and no clean twin closes it, when a minute is delivered twice", async () => {
    const [one, two] = [environment(), environment()];
    let twin = 0;
    // What the second delivery sees, another does not.
    found = (minute) => ({ status: minute >= 1 && twin === 0 ? "down" : "up" });
    for (const minute of [0, 1, 2]) {
      twin = 0;
      await run(one, minute);
      twin = 1;
      await run(two, minute);
    }
    twin = 0;
    await run(two, 3);
    expect(await spans()).toEqual([{ from: 1, to: null, runsFailed: 3 }]);
    expect((await cloud.historyOf(clock).states())[0]?.status).toBe("down");
  });

  it("is not closed by an older minute that comes after a newer one that is down", async () => {
    // Clean in minutes 2 and 3; 4 is down, and is delivered before 3.
    found = (minute) => ({ status: minute === 1 || minute >= 4 ? "down" : "up" });
    const one = environment();
    for (const minute of [0, 1, 2]) await run(one, minute);
    clock.advance(2 * MINUTE_MS);
    await run(one, 4);
    await Promise.all([run(environment(), 3), run(one, 3)]);
    expect(await spans()).toEqual([{ from: 1, to: null, runsFailed: 2 }]);
  });
});

describe("the tools of a target", () => {
  const list = (...lists: readonly string[]) => {
    found = (minute) => ({ status: "up", lists: lists[minute] ?? lists.at(-1) ?? "" });
  };
  const heldAgainst = () => asked.map(({ baseline }) => baseline?.legacy?.toolsHash ?? null);

  it("are kept, and the first good run's are what later runs are held against", async () => {
    list("A", "A", "B");
    const runtime = environment();
    for (const minute of [0, 1, 2]) await run(runtime, minute);
    expect(heldAgainst()).toEqual([null, "A", "A"]);
    const history = cloud.historyOf(clock);
    expect(await history.getBaseline("t0")).toMatchObject({
      lists: listsOf("A"),
      acceptedBy: "first-good-run",
      acceptedAt: at(0),
    });
    expect(await history.getTools("t0")).toEqual({ at: at(2), lists: listsOf("B") });
  });

  it("that an operator accepts after a change are what the next run is held against", async () => {
    list("A", "B");
    const runtime = environment();
    for (const minute of [0, 1]) await run(runtime, minute);
    const history = cloud.historyOf(clock);
    const [latest, before] = [await history.getTools("t0"), await history.getBaseline("t0")];
    if (latest === null) throw new Error("no tools were kept");
    const baseline = acceptTools(latest, before, at(1));
    await history.putBaseline({ target: "t0", baseline, when: "always" });
    await run(runtime, 2);
    expect(heldAgainst()).toEqual([null, "A", "B"]);
  });

  it("are read once in a quarter of an hour while nothing changes, and never while history is away", async () => {
    list("A");
    const reads: number[] = [];
    const runtime = environment(({ getBaseline }) => ({
      getBaseline: (target) => {
        reads.push((clock.now() - startMs) / MINUTE_MS);
        return getBaseline(target);
      },
    }));
    for (let minute = 0; minute <= 16; minute += 1) await run(runtime, minute);
    // Twice at first: before there is one, and when there is.
    expect(reads).toEqual([0, 1, 16]);
    cloud.away("dynamodb");
    await run(runtime, 40);
    expect(reads).toHaveLength(3);
    expect(heldAgainst().at(-1)).toBe("A");
  });

  it("that could not be kept are kept after the next run, and the runs are not lost", async () => {
    list("A");
    const runtime = environment();
    cloud.away("dynamodb");
    await run(runtime, 0);
    cloud.away();
    await run(runtime, 1);
    expect(await cloud.historyOf(clock).getTools("t0")).toEqual({ at: at(1), lists: listsOf("A") });
    const runs: RunRecord[] = log.runs;
    expect(runs.map(({ scheduledAt }) => scheduledAt)).toEqual([at(0), at(1)]);
  });
});
