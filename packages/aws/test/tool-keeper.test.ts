import {
  acceptTools,
  type RunRecord,
  type TargetState,
  type ToolBaseline,
  type ToolLists,
  type ToolSnapshot,
} from "@vigil/core";
import { describe, expect, it } from "vitest";
import { HistoryError } from "../src/index.ts";
import { createToolKeeper, type ToolHistory, type ToolKeeper } from "../src/tool-keeper.ts";
import { failedRun, healthyRun, state } from "./fixtures.ts";

const UP = healthyRun({ target: "orders" });
const DOWN = failedRun({ target: "orders" });
const DRIFTED = healthyRun({
  target: "orders",
  status: "degraded",
  drift: { added: 0, removed: 1, changed: 0, breaking: true },
});
const MINUTE_MS = 60_000;

function lists(toolsHash: string): ToolLists {
  return { legacy: { toolsHash, toolCount: 0, tools: [] } };
}

const A = lists("sha256:aa");
const B = lists("sha256:bb");

/** A history of one target, and what was written to it. */
function setUp(over: Partial<ToolHistory> = {}, trustMs = 0) {
  const kept: { baseline: ToolBaseline | null; tools: ToolSnapshot | null } = {
    baseline: null,
    tools: null,
  };
  const written: string[] = [];
  const read: string[] = [];
  let nowMs = 0;
  const history: ToolHistory = {
    async getBaseline() {
      read.push("baseline");
      return kept.baseline;
    },
    async getTools() {
      read.push("tools");
      return kept.tools;
    },
    async putBaseline({ baseline, when }) {
      if (when === "absent" && kept.baseline !== null) {
        return "present";
      }
      kept.baseline = baseline;
      written.push(`baseline ${baseline.lists.legacy?.toolsHash}`);
      return "written";
    },
    async putTools(_target, tools) {
      kept.tools = tools;
      written.push(`tools ${tools.lists.legacy?.toolsHash}`);
      return "written";
    },
    ...over,
  };
  const clock = { monotonic: () => nowMs };
  const keeperOf = (from: ToolHistory) => createToolKeeper({ history: from, clock, trustMs });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { keeper: keeperOf(history), keeperOf, kept, written, read, history, pass };
}

const accepted = (keeper: ToolKeeper, previous: TargetState | null = null) =>
  keeper.accepted("orders", previous);

const keep = (
  keeper: ToolKeeper,
  record: RunRecord,
  lists: ToolLists | null,
  previous: TargetState | null = null,
) => keeper.keep({ record, lists, previous });

const listed = (toolsHash: string) =>
  state({ tools: { toolsHash, toolCount: 0, since: UP.scheduledAt } });

describe("createToolKeeper", () => {
  it("takes the first good run's tools for the baseline, and no later one's", async () => {
    const { keeper, kept, written } = setUp();
    await accepted(keeper);
    await keep(keeper, DOWN, A);
    await keep(keeper, { ...UP, status: "degraded" }, A);
    expect(kept.baseline).toBeNull();
    await keep(keeper, UP, A);
    expect(kept.baseline).toEqual({
      at: UP.scheduledAt,
      lists: A,
      acceptedAt: UP.scheduledAt,
      acceptedBy: "first-good-run",
      previousAcceptedAt: null,
    });
    await accepted(keeper);
    await keep(keeper, UP, B);
    expect(written).toEqual(["tools sha256:aa", "baseline sha256:aa", "tools sha256:bb"]);
  });

  it("keeps the latest tools when they change, on the way back too", async () => {
    const { keeper, written } = setUp();
    for (const one of [A, A, B, B, null, A]) {
      await keep(keeper, DOWN, one);
    }
    expect(written).toEqual(["tools sha256:aa", "tools sha256:bb", "tools sha256:aa"]);
  });

  it("takes up where the last watch ended", async () => {
    const { keeper, kept, written } = setUp();
    kept.tools = { at: UP.scheduledAt, lists: A };
    await keep(keeper, DOWN, A);
    expect(written).toEqual([]);
  });

  it("sees at once what another process has accepted", async () => {
    const { keeper, kept, written } = setUp();
    await keep(keeper, UP, A);
    await keep(keeper, UP, B);
    const first = await accepted(keeper);
    kept.baseline = acceptTools(
      { at: UP.scheduledAt, lists: B },
      first,
      "2026-11-22T09:00:00.000Z",
    );
    const next = await accepted(keeper);
    expect(next).toMatchObject({
      lists: B,
      acceptedBy: "operator",
      previousAcceptedAt: UP.scheduledAt,
    });
    await keep(keeper, UP, B);
    expect(written).toEqual(["tools sha256:aa", "baseline sha256:aa", "tools sha256:bb"]);
  });

  it("goes on with what it knows when history cannot be read", async () => {
    let fails = false;
    const first = acceptTools({ at: UP.scheduledAt, lists: A }, null, UP.scheduledAt);
    const { keeper } = setUp({
      async getBaseline() {
        if (fails) {
          throw new HistoryError("history-unavailable", "Could not read", null);
        }
        return first;
      },
    });
    expect(await accepted(keeper)).toBe(first);
    fails = true;
    expect(await accepted(keeper)).toBe(first);
    expect(await keeper.accepted("others", null)).toBeNull();
  });

  it("gives up a baseline that is too large, instead of packing it each minute", async () => {
    let tries = 0;
    const { keeper } = setUp({
      async putBaseline() {
        tries += 1;
        return "too-large";
      },
    });
    await keep(keeper, UP, A);
    await keep(keeper, UP, A);
    expect(tries).toBe(1);
  });

  it("tells of a write that failed, and tries again with the next run", async () => {
    let fails = true;
    const { keeper, keeperOf, kept, history } = setUp();
    const { putTools } = history;
    const flaky = keeperOf({
      ...history,
      async putTools(target, tools) {
        if (fails) {
          throw new HistoryError("history-unavailable", "Could not write", null);
        }
        return putTools(target, tools);
      },
    });
    await expect(keep(flaky, UP, A)).rejects.toThrow("Could not write");
    fails = false;
    await keep(flaky, UP, A);
    expect(kept.tools?.lists).toBe(A);
    expect(await accepted(keeper)).toMatchObject({ lists: A });
  });

  describe("that trusts a baseline for 15 minutes", () => {
    const trusting = () => {
      const set = setUp({}, 15 * MINUTE_MS);
      set.kept.baseline = acceptTools({ at: UP.scheduledAt, lists: A }, null, UP.scheduledAt);
      set.kept.tools = { at: UP.scheduledAt, lists: A };
      return set;
    };
    const acceptB = ({ kept }: ReturnType<typeof setUp>) => {
      const lists = { at: UP.scheduledAt, lists: B };
      kept.baseline = acceptTools(lists, kept.baseline, UP.scheduledAt);
    };

    it("reads it once while the target lists what was accepted, and after 15 minutes again", async () => {
      const set = trusting();
      for (let n = 0; n < 16; n += 1) {
        await accepted(set.keeper, listed("sha256:aa"));
        await keep(set.keeper, UP, A, listed("sha256:aa"));
        set.pass(MINUTE_MS);
      }
      expect(set.read).toEqual(["baseline", "tools", "baseline"]);
    });

    it.each([
      ["the last run told of a drift", DRIFTED, listed("sha256:aa")],
      ["the state tells of another list, seen from elsewhere", UP, listed("sha256:bb")],
    ] as const)("reads it before the next run when %s", async (_title, record, previous) => {
      const set = trusting();
      await accepted(set.keeper, listed("sha256:aa"));
      await keep(set.keeper, record, B, listed("sha256:aa"));
      acceptB(set);
      expect(await accepted(set.keeper, previous)).toMatchObject({ lists: B });
    });

    it("reads it before each run until there is one", async () => {
      const set = trusting();
      set.kept.baseline = null;
      await accepted(set.keeper);
      acceptB(set);
      expect(await accepted(set.keeper)).toMatchObject({ lists: B });
    });
  });

  it("looks at what is stored when another environment has kept other tools meanwhile", async () => {
    const { keeper, kept, written } = setUp();
    await keep(keeper, DOWN, A);
    kept.tools = { at: UP.scheduledAt, lists: B };
    await keep(keeper, DOWN, A, listed("sha256:bb"));
    expect(written).toEqual(["tools sha256:aa", "tools sha256:aa"]);
  });

  it("believes what another environment has written later", async () => {
    let isLate = true;
    const { keeper, kept, read } = setUp({
      putTools: async () => (isLate ? "stale" : "written"),
    });
    kept.tools = { at: UP.scheduledAt, lists: B };
    await keep(keeper, DOWN, A);
    isLate = false;
    await keep(keeper, DOWN, B);
    expect(read).toEqual(["tools", "tools"]);
  });
});
