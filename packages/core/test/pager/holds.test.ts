import { describe, expect, it } from "vitest";
import { readCron } from "../../src/config/cron.ts";
import type { GapWindow } from "../../src/gap/index.ts";
import { holdsOf, type Mute, maintenanceUntil } from "../../src/pager/index.ts";

/** A Sunday. */
const ms = (time: string) => Date.parse(`2026-11-22T${time}Z`);
const iso = (time: string) => new Date(ms(time)).toISOString();

describe("readCron", () => {
  it.each([
    ["* * * * *", "2026-11-22T08:00:59Z", true],
    ["0 3 * * 0", "2026-11-22T03:00:30Z", true],
    ["0 3 * * 7", "2026-11-22T03:00:00Z", true],
    ["0 3 * * sun", "2026-11-23T03:00:00Z", false],
    ["0 3 * * 0", "2026-11-22T03:01:00Z", false],
    ["0 3 * * 0", "2026-11-22T04:00:00Z", false],
    ["*/15 0-3 * nov *", "2026-11-22T03:45:00Z", true],
    ["*/15 0-3 * nov *", "2026-12-22T03:45:00Z", false],
    ["0 0 1 * *", "2026-11-22T00:00:00Z", false],
    // Both of the day's fields say which: either will do.
    ["0 0 1 * 0", "2026-11-22T00:00:00Z", true],
    ["0 0 1 * 0", "2026-12-01T00:00:00Z", true],
    ["0 0 1 * 0", "2026-11-23T00:00:00Z", false],
    // One of them says any: both must hold.
    ["0 0 */2 * 0", "2026-11-22T00:00:00Z", false],
    ["0 0 */2 * 0", "2026-11-29T00:00:00Z", true],
  ])("%s, %s: %s", (cron, time, named) => {
    expect(readCron(cron)(Date.parse(time))).toBe(named);
  });
});

describe("maintenanceUntil", () => {
  it.each([
    ["before it", [{ cron: "0 3 * * 0", minutes: 30 }], "02:59:59.999", null],
    ["as it begins", [{ cron: "0 3 * * 0", minutes: 30 }], "03:00:00", "03:30:00"],
    ["in its last moment", [{ cron: "0 3 * * 0", minutes: 30 }], "03:29:59.999", "03:30:00"],
    ["once it is over", [{ cron: "0 3 * * 0", minutes: 30 }], "03:30:00", null],
    ["from the evening before", [{ cron: "0 23 * * 6", minutes: 120 }], "00:30:00", "01:00:00"],
    ["while it begins anew", [{ cron: "*/10 * * * *", minutes: 30 }], "03:12:00", "03:40:00"],
    [
      "with two open",
      [
        { cron: "0 3 * * *", minutes: 60 },
        { cron: "15 3 * * *", minutes: 20 },
      ],
      "03:20:00",
      "04:00:00",
    ],
    ["without any", [], "03:00:00", null],
  ])("%s", (_, windows, now, until) => {
    expect(maintenanceUntil(windows, ms(now))).toBe(until === null ? null : iso(until));
  });
});

const GAP: GapWindow = {
  openedAt: iso("08:00:00"),
  start: { notBefore: iso("07:59:00"), notAfter: iso("08:00:00") },
  end: null,
  ended: null,
  exposure: "exposed",
  course: [{ at: iso("08:00:00"), exposure: "exposed" }],
  deployments: [],
  version: "8",
  reason: null,
  overdueAt: null,
};
const GAP_HOLD = { kind: "gap", since: GAP.openedAt, exposure: "exposed" };

function mute(changes: Partial<Mute> = {}): Mute {
  return {
    id: "m1",
    scope: { kind: "target", target: "orders" },
    reason: "a known fault",
    by: "ada",
    from: iso("08:00:00"),
    until: iso("08:30:00"),
    ...changes,
  };
}
const MUTE_HOLD = { kind: "mute", until: iso("08:30:00"), reason: "a known fault" };

const FUNCTION = {
  functionName: "orders",
  qualifier: "live",
  reportLines: false,
  logGroup: "/aws/lambda/orders",
};

describe("holdsOf", () => {
  const target = { name: "orders", tags: ["payments"], maintenance: [], lambda: null };
  const at = (time: string, rest: { gap?: GapWindow; mutes?: readonly Mute[] }) =>
    holdsOf({ target, gap: null, mutes: [], ...rest, nowMs: ms(time) });

  it.each([
    ["within its allowance", "08:05:00", GAP, [GAP_HOLD]],
    ["past its allowance", "08:05:00.001", GAP, []],
    [
      "shielded",
      "08:01:00",
      { ...GAP, exposure: "shielded" },
      [{ ...GAP_HOLD, exposure: "shielded" }],
    ],
    ["failed, which nobody waits for", "08:01:00", { ...GAP, exposure: "failed" }, []],
    ["overdue", "08:01:00", { ...GAP, overdueAt: iso("08:00:30") }, []],
    ["closed", "08:01:00", { ...GAP, end: GAP.start }, []],
  ] as const)("a gap %s", (_, now, gap, holds) => {
    expect(at(now, { gap })).toEqual(holds);
  });

  it("a gap within an allowance of the target's own", () => {
    const lambda = { ...FUNCTION, gapAllowanceMs: 600_000 };
    const asked = { target: { ...target, lambda }, gap: GAP, mutes: [] };
    expect(holdsOf({ ...asked, nowMs: ms("08:10:00") })).toEqual([GAP_HOLD]);
    expect(holdsOf({ ...asked, nowMs: ms("08:10:00.001") })).toEqual([]);
  });

  it.each([
    ["of the target", "08:00:00", mute(), [MUTE_HOLD]],
    ["of its tag", "08:10:00", mute({ scope: { kind: "tag", tag: "payments" } }), [MUTE_HOLD]],
    ["of another target", "08:10:00", mute({ scope: { kind: "target", target: "o" } }), []],
    ["of another tag", "08:10:00", mute({ scope: { kind: "tag", tag: "orders" } }), []],
    ["that is not yet in force", "07:59:59.999", mute(), []],
    ["that is over", "08:30:00", mute(), []],
  ])("a mute %s", (_, now, one, holds) => {
    expect(at(now, { mutes: [one] })).toEqual(holds);
  });

  it("of several mutes names the longest", () => {
    const longer = mute({ id: "m2", until: iso("09:00:00"), reason: "moving house" });
    const hold = { kind: "mute", until: iso("09:00:00"), reason: "moving house" };
    expect(at("08:10:00", { mutes: [mute(), longer] })).toEqual([hold]);
  });

  it("names all that hold: gap, maintenance, mute", () => {
    const maintained = { ...target, maintenance: [{ cron: "0 8 * * *", minutes: 10 }] };
    const nowMs = ms("08:01:00");
    expect(holdsOf({ target: maintained, gap: GAP, mutes: [mute()], nowMs })).toEqual([
      GAP_HOLD,
      { kind: "maintenance", until: iso("08:10:00") },
      MUTE_HOLD,
    ]);
  });
});
