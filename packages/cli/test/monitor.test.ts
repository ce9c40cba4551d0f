import {
  type GapWindow,
  type Incident,
  type Target,
  type TargetOverrides,
  type TargetState,
  targetFromUrl,
} from "@vigil/core";
import type { ConfirmedOptions } from "@vigil/probe";
import { createFakeClock } from "@vigil/testkit";
import { describe, expect, it } from "vitest";
import { createMonitor, type MonitorOptions, type Observation } from "../src/monitor.ts";
import { DOWN, UP } from "./records.ts";
import { DOWN_STATE, OPEN_GAP } from "./states.ts";

const SCHEDULED = Date.parse("2026-11-22T08:01:00.000Z");
const TICK = { index: 1, scheduledAt: SCHEDULED, lateMs: 3 };

const STEP = { startMs: 1, durationMs: 1, firstByteMs: 1 };

function target(over: TargetOverrides = {}): Target {
  const made = targetFromUrl("http://127.0.0.1:1/mcp", { name: "orders", ...over });
  if (!made.ok) {
    throw new Error("not a target");
  }
  return made.target;
}

function setUp(
  over: Partial<MonitorOptions["history"]> = {},
  record = UP,
  watched: TargetOverrides = {},
  tookMs = 0,
  gap: GapWindow | null = null,
) {
  const asked: ConfirmedOptions[] = [];
  const written: string[] = [];
  const seen: Observation[] = [];
  const lost: unknown[] = [];
  const proofs: number[] = [];
  const clock = createFakeClock();
  const monitor = createMonitor({
    targets: [target(watched)],
    vantage: "local",
    intervalMs: 60_000,
    clock,
    probe: async (_target, options) => {
      asked.push(options);
      clock.advance(tookMs);
      return { record: { ...record, scheduledAt: options.scheduledAt }, attempts: [], tools: null };
    },
    gapOf: () => gap,
    prove: async (run, { withinMs }) => {
      proofs.push(withinMs);
      return { ...run.record, coldStart: true };
    },
    history: {
      getState: async () => null,
      lastRun: async () => null,
      getBaseline: async () => null,
      getTools: async () => null,
      putBaseline: async () => "written",
      putTools: async () => "written",
      openIncident: async () => null,
      putIncident: async ({ openedAt, closedAt, runsFailed }) => {
        written.push(`incident ${openedAt} to ${closedAt}, ${runsFailed} failed`);
        return "written";
      },
      recordRun: async ({ scheduledAt }, { everyMs } = {}) => {
        written.push(`run ${scheduledAt} of every ${everyMs} ms`);
        return "written";
      },
      putState: async ({ status }) => {
        written.push(`state ${status}`);
        return "written";
      },
      ...over,
    },
    onRun: (observation) => seen.push(observation),
    onLost: (_record, error) => lost.push(error),
  });
  return { monitor, asked, written, seen, lost, proofs };
}

describe("createMonitor", () => {
  it("probes for the tick's moment and keeps run and state", async () => {
    const { monitor, asked, written, seen } = setUp();
    await monitor.runOnce("orders", TICK);
    expect(asked).toEqual([
      {
        kind: "scheduled",
        scheduledAt: "2026-11-22T08:01:00.000Z",
        deadline: 20_200,
        eraHint: null,
        baseline: null,
        knownDown: false,
        extras: [],
        confirm: true,
        gap: null,
      },
    ]);
    expect(written).toEqual(["run 2026-11-22T08:01:00.000Z of every 60000 ms", "state up"]);
    expect(seen).toMatchObject([
      { lateMs: 3, previous: null, state: { status: "up" }, events: [{ kind: "first-good-run" }] },
    ]);
  });

  it("marks a run by the deployment gap that is open", async () => {
    const { monitor, asked } = setUp({}, UP, {}, 0, OPEN_GAP);
    await monitor.runOnce("orders", TICK);
    expect(asked).toMatchObject([{ gap: { openedAt: OPEN_GAP.openedAt, exposure: "exposed" } }]);
  });

  it("asks for further steps when they are due, with the time that they need", async () => {
    const { monitor, asked } = setUp(
      {},
      { ...UP, steps: [{ ...STEP, step: "concurrency", outcome: "ok" }] },
      { concurrency: { every: "24h" } },
    );
    await monitor.runOnce("orders", TICK);
    await monitor.runOnce("orders", { ...TICK, index: 2, scheduledAt: SCHEDULED + 60_000 });
    expect(asked).toMatchObject([
      { extras: ["concurrency"], deadline: 30_200 },
      { extras: [], deadline: 20_200 },
    ]);
  });

  it("gives further steps no more than the minute", async () => {
    const { monitor, asked } = setUp({}, UP, {
      clientTimeoutMs: 30_000,
      stream: { tool: "progress" },
      concurrency: {},
    });
    await monitor.runOnce("orders", TICK);
    expect(asked).toMatchObject([{ extras: ["stream", "concurrency"], deadline: 60_000 }]);
  });

  it("looks for proof of a cold start before the run is told, in the time until the next", async () => {
    const { monitor, seen, proofs } = setUp({}, UP, {}, 12_000);
    await monitor.runOnce("orders", { ...TICK, lateMs: 500 });
    expect(proofs).toEqual([60_000 - 500 - 12_000 - 1_000]);
    expect(seen).toMatchObject([{ record: { coldStart: true } }]);
  });

  it("lets no confirmed failure wait for a proof", async () => {
    const { monitor, seen, proofs } = setUp({}, DOWN);
    await monitor.runOnce("orders", TICK);
    expect(proofs).toEqual([]);
    expect(seen).toMatchObject([{ record: { status: "down", confirmed: true, coldStart: null } }]);
  });

  it("takes up the state that the last watch left: era, and that it is down", async () => {
    const left: TargetState = { ...DOWN_STATE, era: "modern" };
    const { monitor, asked, seen } = setUp({ getState: async () => left }, DOWN);
    expect(await monitor.resume()).toEqual([left]);
    await monitor.runOnce("orders", TICK);
    expect(asked).toMatchObject([{ eraHint: "modern", knownDown: true }]);
    expect(seen).toMatchObject([
      { previous: left, state: { status: "down" }, events: [{ kind: "era-changed" }] },
    ]);
  });

  it("writes the last run again, which the last watch may have left out of its hour", async () => {
    const asked: unknown[] = [];
    const { monitor, written } = setUp({
      lastRun: async (...args) => {
        asked.push(args);
        return DOWN;
      },
    });
    expect(await monitor.resume()).toEqual([]);
    expect(asked).toEqual([["orders", "local"]]);
    expect(written).toEqual([`run ${DOWN.scheduledAt} of every 60000 ms`]);
  });

  it("opens an incident, goes on with it and closes it, also one that the last watch left", async () => {
    const { monitor, written } = setUp({}, DOWN);
    const again = (n: number) => ({ ...TICK, index: n, scheduledAt: SCHEDULED + (n - 1) * 60_000 });
    await monitor.runOnce("orders", TICK);
    await monitor.runOnce("orders", again(2));
    expect(written.filter((text) => text.startsWith("incident"))).toEqual([
      "incident 2026-11-22T08:01:00.000Z to null, 1 failed",
      "incident 2026-11-22T08:01:00.000Z to null, 2 failed",
    ]);
    const left: Incident = {
      target: "orders",
      vantage: "local",
      openedAt: "2026-11-22T07:00:00.000Z",
      closedAt: null,
      status: "down",
      modes: ["tools-empty"],
      summary: null,
      remedy: null,
      runsFailed: 60,
      lastRunAt: "2026-11-22T07:59:00.000Z",
    };
    const next = setUp({ getState: async () => DOWN_STATE, openIncident: async () => left });
    await next.monitor.resume();
    for (const n of [1, 2, 3]) await next.monitor.runOnce("orders", again(n));
    expect(next.written.filter((text) => text.startsWith("incident"))).toEqual([
      "incident 2026-11-22T07:00:00.000Z to null, 60 failed",
      "incident 2026-11-22T07:00:00.000Z to 2026-11-22T08:02:00.000Z, 60 failed",
    ]);
  });

  it("writes an incident's end after the next run when it could not be written at once", async () => {
    const ends: (string | null)[] = [];
    let isFull = false;
    const state = { ...DOWN_STATE, recent: [] };
    const { monitor, lost } = setUp({
      getState: async () => state,
      putIncident: async ({ closedAt }) => {
        if (isFull) throw new Error("the disk is full");
        ends.push(closedAt);
        return "written";
      },
    });
    await monitor.resume();
    for (const n of [1, 2, 3]) {
      isFull = n === 2;
      await monitor.runOnce("orders", { ...TICK, index: n, scheduledAt: SCHEDULED + n * 60_000 });
    }
    expect(lost).toHaveLength(1);
    expect(ends).toEqual([null, "2026-11-22T08:03:00.000Z"]);
  });

  it.each(["recordRun", "putState"] as const)(
    "%s that fails is told, and neither the other write nor the next run suffers",
    async (name) => {
      const failure = new Error("the disk is full");
      const { monitor, written, seen, lost } = setUp({ [name]: () => Promise.reject(failure) });
      await monitor.runOnce("orders", TICK);
      await monitor.runOnce("orders", { ...TICK, index: 2, scheduledAt: SCHEDULED + 60_000 });
      expect(lost).toEqual([failure, failure]);
      expect(written).toHaveLength(2);
      expect(seen).toHaveLength(2);
    },
  );
});
