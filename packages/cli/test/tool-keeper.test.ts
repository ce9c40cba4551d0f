import { HistoryError } from "@vigil/aws";
import { acceptTools, type ToolBaseline, type ToolLists, type ToolSnapshot } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { createToolKeeper, type ToolHistory } from "../src/tool-keeper.ts";
import { DOWN, UP } from "./records.ts";

function lists(toolsHash: string): ToolLists {
  return { legacy: { toolsHash, toolCount: 0, tools: [] } };
}

const A = lists("sha256:aa");
const B = lists("sha256:bb");

/** A history of one target, and what was written to it. */
function setUp(over: Partial<ToolHistory> = {}) {
  const kept: { baseline: ToolBaseline | null; tools: ToolSnapshot | null } = {
    baseline: null,
    tools: null,
  };
  const written: string[] = [];
  const history: ToolHistory = {
    getBaseline: async () => kept.baseline,
    getTools: async () => kept.tools,
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
  return { keeper: createToolKeeper(history), kept, written, history };
}

describe("createToolKeeper", () => {
  it("takes the first good run's tools for the baseline, and no later one's", async () => {
    const { keeper, kept, written } = setUp();
    await keeper.accepted("orders");
    await keeper.keep(DOWN, A);
    await keeper.keep({ ...UP, status: "degraded" }, A);
    expect(kept.baseline).toBeNull();
    await keeper.keep(UP, A);
    expect(kept.baseline).toEqual({
      at: UP.scheduledAt,
      lists: A,
      acceptedAt: UP.scheduledAt,
      acceptedBy: "first-good-run",
      previousAcceptedAt: null,
    });
    await keeper.accepted("orders");
    await keeper.keep(UP, B);
    expect(written).toEqual(["tools sha256:aa", "baseline sha256:aa", "tools sha256:bb"]);
  });

  it("keeps the latest tools when they change, on the way back too", async () => {
    const { keeper, written } = setUp();
    for (const one of [A, A, B, B, null, A]) {
      await keeper.keep(DOWN, one);
    }
    expect(written).toEqual(["tools sha256:aa", "tools sha256:bb", "tools sha256:aa"]);
  });

  it("takes up where the last watch ended", async () => {
    const { keeper, kept, written } = setUp();
    kept.tools = { at: UP.scheduledAt, lists: A };
    await keeper.resume("orders");
    await keeper.keep(DOWN, A);
    expect(written).toEqual([]);
  });

  it("sees at once what another process has accepted", async () => {
    const { keeper, kept, written } = setUp();
    await keeper.keep(UP, A);
    await keeper.keep(UP, B);
    const first = await keeper.accepted("orders");
    kept.baseline = acceptTools(
      { at: UP.scheduledAt, lists: B },
      first,
      "2026-11-22T09:00:00.000Z",
    );
    const next = await keeper.accepted("orders");
    expect(next).toMatchObject({
      lists: B,
      acceptedBy: "operator",
      previousAcceptedAt: UP.scheduledAt,
    });
    await keeper.keep(UP, B);
    expect(written).toEqual(["tools sha256:aa", "baseline sha256:aa", "tools sha256:bb"]);
  });

  it("goes on with what it knows when history cannot be read", async () => {
    let fails = false;
    const accepted = acceptTools({ at: UP.scheduledAt, lists: A }, null, UP.scheduledAt);
    const { keeper } = setUp({
      async getBaseline() {
        if (fails) {
          throw new HistoryError("history-unavailable", "Could not read", null);
        }
        return accepted;
      },
    });
    expect(await keeper.accepted("orders")).toBe(accepted);
    fails = true;
    expect(await keeper.accepted("orders")).toBe(accepted);
    expect(await keeper.accepted("others")).toBeNull();
  });

  it("gives up a baseline that is too large, instead of packing it each minute", async () => {
    let tries = 0;
    const { keeper } = setUp({
      async putBaseline() {
        tries += 1;
        return "too-large";
      },
    });
    await keeper.keep(UP, A);
    await keeper.keep(UP, A);
    expect(tries).toBe(1);
  });

  it("tells of a write that failed, and tries again with the next run", async () => {
    let fails = true;
    const { keeper, kept, history } = setUp();
    const { putTools } = history;
    const flaky = createToolKeeper({
      ...history,
      async putTools(target, tools) {
        if (fails) {
          throw new HistoryError("history-unavailable", "Could not write", null);
        }
        return putTools(target, tools);
      },
    });
    await expect(flaky.keep(UP, A)).rejects.toThrow("Could not write");
    fails = false;
    await flaky.keep(UP, A);
    expect(kept.tools?.lists).toBe(A);
    expect(await keeper.accepted("orders")).toMatchObject({ lists: A });
  });
});
