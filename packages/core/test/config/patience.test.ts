import { describe, expect, it } from "vitest";
import { type Target, withClientTimeout } from "../../src/config/index.ts";
import { nextAttempt } from "../../src/next-attempt.ts";
import { BARE } from "./fixtures.ts";

type Times = Partial<Pick<Target, "clientTimeoutMs" | "runTimeoutMs" | "slowMs" | "confirm">>;

const ROWS: readonly (readonly [name: string, own: Times, ms: number, differs: Times])[] = [
  [
    "more patience: run and confirmation get the room they would have had",
    {},
    25_000,
    { runTimeoutMs: 30_000, confirm: { delaysMs: [2_000, 6_000], withinMs: 35_000 } },
  ],
  [
    "a target with more room already keeps what it has",
    { runTimeoutMs: 40_000, confirm: { delaysMs: [1_000], withinMs: 50_000 } },
    25_000,
    { runTimeoutMs: 40_000, confirm: { delaysMs: [1_000], withinMs: 50_000 } },
  ],
  [
    "nothing grows beyond the minute",
    { runTimeoutMs: 50_000 },
    57_000,
    { runTimeoutMs: 59_999, confirm: { delaysMs: [2_000, 6_000], withinMs: 59_999 } },
  ],
  ["less patience: slow gives way, the rest stays", {}, 2_000, { slowMs: 1_999 }],
  [
    "less patience than its own leaves a short confirmation alone",
    { runTimeoutMs: 11_000, confirm: { delaysMs: [0], withinMs: 12_000 } },
    4_000,
    { runTimeoutMs: 11_000, confirm: { delaysMs: [0], withinMs: 12_000 } },
  ],
  [
    "a target that is not repeated may be waited for as long as a run can last",
    { confirm: { delaysMs: [], withinMs: 20_000 } },
    59_998,
    { runTimeoutMs: 59_999, confirm: { delaysMs: [], withinMs: 59_999 } },
  ],
];

describe("withClientTimeout", () => {
  it.each(ROWS)("%s", (_name, own, clientTimeoutMs, differs) => {
    const target = { ...BARE, ...own };
    expect(withClientTimeout(target, clientTimeoutMs)).toEqual({
      ok: true,
      target: { ...target, clientTimeoutMs, ...differs },
    });
  });

  it("leaves time for a repeat after a time-out", () => {
    const read = withClientTimeout(BARE, 30_000);
    const target = read.ok ? read.target : BARE;
    const next = nextAttempt({
      attempts: [
        { status: "down", modes: ["timeout"], startMs: 0, endMs: 30_100, retryAfterMs: null },
      ],
      policy: target.confirm,
      clientTimeoutMs: target.clientTimeoutMs,
      knownDown: false,
      enabled: true,
      remainingMs: target.confirm.withinMs - 30_100,
    });
    expect(next).toMatchObject({ kind: "repeat", delayMs: 0 });
  });

  it("tells when no repeat can fit into a minute", () => {
    expect(withClientTimeout(BARE, 58_500)).toEqual({
      ok: false,
      findings: [
        {
          path: "clientTimeoutMs",
          problem: "leaves no time for a repeat within confirm.withinMs (59999, by default)",
          fix: "Write a shorter clientTimeoutMs, or confirm: { delaysMs: [] } for no repeats.",
        },
      ],
    });
  });
});
