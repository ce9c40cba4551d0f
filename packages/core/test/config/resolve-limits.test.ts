import { describe, expect, it } from "vitest";
import { BARE, type GoodRow, resolved } from "./fixtures.ts";

const ROWS: readonly GoodRow[] = [
  {
    name: "a client of more patience than ours: the rest gives way",
    written: { clientTimeoutMs: 20_000 },
    differs: {
      clientTimeoutMs: 20_000,
      runTimeoutMs: 25_000,
      confirm: { delaysMs: [2_000, 6_000], withinMs: 30_000 },
    },
  },
  {
    name: "a client of less patience than our slow",
    written: { clientTimeoutMs: 2_000 },
    differs: { clientTimeoutMs: 2_000, slowMs: 1_999 },
  },
  {
    name: "a run shorter than our client's patience",
    written: { runTimeoutMs: 5_000 },
    differs: { clientTimeoutMs: 4_999, runTimeoutMs: 5_000 },
  },
  {
    name: "the longest that fits into a minute",
    written: { clientTimeoutMs: 57_999 },
    differs: {
      clientTimeoutMs: 57_999,
      runTimeoutMs: 59_999,
      confirm: { delaysMs: [2_000, 6_000], withinMs: 59_999 },
    },
  },
  {
    name: "little time to confirm: as many of our waits as fit",
    written: { clientTimeoutMs: 3_000, confirm: { withinMs: 8_000 } },
    differs: {
      clientTimeoutMs: 3_000,
      slowMs: 2_999,
      confirm: { delaysMs: [2_000], withinMs: 8_000 },
    },
  },
  {
    name: "no confirmation, whatever the times",
    written: { clientTimeoutMs: 30_000, confirm: { delaysMs: [], withinMs: 1 } },
    differs: {
      clientTimeoutMs: 30_000,
      runTimeoutMs: 35_000,
      confirm: { delaysMs: [], withinMs: 1 },
    },
  },
  {
    name: "part of confirm from the defaults",
    written: { confirm: { delaysMs: [3_000] } },
    config: { defaults: { confirm: { delaysMs: [1], withinMs: 30_000 } } },
    differs: { confirm: { delaysMs: [3_000], withinMs: 30_000 } },
  },
];

describe("a target's times", () => {
  it.each(ROWS)("$name", (row) => {
    expect(resolved(row)).toEqual([{ ...BARE, ...row.differs }]);
  });
});
