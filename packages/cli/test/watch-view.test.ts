import { type Target, targetFromUrl } from "@vigil/core";
import { createFakeClock } from "@vigil/testkit";
import { describe, expect, it } from "vitest";
import type { WatchPlan } from "../src/watch-plan.ts";
import { createWatchView } from "../src/watch-view.ts";
import { createFakeIo } from "./fake-io.ts";
import { DOWN, UP } from "./records.ts";
import { DOWN_STATE, QUIET } from "./states.ts";

function target(name: string, url: string): Target {
  const made = targetFromUrl(url, { name, sentinels: [{ tool: "echo" }, { tool: "lookup" }] });
  if (!made.ok) {
    throw new Error("not a target");
  }
  return made.target;
}

const PLAN: WatchPlan = {
  targets: [target("orders", "https://a.example/mcp?key=secret")],
  intervalMs: 60_000,
  source: "vigil.config.ts",
  looks: { everyMs: 60_000, place: null },
  demo: null,
};

const DEMO: WatchPlan["demo"] = {
  url: "http://127.0.0.1:7331/mcp",
  pid: 4711,
  ended: new Promise(() => undefined),
  stop: async () => undefined,
};

function view({ json = false, demo = null as WatchPlan["demo"], columns = 120 } = {}) {
  const { io, written } = createFakeIo({ columns: () => columns });
  const clock = createFakeClock();
  const plan = { ...PLAN, demo };
  const made = createWatchView({
    io,
    clock,
    plan,
    dataFolder: ".vigil",
    json,
    progress: () => null,
  });
  return { made, written };
}

describe("createWatchView", () => {
  it("begins with what is watched, how often, where it is kept, how to stop; keys stay hidden", () => {
    const { made, written } = view();
    made.banner([]);
    expect(written).toEqual([
      `out:Vigil watches 1 target of vigil.config.ts
  orders: https://a.example/mcp, calls echo, lookup
  every 1 m, from start to start; history in .vigil; Ctrl-C stops

`,
    ]);
  });

  it("tells what the last watch left", () => {
    const { made, written } = view();
    made.banner([DOWN_STATE]);
    expect(written.join("")).toContain("\n  orders: last seen down (tools-empty) since ");
  });

  it("with the demo, says how to break it where it listens", () => {
    const { made, written } = view({ demo: DEMO });
    made.banner([]);
    expect(written.join("")).toContain(
      `
  There is no vigil.config.ts here, so this is the demo (process 4711). Break it from another terminal:
    npm run demo:break -- tools-empty
    npm run demo:break -- none          mends it; --list tells what else there is
  Or deploy it, with a gap that pages wait for:
    npm run demo:deploy
`,
    );
  });

  it("fits into 40 columns: nothing is cut, and commands stay whole", () => {
    const { made, written } = view({ demo: DEMO, columns: 40 });
    made.banner([DOWN_STATE]);
    const told = written.join("").replace("out:", "");
    expect(told.split("\n").filter(({ length }) => length > 40)).toEqual([]);
    expect(told.split(" since ")[0]).toBe(`\
Vigil watches 1 target of
  vigil.config.ts
  orders: https://a.example/mcp, calls
    echo, lookup
  every 1 m, from start to start;
    history in .vigil; Ctrl-C stops

  There is no vigil.config.ts here, so
    this is the demo (process 4711).
    Break it from another terminal:
    npm run demo:break -- tools-empty
    npm run demo:break -- none
      mends it; --list tells what else
        there is
  Or deploy it, with a gap that pages
    wait for:
    npm run demo:deploy
  orders: last seen down (tools-empty)
   `);
  });

  it("--json: runs to stdout, all else to stderr", () => {
    const { made, written } = view({ json: true });
    made.ran({ ...QUIET, record: UP });
    made.ran({
      ...QUIET,
      record: DOWN,
      state: DOWN_STATE,
      events: [
        {
          kind: "went-down",
          at: DOWN.scheduledAt,
          from: "up",
          to: "down",
          modes: ["tools-empty"],
        },
      ],
    });
    made.skipped("orders", { missed: 0, busy: true });
    const out = written.filter((text) => text.startsWith("out:"));
    expect(out).toEqual([UP, DOWN].map((record) => `out:${JSON.stringify(record)}\n`));
    expect(written.some((text) => text.startsWith("err:") && text.includes("is DOWN"))).toBe(true);
  });

  it("troubles of its own go to stderr, each with what follows from it", () => {
    const { made, written } = view();
    made.lost(UP, new Error("Could not record a run: TimeoutError"));
    made.historyEnded({ kind: "failed", error: new Error("No space left on device") });
    made.demoEnded("exit code 1");
    expect(written).toEqual([
      "err:vigil: the run of orders at 2026-11-22T08:00:00.000Z could not be kept: Could not record a run: TimeoutError.\n",
      "err:vigil: the history's database has ended (No space left on device); runs are no longer kept until vigil watch is started again.\n",
      "err:vigil: the demo server has ended (exit code 1); its runs fail until vigil watch is started again.\n",
    ]);
  });
});
