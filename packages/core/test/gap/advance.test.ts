import { DEPLOYMENT_SEQUENCES, second, seenAt } from "@vigil/testkit/deployments";
import { describe, expect, it } from "vitest";
import { holdsPages, type Provisioned } from "../../src/gap/index.ts";
import { eventLine, play } from "./play.ts";

type SequenceName = (typeof DEPLOYMENT_SEQUENCES)[number]["name"];

/** Times are seconds into the sequence; a look takes 0.2 of one. */
const TOLD: Readonly<Record<SequenceName, readonly string[]>> = {
  "an alias moves, traffic held on the old version, counts full all along": [
    "deployed 1 -> 2 shielded in 59.8..120",
    "gap-opened 120 shielded from 59.8..120, 1 deployed",
    "gap-closed 120 shielded from 59.8..120 to 249.8..255 by ready, 1 deployed",
  ],
  "an alias gets its first provisioned concurrency": [
    "gap-opened 120 exposed from -0.2..91, 0 deployed",
    "gap-closed 120 exposed from -0.2..91 to 219.8..225 by ready, 0 deployed",
  ],
  "a version's own provisioned concurrency comes after its traffic": [
    "deployed 1 -> 2 exposed in -0.2..60",
    "gap-opened 60 exposed from -0.2..60, 1 deployed",
    "gap-closed 60 exposed from -0.2..60 to 64.8..190 by ready, 1 deployed",
  ],
  "a version's own provisioned concurrency was ready before its traffic": [
    "deployed 1 -> 2 covered in -0.2..60",
  ],
  "deleted, moved, put again": [
    "provisioning-removed 60",
    "deployed 1 -> 2 exposed in 59.8..120",
    "gap-opened 120 exposed from 59.8..120, 1 deployed",
    "gap-closed 120 exposed from 59.8..120 to 129.8..260 by ready, 1 deployed",
  ],
  "the new version cannot start, then is mended": [
    "deployed 1 -> 2 shielded in -0.2..60",
    "gap-opened 60 shielded from -0.2..60, 1 deployed",
    "shielded -> failed",
    "gap-overdue 60 failed from -0.2..60, 1 deployed (FUNCTION_ERROR_INIT_FAILURE)",
    "deployed 1 -> 3 shielded in 384.8..500",
    "failed -> shielded",
    "gap-closed 60 failed from -0.2..60 to 499.8..640 by ready, 2 deployed (FUNCTION_ERROR_INIT_FAILURE)",
  ],
  "provisioned concurrency is removed for good with a deployment": [
    "deployed 1 -> 2 exposed in -0.2..60",
    "gap-opened 60 exposed from -0.2..60, 1 deployed",
    "gap-overdue 60 exposed from -0.2..60, 1 deployed",
    "gap-closed 60 exposed from -0.2..60 to 1859.8..1865 by removed, 1 deployed",
    "deployed 2 -> 3 unprovisioned in 1864.8..1925",
  ],
  "provisioned concurrency is removed for good without a deployment": [
    "provisioning-removed 300",
    "deployed 1 -> 2 unprovisioned in 2100.8..2400",
  ],
  "rolled back to an old version, whose LastModified is days old": [
    "deployed 7 -> 3 shielded in -0.2..60",
    "gap-opened 60 shielded from -0.2..60, 1 deployed",
    "gap-closed 60 shielded from -0.2..60 to 59.8..180 by ready, 1 deployed",
  ],
  "rolled back in the middle of the move": [
    "deployed 1 -> 2 shielded in -0.2..60",
    "gap-opened 60 shielded from -0.2..60, 1 deployed",
    "deployed 2 -> 1 exposed in 59.8..90",
    "shielded -> exposed",
    "gap-closed 60 exposed from -0.2..60 to 89.8..95 by ready, 2 deployed",
  ],
  "two deployments overlap": [
    "deployed 1 -> 2 shielded in -0.2..60",
    "gap-opened 60 shielded from -0.2..60, 1 deployed",
    "deployed 1 -> 3 shielded in 59.8..90",
    "gap-closed 60 shielded from -0.2..60 to 89.8..230 by ready, 2 deployed",
  ],
  "code changes on $LATEST": ["deployed $LATEST -> $LATEST unprovisioned in 59.8..120"],
  "no provisioned concurrency at all": ["deployed 1 -> 2 unprovisioned in -0.2..60"],
  "a canary takes a tenth of the traffic for hours": [
    "deployed 1 -> 2 exposed in -0.2..60",
    "gap-opened 60 exposed from -0.2..60, 1 deployed",
    "gap-closed 60 exposed from -0.2..60 to 59.8..200 by ready, 1 deployed",
  ],
  "the function is deleted in the middle of a move, and made anew": [
    "deployed 1 -> 2 shielded in -0.2..60",
    "gap-opened 60 shielded from -0.2..60, 1 deployed",
    "no function 65",
    "gap-closed 60 shielded from -0.2..60 to 59.8..65 by gone, 1 deployed",
  ],
  "Lambda refuses and throttles some looks": [
    "throttled 60",
    "look-recovered 180",
    "deployed 1 -> 2 shielded in -0.2..180",
    "gap-opened 180 shielded from -0.2..180, 1 deployed",
    "throttled 185",
    "denied 190",
    "look-recovered 195",
    "gap-closed 180 shielded from -0.2..180 to 179.8..195 by ready, 1 deployed",
  ],
  "provisioned concurrency may not be looked at": ["deployed 1 -> 2 unknown in -0.2..60"],
  "looks come late and out of order": [
    "deployed 1 -> 2 shielded in -0.2..60",
    "gap-opened 60 shielded from -0.2..60, 1 deployed",
    "gap-closed 60 shielded from -0.2..60 to 59.8..180 by ready, 1 deployed",
  ],
  "the next environment's clock is behind by ten seconds": [
    "deployed 1 -> 2 shielded in -0.2..60",
    "gap-opened 60 shielded from -0.2..60, 1 deployed",
    "gap-closed 60 shielded from -0.2..60 to 59.8..65 by ready, 1 deployed",
  ],
  "a hint says when, before the look": [
    "deployed 1 -> 2 shielded in -0.2..60",
    "gap-opened 60 shielded from 42..43, 1 deployed",
    "gap-closed 60 shielded from 42..43 to 59.8..180 by ready, 1 deployed",
  ],
  "hints come after the look, one of them about something older": [
    "deployed 1 -> 2 shielded in -0.2..60",
    "gap-opened 60 shielded from -0.2..60, 1 deployed",
    "gap-closed 60 shielded from 42..45 to 59.8..180 by ready, 1 deployed",
  ],
  "more is asked for, of what is ready and serves on": [],
  "allocating when first looked at": [
    "gap-opened 0 exposed from ?..0, 0 deployed",
    "gap-closed 0 exposed from ?..0 to -0.2..5 by ready, 0 deployed",
  ],
  "a held move outlives its allowance": [
    "deployed 1 -> 2 shielded in -0.2..60",
    "gap-opened 60 shielded from -0.2..60, 1 deployed",
    "gap-overdue 60 shielded from -0.2..60, 1 deployed",
    "gap-closed 60 shielded from -0.2..60 to 419.8..480 by ready, 1 deployed",
  ],
};

describe("what is told of what AWS says", () => {
  it.each(DEPLOYMENT_SEQUENCES)("$name", ({ name, observations }) => {
    expect(play(observations).events.map(eventLine)).toEqual(TOLD[name]);
  });
});

describe("the state that looks leave", () => {
  it("is not touched by a look that is not newer", () => {
    const { states } = play([seenAt(60, "1"), seenAt(60, "2"), seenAt(59, "2")]);
    expect(states[1]).toBe(states[0]);
    expect(states[2]).toBe(states[0]);
  });

  it("does not grow without end", () => {
    const pc = (status: Provisioned["status"]): readonly Provisioned[] => [
      { alias: "live", version: null, status, requested: 1, reason: null, lastModified: null },
    ];
    const looks = Array.from({ length: 200 }, (_, n) => [
      { kind: "hint" as const, at: second(n * 5) },
      seenAt(n * 5, String(n), { weights: {}, pc: pc(n % 2 === 0 ? "in-progress" : "failed") }),
    ]);
    const { states } = play(looks.flat());
    expect(JSON.stringify(states.at(-1)).length).toBeLessThan(4_000);
  });
});

describe("pages wait", () => {
  const window = play(DEPLOYMENT_SEQUENCES[0].observations.slice(0, 3)).states.at(-1)?.open?.window;
  const allowanceMs = 300_000;

  it.each([
    ["as it opens", 120, true],
    ["to the end of the allowance", 420, true],
    ["no longer", 421, false],
  ])("%s", (_, at, holds) => {
    if (window === undefined) throw new Error("no window is open");
    expect(holdsPages(window, { nowMs: Date.parse(second(at)), allowanceMs })).toBe(holds);
  });

  it("for no failed allocation, no window that is overdue, and none that is closed", () => {
    if (window === undefined) throw new Error("no window is open");
    const when = { nowMs: Date.parse(second(121)), allowanceMs };
    const end = { notBefore: second(120), notAfter: second(121) };
    expect(holdsPages({ ...window, exposure: "failed" }, when)).toBe(false);
    expect(holdsPages({ ...window, overdueAt: second(121) }, when)).toBe(false);
    expect(holdsPages({ ...window, end, ended: "ready" }, when)).toBe(false);
  });
});
