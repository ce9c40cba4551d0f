import { describe, expect, it } from "vitest";
import { targetFromUrl } from "../src/config/index.ts";
import { dueExtras } from "../src/due-extras.ts";
import { type ExtraStep, extrasOf } from "../src/extra-steps.ts";
import type { FailureCode } from "../src/failure-modes.ts";
import type { Target } from "../src/index.ts";
import { nextState, type TargetState } from "../src/state.ts";
import type { RunRecord } from "../src/verdict.ts";
import { failure, minute, type Outcome, run } from "./state-runs.ts";

function target(overrides: Parameters<typeof targetFromUrl>[1] = {}): Target {
  const made = targetFromUrl("https://orders.example.com/mcp", { name: "orders", ...overrides });
  if (!made.ok) throw new Error(JSON.stringify(made.findings));
  return made.target;
}

const CONCURRENCY = target({ concurrency: { every: "24h" } });
const CORS = target({ expect: { cors: { origin: "https://app.example.com", every: "24h" } } });

/** The code that a failing step gives: one that is down, one that is degraded. */
const FAILS: Readonly<Record<ExtraStep, FailureCode>> = {
  stream: "stream-buffered",
  concurrency: "session-lost",
  cors: "cors-blocked",
};

/**
 * What the server is like, minute by minute. w: well. x: a further step fails, if it is taken.
 * f: it fails, and is well on a repeat. n: well, and there was no time for further steps. d: down.
 * s: slow, with further steps as in w. N: slow, as in n. ?: a secret cannot be read. ~: nothing
 * can be told of the further step for the same reason.
 */
type Server = "w" | "x" | "f" | "n" | "d" | "s" | "N" | "?" | "~";

function recordOf(server: Server, n: number, due: readonly ExtraStep[]): RunRecord {
  const reached = due.map((step) => ({ step, startMs: 1, durationMs: 1, firstByteMs: 1 }));
  const having = (letter: Outcome, outcome: "ok" | "failed" | "skipped"): RunRecord =>
    run(letter, n, { depth: "tools", steps: reached.map((one) => ({ ...one, outcome })) });
  const failing = (confirmed: boolean, modeOf: (step: ExtraStep) => FailureCode): RunRecord => {
    const failures = due.map((step) => ({ ...failure(modeOf(step)), step }));
    const status = due.includes("concurrency") ? "down" : "degraded";
    return {
      ...having("U", "failed"),
      status,
      failures,
      confirmed: confirmed && status === "down",
    };
  };
  switch (server) {
    case "w":
      return having("U", "ok");
    case "s":
      return having("G", "ok");
    case "n":
      return having("U", "skipped");
    case "N":
      return having("G", "skipped");
    case "x":
    case "f":
      return due.length === 0 ? having("U", "ok") : failing(server === "x", (s) => FAILS[s]);
    case "~":
      return { ...failing(false, () => "secret-unavailable"), status: "unknown" };
    case "d":
      return run("D", n);
    case "?":
      return run("?", n);
    default:
      return server satisfies never;
  }
}

const LETTERS = { up: "U", degraded: "G", down: "D", unknown: "?" } as const;

/** `taken`: T in minutes whose run is asked for the step. `shown`: the status after each. */
function play(watched: Target, servers: string) {
  let state: TargetState | null = null;
  let taken = "";
  let shown = "";
  for (const [n, server] of [...servers].entries()) {
    const due = dueExtras(watched, state, minute(n));
    taken += due.length > 0 ? "T" : ".";
    state = nextState(state, recordOf(server as Server, n, due), extrasOf(watched)).state;
    shown += LETTERS[state.status];
  }
  return { taken, shown };
}

describe("a further step and what is shown of its target", () => {
  it.each([
    // Well at the first run, it is due again after its `every`.
    ["well", CONCURRENCY, "wwwww", "T....", "UUUUU"],
    // Taken again in each run until it has passed as often as the state wants clean runs.
    ["fails once, confirmed", CONCURRENCY, "xwwww", "TTT..", "DDUUU"],
    ["fails once, not confirmed", CONCURRENCY, "fwwww", "TTT..", "GGUUU"],
    ["goes on failing", CONCURRENCY, "xxxxxwwww", "TTTTTTT..", "DDDDDDUUU"],
    ["fails every second run", CONCURRENCY, "xwxwxwwww", "TTTTTTT..", "DDDDDDUUU"],
    ["fails where it degrades", CORS, "xxxwwww", "TTTTT..", "GGGGUUU"],
    // A failing server that is down meanwhile says nothing of the step.
    ["fails, then the server is down", CONCURRENCY, "xddwww", "TTTTT.", "DDDDUU"],
    ["fails, then nothing is known", CONCURRENCY, "x???www", "TTTTTT.", "DDD?DUU"],
    // Clean runs that did not take it heal nothing, however many.
    ["fails, then there is no time", CONCURRENCY, "xnnnnnnww", "TTTTTTTTT", "DDDDDDDDU"],
    ["fails, then slow and no time", CONCURRENCY, "xNNNNww", "TTTTTTT", "DDDDDDU"],
    ["fails, then slow and well", CONCURRENCY, "xssw", "TTT.", "DDGG"],
    ["degrades, then there is no time", CORS, "xnnnww", "TTTTTT", "GGGGGU"],
    ["cannot be told", CONCURRENCY, "x~~ww", "TTTTT", "DDDDU"],
    // Never taken yet: it stays due until it is.
    ["waits for its first time", CONCURRENCY, "ddnnww", "TTTTT.", "DDDUUU"],
    ["is not configured", target(), "wxxww", ".....", "UUUUU"],
  ] as const)("%s", (_name, watched, servers, taken, shown) => {
    expect(play(watched, servers)).toEqual({ taken, shown });
  });

  it("that is no longer configured is forgotten, and heals", () => {
    let state = nextState(null, recordOf("x", 0, ["concurrency"]), ["concurrency"]).state;
    expect(state.extras).toEqual({ concurrency: { at: minute(0), owed: 2 } });
    for (const n of [1, 2]) state = nextState(state, recordOf("w", n, []), []).state;
    expect(state).toMatchObject({ status: "up", extras: {} });
  });
});

describe("when a further step is due", () => {
  const every = (watched: Target, vantage = "eu-west-1", minutes = 300): readonly number[] => {
    let extras: TargetState["extras"] = {};
    return [...Array(minutes).keys()].filter((n) => {
      const due = dueExtras(watched, n === 0 ? null : { vantage, extras }, minute(n));
      for (const step of due) extras = { ...extras, [step]: { at: minute(n), owed: 0 } };
      return due.length > 0;
    });
  };
  const gaps = (minutes: readonly number[]) =>
    minutes.slice(1).map((n, i) => n - (minutes[i] ?? 0));

  it("at the first run, then at its own minute, then after each `every`", () => {
    const [first, ...later] = gaps(every(target({ concurrency: { every: "60m" } })));
    expect(first).toBeLessThanOrEqual(60);
    expect(later.slice(0, 3)).toEqual([60, 60, 60]);
  });

  it("by its own every: stream 10m, CORS and concurrency 60m unless written", () => {
    const stream = gaps(every(target({ stream: { tool: "progress" } })));
    expect(stream.slice(1, 20)).toEqual(Array(19).fill(10));
    const cors = target({ expect: { cors: { origin: "https://app.example.com" } } });
    expect(gaps(every(cors)).slice(1, 4)).toEqual([60, 60, 60]);
    expect(gaps(every(target({ concurrency: { every: "1m" } }))).slice(0, 9)).toEqual(
      Array(9).fill(1),
    );
  });

  it("in the run behind a minute that was missed", () => {
    const watched = target({ concurrency: { every: "60m" } });
    const [, second = 0] = every(watched);
    const state = { vantage: "eu-west-1", extras: { concurrency: { at: minute(0), owed: 0 } } };
    expect(dueExtras(watched, state, minute(second - 1))).toEqual([]);
    expect(dueExtras(watched, state, minute(second + 7))).toEqual(["concurrency"]);
  });

  it("not in the same minute for all targets, vantages and steps", () => {
    const targets = [...Array(200).keys()].map((n) =>
      target({ name: `orders-${n}`, concurrency: { every: "60m" } }),
    );
    const seconds = targets.map((one) => every(one, "eu-west-1", 61)[1] ?? -1);
    const busiest = Math.max(...seconds.map((n) => seconds.filter((other) => other === n).length));
    expect(seconds).not.toContain(-1);
    expect(new Set(seconds).size).toBeGreaterThan(50);
    expect(busiest).toBeLessThan(12);
    const again = targets.map((one) => every(one, "eu-west-1", 61)[1] ?? -1);
    const elsewhere = targets.map((one) => every(one, "us-east-1", 61)[1] ?? -1);
    expect(again).toEqual(seconds);
    expect(elsewhere).not.toEqual(seconds);
  });
});
