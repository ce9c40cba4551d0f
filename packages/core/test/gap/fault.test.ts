import { DEPLOYMENT_SEQUENCES, second } from "@vigil/testkit/deployments";
import { describe, expect, it } from "vitest";
import { FAILURE_MODES } from "../../src/failure-modes.ts";
import { type GapWindow, gapFaultOf, overdueGaps } from "../../src/gap/index.ts";
import { play } from "./play.ts";

const FUNCTION = {
  functionName: "orders",
  qualifier: "live",
  reportLines: false,
  logGroup: "/aws/lambda/orders",
};
const target = (gapAllowanceMs = 300_000, name = "orders") => ({
  name,
  lambda: { ...FUNCTION, gapAllowanceMs },
});

const WINDOW: GapWindow = {
  openedAt: second(60),
  start: { notBefore: second(0), notAfter: second(60) },
  end: null,
  ended: null,
  exposure: "exposed",
  course: [{ at: second(60), exposure: "exposed" }],
  deployments: [second(60)],
  version: "2",
  reason: null,
  overdueAt: null,
};
const FAILED: GapWindow = {
  ...WINDOW,
  exposure: "failed",
  course: [...WINDOW.course, { at: second(90), exposure: "failed" }],
  reason: "FUNCTION_ERROR_INIT_FAILURE",
};
const CLOSED: GapWindow = {
  ...WINDOW,
  end: { notBefore: second(900), notAfter: second(905) },
  ended: "ready",
  overdueAt: second(361),
};

const faultAt = (seconds: number, window: GapWindow, allowanceMs?: number) =>
  gapFaultOf({ target: target(allowanceMs), window, nowMs: Date.parse(second(seconds)) });

describe("an open gap window", () => {
  it.each<[string, number, GapWindow, number | undefined]>([
    ["within its allowance", 360, WINDOW, undefined],
    ["within an allowance of its own", 660, WINDOW, 600_000],
    ["that has closed, however late", 1_000, CLOSED, undefined],
  ])("%s is no failure", (_name, seconds, window, allowanceMs) => {
    expect(faultAt(seconds, window, allowanceMs)).toBeNull();
  });

  it.each<[string, number, GapWindow, number | undefined, object]>([
    [
      "past its allowance",
      361,
      WINDOW,
      undefined,
      {
        mode: "gap-overdue",
        since: second(360),
        summary: `version 2 has no ready provisioned concurrency since ${second(60)}, longer than its 5 min: clients reach cold environments`,
      },
    ],
    [
      "past an allowance of its own, shielded",
      121,
      { ...WINDOW, exposure: "shielded" },
      60_000,
      {
        mode: "gap-overdue",
        since: second(120),
        summary: `version 2 has no ready provisioned concurrency since ${second(60)}, longer than its 1 min: AWS holds traffic on the old version`,
      },
    ],
    [
      "that was found to be past it",
      400,
      { ...WINDOW, overdueAt: second(363) },
      undefined,
      { mode: "gap-overdue", since: second(363) },
    ],
    [
      "whose allocation failed, at once",
      91,
      FAILED,
      undefined,
      {
        mode: "allocation-failed",
        since: second(90),
        summary:
          "provisioned concurrency of version 2 could not be allocated (FUNCTION_ERROR_INIT_FAILURE)",
      },
    ],
  ])("%s is one", (_name, seconds, window, allowanceMs, told) => {
    const fault = faultAt(seconds, window, allowanceMs);
    expect(fault).toMatchObject({ target: "orders", status: "degraded", window, ...told });
    expect(fault?.remedy).toBe(fault && FAILURE_MODES[fault.mode].remedy);
  });

  it("is one from the look on that finds it overdue, as a held move that lasts is", () => {
    const sequence = DEPLOYMENT_SEQUENCES.find(({ name }) => name.includes("outlives"));
    const faults = play(sequence?.observations ?? []).states.map((state) =>
      state.open === null ? null : faultAt(seconds(state.lastAt), state.open.window)?.since,
    );
    expect(faults).toEqual([null, undefined, undefined, second(361), second(361), null]);
  });
});

const seconds = (at: string | null) => (Date.parse(at ?? "") - Date.parse(second(0))) / 1_000;

describe("overdueGaps", () => {
  it("names the targets of the config whose windows are failures, and no others", () => {
    const gaps = new Map([
      ["orders", WINDOW],
      ["stock", FAILED],
      ["patient", WINDOW],
      ["gone", FAILED],
    ]);
    const targets = [
      target(),
      target(300_000, "stock"),
      target(3_600_000, "patient"),
      target(1, "fine"),
    ];
    expect(
      overdueGaps({ gaps, targets, nowMs: Date.parse(second(400)) }).map((fault) => [
        fault.target,
        fault.mode,
      ]),
    ).toEqual([
      ["orders", "gap-overdue"],
      ["stock", "allocation-failed"],
    ]);
  });
});
