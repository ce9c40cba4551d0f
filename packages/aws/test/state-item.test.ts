import { describe, expect, it } from "vitest";
import { shouldWriteState } from "../src/index.ts";
import { decodeState, encodeState } from "../src/state-item.ts";
import { minute, state } from "./fixtures.ts";

describe("a state's item", () => {
  it.each([
    ["up", state()],
    [
      "unknown, nothing known yet",
      state({ status: "unknown", known: null, recent: [], era: null, tools: null }),
    ],
    ["with a step that has to pass", state({ extras: { cors: { at: minute(1), owed: 2 } } })],
    ["never good", state({ status: "down", modes: ["timeout"], lastGoodRunAt: null })],
  ])("reads back as it was: %s", (_, value) => {
    expect(decodeState({ ...encodeState(0, value) })).toEqual({ kind: "ok", value });
  });

  it("of before further steps has taken none", () => {
    const { extras: _, ...old } = state();
    const item = { ...encodeState(0, state()), state: JSON.stringify(old) };
    expect(decodeState(item)).toEqual({ kind: "ok", value: state({ extras: {} }) });
  });

  it.each([
    ["with", { toolsHash: "sha256:01", toolCount: 2, at: minute(0) }],
    ["without", null],
  ])("of before accepted tools reads back, %s the first ones", (_, baseline) => {
    const { tools: _tools, ...old } = state();
    const item = { ...encodeState(0, state()), state: JSON.stringify({ ...old, baseline }) };
    const { at: since = "", ...first } = baseline ?? {};
    const tools = baseline === null ? null : { ...baseline, since };
    expect(decodeState(item)).toMatchObject({
      kind: "ok",
      value: { tools: tools === null ? null : { ...first, since } },
    });
  });

  it.each([
    [
      "a step without its time",
      { ...state(), extras: { cors: { owed: 0 } } },
      'unexpected "extras"',
    ],
    ["tools without a hash", { ...state(), tools: { toolCount: 3 } }, 'unexpected "tools"'],
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
  const took = (n: number, owed: number) => ({ concurrency: { at: minute(n), owed } });
  const failing = state({ extras: took(0, 2) });
  const unknown = state({ status: "unknown", unknownRuns: 3 });

  it.each([
    ["the first state", null, state(), 1, true],
    ["nothing new but the time", previous, state(later), 14, false],
    ["nothing new for 15 minutes", previous, state(later), 15, true],
    ["another status", previous, state({ status: "down" }), 1, true],
    ["other modes", previous, state({ modes: ["slow"] }), 1, true],
    ["another run of another kind", previous, state({ recent: ["up", "degraded"] }), 1, true],
    ["other tools", previous, state({ tools: null }), 1, true],
    ["a further step that was taken", previous, state({ extras: took(1, 0) }), 1, true],
    ["a further step that failed", previous, state({ extras: took(0, 2) }), 1, true],
    ["one that fails again", failing, state({ extras: took(1, 2) }), 1, false],
    ["one that passes once", failing, state({ extras: took(1, 1) }), 1, true],
    ["a first unknown run", previous, state({ unknownRuns: 1 }), 1, true],
    ["one more unknown run than counts", unknown, { ...unknown, unknownRuns: 4 }, 1, false],
  ])("%s", (_, before, next, minutes, expected) => {
    const lastWrittenAt = before && minute(0);
    const now = Date.parse(minute(minutes));
    expect(shouldWriteState({ previous: before, next, lastWrittenAt, now })).toBe(expected);
  });
});
