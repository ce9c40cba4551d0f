import type { StatusEvent } from "@vigil/core";
import { describe, expect, it } from "vitest";
import type { Observation } from "../src/monitor.ts";
import { createPalette } from "../src/palette.ts";
import {
  changeLines,
  type LineOptions,
  resumedLine,
  runLine,
  skipLine,
} from "../src/watch-lines.ts";
import { DEGRADED, DOWN, UNKNOWN, UP } from "./records.ts";
import { DOWN_STATE, QUIET, UP_STATE } from "./states.ts";

const PALETTE = createPalette(false);
const OPTIONS: LineOptions = { palette: PALETTE, nameWidth: 8, width: 72, offset: () => 60 };

describe("runLine", () => {
  it.each([
    ["up", UP, 1, "09:00:00  ✔ up        orders     226 ms  depth sentinel, 3 tools\n"],
    [
      "down",
      DOWN,
      1,
      "09:00:00  ✖ down      orders     214 ms  tools-empty at listTools, 3 times: tools/list returned no tools; at least 1 is expected\n",
    ],
    [
      "degraded by one attempt of two, and late",
      DEGRADED,
      700,
      "09:00:00  ▲ degraded  orders     3.41 s  slow at negotiate, not on every attempt: the run took 3,412 ms; the budget is 3,000 ms (started 700 ms late)\n",
    ],
    [
      "unknown",
      UNKNOWN,
      249,
      "09:00:00  ? unknown   orders      35 ms  auth-required at negotiate: the server answered 401 and no credentials are configured\n",
    ],
    [
      "several failures",
      { ...DOWN, failures: [...DOWN.failures, ...DEGRADED.failures] },
      0,
      "09:00:00  ✖ down      orders     214 ms  tools-empty at listTools (+ slow), 3 times: tools/list returned no tools; at least 1 is expected\n",
    ],
  ])("%s", (_name, record, lateMs, line) => {
    expect(runLine(record, lateMs, OPTIONS)).toBe(line);
  });
});

const at = "2026-11-22T08:00:00.000Z";

function change(event: Partial<StatusEvent>): Observation {
  const filled: StatusEvent = {
    kind: "went-down",
    at,
    from: "up",
    to: "down",
    modes: [],
    ...event,
  };
  return { ...QUIET, events: [filled] };
}

const NO_DRIFT = { added: 0, removed: 0, changed: 0, breaking: false };
const TOOLS_CHANGED = {
  kind: "tools-changed",
  at,
  from: "sha256:00",
  to: "sha256:01",
  drift: null,
} as const;

describe("changeLines", () => {
  it("says nothing of a run that changes nothing", () => {
    expect(changeLines(QUIET, OPTIONS)).toBe("");
  });

  it("down: what to do stands right there", () => {
    expect(changeLines({ ...change({}), record: DOWN, state: DOWN_STATE }, OPTIONS)).toBe(
      `          ✖ orders is DOWN (up for 12 m)
            tools-empty: Registration failed silently: look for an error
            while the tools were loaded.
`,
    );
  });

  it.each<[string, Observation, string]>([
    [
      "up again",
      {
        ...change({ kind: "recovered", from: "down", to: "up" }),
        previous: DOWN_STATE,
        state: { ...UP_STATE, lastRunAt: "2026-11-22T08:02:30.000Z" },
      },
      "          ✔ orders is UP again (down for 2 m 30 s)\n",
    ],
    [
      "degraded",
      change({ kind: "degraded", to: "degraded" }),
      "          ▲ orders is DEGRADED (up for 12 m)\n",
    ],
    [
      "unknown",
      change({ kind: "became-unknown", to: "unknown" }),
      "          ? orders is UNKNOWN: the last runs could not judge it (up for 12 m)\n",
    ],
    [
      "known again",
      change({ kind: "known-again", from: "unknown", to: "up" }),
      "          ✔ orders can be judged again, and nothing has changed (unknown for 12 m)\n",
    ],
    [
      "first good run",
      { ...change({ kind: "first-good-run", from: null, to: "up" }), previous: null },
      "          ✔ orders has had its first good run\n",
    ],
    [
      "another era",
      { ...QUIET, events: [{ kind: "era-changed", at, from: "legacy", to: "modern" }] },
      "          orders now speaks the modern era (legacy before)\n",
    ],
    [
      "more tools",
      { ...QUIET, events: [{ ...TOOLS_CHANGED, drift: { ...NO_DRIFT, added: 2, changed: 1 } }] },
      "          the tools of orders have changed: 2 added, 1 changed; callers can go on as before\n",
    ],
    [
      "fewer tools",
      {
        ...QUIET,
        events: [{ ...TOOLS_CHANGED, drift: { ...NO_DRIFT, removed: 1, breaking: true } }],
      },
      "          the tools of orders have changed: 1 removed; this breaks callers\n",
    ],
    [
      "the accepted tools again",
      { ...QUIET, events: [TOOLS_CHANGED] },
      "          the tools of orders have changed\n",
    ],
  ])("%s", (_name, observation, lines) => {
    expect(changeLines(observation, OPTIONS)).toBe(lines);
  });
});

it("skipLine says why", () => {
  expect(skipLine("orders", { missed: 0, busy: true }, PALETTE)).toBe(
    "          orders skipped: the run before is still going\n",
  );
  expect(skipLine("orders", { missed: 3, busy: false }, PALETTE)).toBe(
    "          orders skipped: 3 runs missed while this machine was held up or asleep\n",
  );
});

it("resumedLine tells what the last watch left", () => {
  expect(resumedLine(DOWN_STATE, PALETTE, () => 60)).toBe(
    "  orders: last seen down (tools-empty) since 2026-11-22 09:00:00 +01:00",
  );
});
