import { expect, it } from "vitest";
import { createPalette } from "../src/palette.ts";
import { createSession } from "../src/session.ts";
import { DEGRADED, DOWN, UNKNOWN, UP } from "./records.ts";
import { DOWN_STATE, UP_STATE } from "./states.ts";

const START = Date.parse("2026-11-22T08:00:00.000Z");
const palette = createPalette(false);
const minutes = (n: number) => START + n * 60_000;
const since = (n: number) => ({ since: new Date(minutes(n)).toISOString() });

function session() {
  return createSession({ targets: ["orders", "billing"], startedAt: START });
}

it("counts runs by status and target, and tells the longest outage", () => {
  const watched = session();
  [UP, UP, DOWN, DEGRADED, UNKNOWN].forEach((record, i) => {
    watched.ran(record, i);
  });
  watched.ran({ ...UP, target: "billing" }, 812);
  watched.skipped("billing", 2);
  watched.saw({ ...DOWN_STATE, ...since(1) });
  watched.saw({ ...DOWN_STATE, ...since(1) });
  watched.saw({ ...UP_STATE, ...since(3) });
  watched.saw({ ...DOWN_STATE, ...since(10) });
  watched.saw({ ...UP_STATE, ...since(11) });
  expect(watched.summary({ now: minutes(20), palette, width: 100 })).toBe(`\
Watched 2 targets for 20 m.
  target   runs  up  degraded  down  unknown  skipped  longest outage
  orders      5   2         1     1        1        0  2 m
  billing     1   1         0     0        0        2  none
Jitter: half of the runs started within 2 ms of their time, all within 812 ms.
`);
});

it("an outage that goes on counts up to now, from its true start", () => {
  const watched = session();
  watched.saw({ ...DOWN_STATE, ...since(-30) });
  expect(watched.summary({ now: minutes(1), palette, width: 100 })).toContain(
    "  orders      0   0         0     0        0        0  31 m, and it goes on\n",
  );
});

it("a short outage now does not hide a longer one before", () => {
  const watched = session();
  watched.saw({ ...DOWN_STATE, ...since(0) });
  watched.saw({ ...UP_STATE, ...since(9) });
  watched.saw({ ...DOWN_STATE, ...since(10) });
  expect(watched.summary({ now: minutes(11), palette, width: 100 })).toContain(
    "  9 m; down again now\n",
  );
});

it("says nothing of jitter before the first run", () => {
  expect(session().summary({ now: START, palette, width: 100 })).toBe(`\
Watched 2 targets for 0 ms.
  target   runs  up  degraded  down  unknown  skipped  longest outage
  orders      0   0         0     0        0        0  none
  billing     0   0         0     0        0        0  none
`);
});

it.each([40, 50, 64])("fits into %i columns, a block for each target", (width) => {
  const watched = session();
  watched.ran(UP, 3);
  watched.saw({ ...DOWN_STATE, ...since(-30) });
  const told = watched.summary({ now: minutes(1), palette, width });
  expect(told.split("\n").filter(({ length }) => length > width)).toEqual([]);
});

it("leaves nothing out of the blocks", () => {
  const watched = session();
  watched.ran(UP, 3);
  watched.saw({ ...DOWN_STATE, ...since(-30) });
  expect(watched.summary({ now: minutes(1), palette, width: 40 })).toBe(`\
Watched 2 targets for 1 m.
  orders
    runs 1 · up 1 · degraded 0 · down 0
    unknown 0 · skipped 0
    longest outage 31 m, and it goes on
  billing
    runs 0 · up 0 · degraded 0 · down 0
    unknown 0 · skipped 0
    longest outage none
Jitter: half of the runs started within
3 ms of their time, all within 3 ms.
`);
});
