import { describe, expect, it } from "vitest";
import { quorumOf, STALE_VANTAGE_MS } from "../../src/pager/index.ts";
import type { TargetState } from "../../src/state.ts";

const NOW = Date.UTC(2026, 10, 22, 8);
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();
const VANTAGES = ["eu-west-1", "us-west-2", "ap-south-1", "sa-east-1"];
const STATUSES = { u: "up", d: "down", g: "degraded", "?": "unknown" } as const;

/** A letter for each vantage's state, the first being the one that has lasted longest. */
function statesOf(letters: string, changes: Partial<TargetState> = {}): readonly TargetState[] {
  return [...letters].map((letter, n) => {
    const status = STATUSES[letter as keyof typeof STATUSES];
    return {
      target: "orders",
      vantage: VANTAGES[n] ?? "",
      status,
      since: ago(40 - n),
      modes: status === "down" ? ["tools-empty"] : status === "degraded" ? ["slow"] : [],
      known: null,
      unknownRuns: 0,
      recent: [],
      lastRunAt: ago(1),
      lastGoodRunAt: ago(41 - n),
      era: null,
      extras: {},
      tools: null,
      ...changes,
    };
  });
}

describe("the vantages together", () => {
  it.each([
    ["u", "up"],
    ["d", "down"],
    ["g", "degraded"],
    ["?", "unknown"],
    ["", "unknown"],
    ["ud", "down"],
    ["ug", "degraded"],
    ["uud", "up"],
    ["udd", "down"],
    ["ugd", "degraded"],
    ["?ud", "down"],
    ["??d", "down"],
    ["uuud", "up"],
    ["uudd", "down"],
    ["uugd", "degraded"],
  ])("%s is %s", (letters, expected) => {
    const quorum = quorumOf(statesOf(letters), NOW);
    expect(quorum.kind === "unwell" ? quorum.status : quorum.kind).toBe(expected);
  });

  it("tell since when enough of them saw it, from where, and when it was well last", () => {
    expect(quorumOf(statesOf("ddu"), NOW)).toEqual({
      kind: "unwell",
      status: "down",
      since: ago(39),
      modes: ["tools-empty"],
      seenFrom: ["eu-west-1", "us-west-2"],
      wellFrom: ["ap-south-1"],
      lastGoodRunAt: ago(39),
    });
  });

  it("count none whose last run is too old", () => {
    const stale = { lastRunAt: new Date(NOW - STALE_VANTAGE_MS - 1).toISOString() };
    expect(quorumOf(statesOf("d", stale), NOW)).toEqual({ kind: "unknown" });
    const states = [...statesOf("d", stale), ...statesOf("u")];
    expect(quorumOf(states, NOW)).toEqual({ kind: "up", vantages: ["eu-west-1"] });
  });
});
