import { createGate, type Gate } from "@vigil/probe";
import { describe, expect, it } from "vitest";
import { type ScheduleOptions, type Skip, startSchedule, type Tick } from "../src/scheduler.ts";
import { createSkewedClock } from "./skewed-clock.ts";

/** Lets everything in at once. */
const OPEN: Gate = { enter: (run) => run() };

const START = Date.parse("2026-11-22T08:00:00.250Z");

function setUp(options: Partial<ScheduleOptions> = {}, runMs: (tick: Tick) => number = () => 0) {
  const clock = createSkewedClock(START);
  const started: { key: string; tick: Tick; at: number }[] = [];
  const skips: (Skip & { key: string; at: number })[] = [];
  const schedule = startSchedule({
    clock,
    intervalMs: 60_000,
    keys: ["orders"],
    gate: OPEN,
    run: async (key, tick) => {
      started.push({ key, tick, at: clock.monotonic() });
      const takes = runMs(tick);
      if (takes > 0) {
        await new Promise<void>((done) => clock.after(takes, done));
      }
    },
    onSkip: (key, skip) => skips.push({ key, at: clock.monotonic(), ...skip }),
    ...options,
  });
  return { clock, started, skips, schedule };
}

describe("startSchedule", () => {
  it("runs at once, then once per interval, each run standing for its own tick", async () => {
    const { clock, started } = setUp();
    await clock.run(180_000);
    expect(started.map(({ at }) => at)).toEqual([0, 60_000, 120_000, 180_000]);
    expect(started.map(({ tick }) => new Date(tick.scheduledAt).toISOString())).toEqual([
      "2026-11-22T08:00:00.250Z",
      "2026-11-22T08:01:00.250Z",
      "2026-11-22T08:02:00.250Z",
      "2026-11-22T08:03:00.250Z",
    ]);
  });

  it("counts from start to start: 1,000 runs of 20 s each drift by nothing", async () => {
    const { clock, started, skips } = setUp({}, () => 20_000);
    await clock.run(999 * 60_000);
    expect(started).toHaveLength(1_000);
    expect(started.at(-1)?.at).toBe(999 * 60_000);
    expect(started.at(-1)?.tick.scheduledAt).toBe(START + 999 * 60_000);
    expect(skips).toEqual([]);
  });

  it("a late timer is told as jitter and moves no later tick", async () => {
    const { clock, started } = setUp();
    clock.block(700);
    await clock.run(60_000);
    expect(started.map(({ at, tick }) => [at, tick.lateMs])).toEqual([
      [0, 0],
      [60_700, 700],
    ]);
    await clock.run(59_300);
    expect(started.at(-1)?.tick).toEqual({ index: 2, scheduledAt: START + 120_000, lateMs: 0 });
  });

  it("a run that outlives the interval misses ticks, and runs never pile up", async () => {
    const { clock, started, skips } = setUp({}, ({ index }) => (index === 1 ? 130_000 : 100));
    await clock.run(240_000);
    expect(started.map(({ at }) => at)).toEqual([0, 60_000, 240_000]);
    expect(skips).toEqual([
      { key: "orders", at: 120_000, missed: 0, busy: true },
      { key: "orders", at: 180_000, missed: 0, busy: true },
    ]);
  });

  it("a slow target holds up no other", async () => {
    const clock = createSkewedClock(START);
    const started: string[] = [];
    startSchedule({
      clock,
      intervalMs: 1_000,
      keys: ["slow", "quick"],
      gate: OPEN,
      run: async (key, { index }) => {
        started.push(`${key}@${index}`);
        await new Promise<void>((done) => clock.after(key === "slow" ? 1_500 : 10, done));
      },
      onSkip: (key, { busy }) => started.push(`${key} skipped, ${busy ? "busy" : "held up"}`),
    });
    await clock.run(2_000);
    expect(started).toEqual([
      "slow@0",
      "quick@0",
      "slow skipped, busy",
      "quick@1",
      "slow@2",
      "quick@2",
    ]);
  });

  it("ticks that passed while the process was held up are counted, not made up for", async () => {
    const { clock, started, skips } = setUp();
    clock.block(140_000);
    await clock.run(60_000);
    expect(started.map(({ tick }) => [tick.index, tick.lateMs])).toEqual([
      [0, 0],
      [3, 20_000],
    ]);
    expect(skips).toEqual([{ key: "orders", at: 200_000, missed: 2, busy: false }]);
    await clock.run(40_000);
    expect(started.at(-1)).toMatchObject({ at: 240_000, tick: { index: 4, lateMs: 0 } });
  });

  it("labels follow the wall clock when it is set anew, and stay counted otherwise", async () => {
    const { clock, started } = setUp();
    clock.setWall(START + 40);
    await clock.run(60_000);
    clock.setWall(START + 3_600_000);
    await clock.run(60_000);
    await clock.run(60_000);
    expect(started.map(({ tick }) => tick.scheduledAt - START)).toEqual([
      0,
      60_000,
      3_600_000 + 60_000,
      3_600_000 + 120_000,
    ]);
  });

  it("a timer that fires early is set again, and the tick keeps its time", async () => {
    const clock = createSkewedClock(START);
    let earlyMs = 1;
    const firedAt: number[] = [];
    const eager = {
      ...clock,
      after(ms: number, fn: () => void) {
        const cancel = clock.after(ms - earlyMs, () => {
          firedAt.push(clock.monotonic());
          fn();
        });
        earlyMs = 0;
        return cancel;
      },
    };
    const at: number[] = [];
    startSchedule({
      clock: eager,
      intervalMs: 1_000,
      keys: ["orders"],
      gate: OPEN,
      run: async () => void at.push(clock.monotonic()),
      onSkip: () => at.push(-1),
    });
    await clock.run(1_000);
    expect(firedAt).toEqual([999, 1_000]);
    expect(at).toEqual([0, 1_000]);
  });

  it("1,000 targets all start within their minute, one by one, and say how late", async () => {
    const clock = createSkewedClock(START);
    const lateMs: number[] = [];
    const skipped: string[] = [];
    startSchedule({
      clock,
      intervalMs: 60_000,
      keys: Array.from({ length: 1_000 }, (_, i) => `target-${i}`),
      gate: createGate({ clock, loopTime: () => ({ active: 0, idle: clock.monotonic() }) }),
      run: async (_key, tick) => {
        lateMs.push(tick.lateMs);
        await new Promise<void>((done) => clock.after(800, done));
      },
      onSkip: (key) => skipped.push(key),
    });
    await clock.run(59_999);
    expect(lateMs).toEqual([0, ...Array.from({ length: 999 }, (_, i) => 60 + i * 10)]);
    await clock.run(1);
    expect({ started: lateMs.length, skipped }).toEqual({ started: 1_001, skipped: [] });
  });

  it("a target that is still waiting at its next tick misses it", async () => {
    const skips: Skip[] = [];
    const waiting: (() => unknown)[] = [];
    const gate: Gate = {
      enter: (run) =>
        new Promise((resolve, reject) => waiting.push(() => run().then(resolve, reject))),
    };
    const { clock, started } = setUp({ gate, onSkip: (_key, skip) => skips.push(skip) });
    await clock.run(70_000);
    expect({ started, skips }).toEqual({ started: [], skips: [{ missed: 0, busy: true }] });
    waiting.shift()?.();
    expect(started).toMatchObject([{ tick: { index: 0, lateMs: 70_000 } }]);
    expect(waiting).toEqual([]);
  });

  it("stop neither starts nor waits for what the gate has not let in", async () => {
    const waiting: (() => unknown)[] = [];
    const gate: Gate = {
      enter: (run) =>
        new Promise((resolve, reject) => waiting.push(() => run().then(resolve, reject))),
    };
    const { started, schedule } = setUp({ gate });
    await schedule.stop();
    waiting.shift()?.();
    expect(started).toEqual([]);
  });

  it("stop starts nothing more and waits for what runs", async () => {
    const { clock, started, schedule } = setUp({}, () => 5_000);
    let stopped = false;
    const stopping = schedule.stop().then(() => {
      stopped = true;
    });
    expect(schedule.busy()).toEqual(["orders"]);
    await clock.run(4_999);
    expect(stopped).toBe(false);
    await clock.run(1);
    await stopping;
    await clock.run(120_000);
    expect(started).toHaveLength(1);
    expect(schedule.busy()).toEqual([]);
  });
});
