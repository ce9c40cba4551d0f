import { describe, expect, it } from "vitest";
import { nextState } from "../src/state.ts";
import { eventLine, failure, HASH, minute, play, run, statusLine } from "./state-runs.ts";

interface Row {
  readonly name: string;
  readonly runs: string;
  readonly shown: string;
  readonly events: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    name: "a first good run is up at once",
    runs: "U U U",
    shown: "U U U",
    events: ["0 first-good-run >U"],
  },
  {
    name: "a first confirmed failure is down at once",
    runs: "D D",
    shown: "D D",
    events: ["0 went-down >D"],
  },
  {
    name: "a first flawed run is degraded at once",
    runs: "G U U",
    shown: "G G U",
    events: ["0 degraded >G", "1 first-good-run G>G", "2 recovered G>U"],
  },
  {
    name: "a first failure that a repeat does not show is degraded at once",
    runs: "F U U",
    shown: "G G U",
    events: ["0 degraded >G", "1 first-good-run G>G", "2 recovered G>U"],
  },
  {
    name: "down at once, up after two clean runs",
    runs: "U D D U U",
    shown: "U D D D U",
    events: ["0 first-good-run >U", "1 went-down U>D", "4 recovered D>U"],
  },
  {
    name: "a failure between two clean runs starts their count again",
    runs: "U D U D U U",
    shown: "U D D D D U",
    events: ["0 first-good-run >U", "1 went-down U>D", "5 recovered D>U"],
  },
  {
    name: "a server that is down from the start and then mended",
    runs: "D U U",
    shown: "D D U",
    events: ["0 went-down >D", "1 first-good-run D>D", "2 recovered D>U"],
  },
  {
    name: "two failures that did not last are borne",
    runs: "U F U F U U",
    shown: "U U U U U U",
    events: ["0 first-good-run >U"],
  },
  {
    name: "the third in five runs is not",
    runs: "U F U F U F",
    shown: "U U U U U G",
    events: ["0 first-good-run >U", "5 degraded U>G"],
  },
  {
    name: "three in six runs are borne",
    runs: "F U U F U U F U U",
    shown: "G G U U U U U U U",
    events: ["0 degraded >G", "1 first-good-run G>G", "2 recovered G>U"],
  },
  {
    name: "flaws, time-outs and passing failures count alike",
    runs: "U U G T F",
    shown: "U U U U G",
    events: ["0 first-good-run >U", "4 degraded U>G"],
  },
  {
    name: "degraded stays until two clean runs follow each other",
    runs: "U G G G U G U G U U",
    shown: "U U U G G G G G G U",
    events: ["0 first-good-run >U", "3 degraded U>G", "9 recovered G>U"],
  },
  {
    name: "two clean runs outweigh three flawed ones before them",
    runs: "U G G G U U U",
    shown: "U U U G G U U",
    events: ["0 first-good-run >U", "3 degraded U>G", "5 recovered G>U"],
  },
  {
    name: "but a flaw right after them is again the third in five",
    runs: "U G G G U U G",
    shown: "U U U G G U G",
    events: ["0 first-good-run >U", "3 degraded U>G", "5 recovered G>U", "6 degraded U>G"],
  },
  {
    name: "confirmed failures count as not clean",
    runs: "U D D U U F",
    shown: "U D D D U G",
    events: ["0 first-good-run >U", "1 went-down U>D", "4 recovered D>U", "5 degraded U>G"],
  },
  {
    name: "down to degraded after two usable runs",
    runs: "U D G G U U",
    shown: "U D D G G U",
    events: ["0 first-good-run >U", "1 went-down U>D", "3 degraded D>G", "5 recovered G>U"],
  },
  {
    name: "one clean and one flawed run leave down too",
    runs: "U D U G",
    shown: "U D D G",
    events: ["0 first-good-run >U", "1 went-down U>D", "3 degraded D>G"],
  },
  {
    name: "a single clean run after a flawed one waits for the next",
    runs: "U D G U U",
    shown: "U D D D U",
    events: ["0 first-good-run >U", "1 went-down U>D", "4 recovered D>U"],
  },
  {
    name: "degraded goes down at once",
    runs: "G G D",
    shown: "G G D",
    events: ["0 degraded >G", "2 went-down G>D"],
  },
  {
    name: "a target that has only been unknown is unknown",
    runs: "? ? ? ?",
    shown: "? ? ? ?",
    events: ["0 became-unknown >?"],
  },
  {
    name: "its first good run makes it up",
    runs: "? ? U",
    shown: "? ? U",
    events: ["0 became-unknown >?", "2 first-good-run ?>U"],
  },
  {
    name: "its first failure makes it down",
    runs: "? D",
    shown: "? D",
    events: ["0 became-unknown >?", "1 went-down ?>D"],
  },
  {
    name: "two unknown runs change nothing",
    runs: "U ? ? U",
    shown: "U U U U",
    events: ["0 first-good-run >U"],
  },
  {
    name: "after three what was known is stale, until a run can judge",
    runs: "U ? ? ? ? U",
    shown: "U U U ? ? U",
    events: ["0 first-good-run >U", "3 became-unknown U>?", "5 known-again ?>U"],
  },
  {
    name: "a stale outage is still the same outage",
    runs: "U D ? ? ? D U U",
    shown: "U D D D ? D D U",
    events: [
      "0 first-good-run >U",
      "1 went-down U>D",
      "4 became-unknown D>?",
      "5 known-again ?>D",
      "7 recovered D>U",
    ],
  },
  {
    name: "an outage behind unknown runs goes down at once",
    runs: "U ? ? ? D",
    shown: "U U U ? D",
    events: ["0 first-good-run >U", "3 became-unknown U>?", "4 went-down ?>D"],
  },
  {
    name: "clean runs are counted across unknown ones",
    runs: "U D U ? U",
    shown: "U D D D U",
    events: ["0 first-good-run >U", "1 went-down U>D", "4 recovered D>U"],
  },
  {
    name: "an unknown run is not one of the five",
    runs: "U G ? G ? ? G",
    shown: "U U U U U U G",
    events: ["0 first-good-run >U", "6 degraded U>G"],
  },
];

describe("nextState", () => {
  it.each(ROWS)("$name: $runs", ({ runs, shown, events }) => {
    const told = play(runs);
    expect(statusLine(told)).toBe(shown);
    expect(told.events.map(eventLine)).toEqual(events);
  });

  it("carries everything that the next run and its readers need", () => {
    expect(play("U D ?").states.at(-1)).toEqual({
      target: "orders",
      vantage: "eu-west-1",
      status: "down",
      since: minute(1),
      modes: ["tools-empty"],
      known: { status: "down", since: minute(1), modes: ["tools-empty"] },
      unknownRuns: 1,
      recent: ["up", "down"],
      lastRunAt: minute(2),
      lastGoodRunAt: minute(0),
      extras: {},
      era: "legacy",
      tools: { toolsHash: HASH, toolCount: 3, since: minute(0) },
    });
  });

  it("says why it is unknown, and since when", () => {
    const { states } = play("U ? ? ? ?");
    expect(
      states.slice(-2).map(({ since, modes, unknownRuns }) => [since, modes, unknownRuns]),
    ).toEqual([
      [minute(3), ["secret-unavailable"], 3],
      [minute(3), ["secret-unavailable"], 4],
    ]);
  });

  it("takes an outage up again where unknown runs interrupted it", () => {
    const { states } = play("U D ? ? ? D");
    expect(states.at(-1)).toMatchObject({ status: "down", since: minute(1), unknownRuns: 0 });
  });

  it("shows the modes of the latest run that bears the status out", () => {
    const down = play("U D").states.at(-1) ?? null;
    const failures = [failure("dns-failure"), failure("dns-failure")];
    const { state, events } = nextState(down, run("D", 2, { failures }));
    expect(state).toMatchObject({ status: "down", since: minute(1), modes: ["dns-failure"] });
    expect(events).toEqual([]);
    expect(nextState(state, run("U", 3)).state.modes).toEqual(["dns-failure"]);
  });

  it.each([
    { name: "the same minute again", n: 5 },
    { name: "an older minute", n: 4 },
  ])("leaves the state as it is: $name", ({ n }) => {
    const before = play("U U", 4).states.at(-1) ?? null;
    expect(nextState(before, run("D", n))).toEqual({ state: before, events: [] });
  });

  it("leaves the state as it is when the run has no readable time", () => {
    const before = play("U").states.at(-1) ?? null;
    expect(nextState(before, run("D", 1, { scheduledAt: "soon" })).state).toBe(before);
  });
});

describe("the era hint", () => {
  it.each([
    {
      name: "a negotiated run sets it",
      changes: { depth: "handshake", era: "modern" },
      era: "modern",
    },
    {
      name: "an attempted era is no proof",
      changes: { depth: "none", era: "modern" },
      era: "legacy",
    },
    { name: "both leave it alone", changes: { depth: "tools", era: "both" }, era: "legacy" },
    {
      name: "a run without any leaves it alone",
      changes: { depth: "none", era: null },
      era: "legacy",
    },
  ] as const)("$name", ({ changes, era }) => {
    const before = play("U").states[0] ?? null;
    const { state, events } = nextState(before, run("D", 1, changes));
    expect(state.era).toBe(era);
    const changed = events.filter(({ kind }) => kind === "era-changed").map(eventLine);
    expect(changed).toEqual(era === "legacy" ? [] : ["1 era-changed legacy>modern"]);
  });
});

const OTHER = "sha256:other";

describe("the tools", () => {
  it("are those of the first run that listed them", () => {
    const shallow = nextState(null, run("U", 0, { depth: "handshake" })).state;
    expect(shallow).toMatchObject({ status: "up", tools: null });
    const { state, events } = nextState(shallow, run("U", 1, { depth: "sentinel" }));
    expect(state.tools).toEqual({ toolsHash: HASH, toolCount: 3, since: minute(1) });
    expect(events).toEqual([]);
  });

  it.each([
    { name: "tell of a change once", plays: [OTHER, OTHER, OTHER], told: [1] },
    { name: "tell of the way back too", plays: [OTHER, HASH], told: [1, 2] },
    { name: "tell nothing when they stay", plays: [HASH, HASH], told: [] },
  ])("$name", ({ plays, told }) => {
    const drift = { added: 1, removed: 0, changed: 0, breaking: false };
    let state = play("U").states[0] ?? null;
    const lines = plays.flatMap((toolsHash, index) => {
      const next = nextState(state, run("U", index + 1, { toolsHash, drift }));
      state = next.state;
      return next.events;
    });
    expect(lines).toEqual(
      told.map((n) => ({
        kind: "tools-changed",
        at: minute(n),
        from: n === 1 ? HASH : OTHER,
        to: n === 1 ? OTHER : HASH,
        drift,
      })),
    );
  });

  it("are seen by a run that is degraded or down for another reason, too", () => {
    const before = play("U").states[0] ?? null;
    const flawed = run("G", 1, { depth: "tools", toolsHash: OTHER, toolCount: 4 });
    const { state } = nextState(before, flawed);
    expect(state.tools).toEqual({ toolsHash: OTHER, toolCount: 4, since: minute(1) });
  });

  it("stay when a run does not list them all", () => {
    const before = play("U").states[0] ?? null;
    const empty = run("D", 1, { depth: "handshake", toolsHash: OTHER, toolCount: 0 });
    expect(nextState(before, empty).state.tools).toEqual(before?.tools);
    expect(nextState(before, run("?", 1)).state.tools).toEqual(before?.tools);
  });
});
