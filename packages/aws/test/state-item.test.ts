import { describe, expect, it } from "vitest";
import { shouldWriteState } from "../src/index.ts";
import { decodeState, encodeState } from "../src/state-item.ts";
import { minute, state } from "./fixtures.ts";

describe("a state's item", () => {
  it.each([
    ["up", state()],
    [
      "unknown, nothing known yet",
      state({ status: "unknown", known: null, recent: [], era: null, baseline: null }),
    ],
    ["never good", state({ status: "down", modes: ["timeout"], lastGoodRunAt: null })],
  ])("reads back as it was: %s", (_, value) => {
    expect(decodeState({ ...encodeState(0, value) })).toEqual({ kind: "ok", value });
  });

  it.each([
    ["no baseline field", { ...state(), baseline: undefined }, 'unexpected "baseline"'],
    ["unknown status", { ...state(), status: "fine" }, 'unexpected "status"'],
    ["unknown known status", { ...state(), known: { status: "unknown" } }, 'unexpected "known"'],
  ])("is named when it is none: %s", (_, value, reason) => {
    const item = { ...encodeState(0, state()), state: JSON.stringify(value) };
    expect(decodeState(item)).toEqual({ kind: "unreadable", reason });
  });
});

describe("shouldWriteState", () => {
  const previous = state({ lastRunAt: minute(0), lastGoodRunAt: minute(0) });
  const later = { lastRunAt: minute(14), lastGoodRunAt: minute(14) };
  const unknown = state({ status: "unknown", unknownRuns: 3 });

  it.each([
    ["the first state", null, state(), 1, true],
    ["nothing new but the time", previous, state(later), 14, false],
    ["nothing new for 15 minutes", previous, state(later), 15, true],
    ["another status", previous, state({ status: "down" }), 1, true],
    ["other modes", previous, state({ modes: ["slow"] }), 1, true],
    ["another run of another kind", previous, state({ recent: ["up", "degraded"] }), 1, true],
    ["an accepted baseline", previous, state({ baseline: null }), 1, true],
    ["a first unknown run", previous, state({ unknownRuns: 1 }), 1, true],
    ["one more unknown run than counts", unknown, { ...unknown, unknownRuns: 4 }, 1, false],
  ])("%s", (_, before, next, minutes, expected) => {
    const lastWrittenAt = before && minute(0);
    const now = Date.parse(minute(minutes));
    expect(shouldWriteState({ previous: before, next, lastWrittenAt, now })).toBe(expected);
  });
});
