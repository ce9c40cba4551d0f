import { describe, expect, it } from "vitest";
import type { Target } from "../src/config/index.ts";
import { longestRunMs } from "../src/run-time.ts";
import {
  SHARD_BUDGET_MS,
  SHARD_RESERVE_MS,
  SHARD_RUNS_AT_ONCE,
  shardTargets,
} from "../src/shards.ts";
import { BARE } from "./config/fixtures.ts";

function targets(count: number, withinMs = 20_000): readonly Target[] {
  return Array.from({ length: count }, (_, n) => ({
    ...BARE,
    name: `t${n}`,
    confirm: { ...BARE.confirm, withinMs },
  }));
}

const ROOM_MS = SHARD_BUDGET_MS - SHARD_RESERVE_MS;
/** Runs of the usual length that follow one another in a shard's time. */
const WAVES = Math.floor(ROOM_MS / longestRunMs(BARE, []));
const FULL = WAVES * SHARD_RUNS_AT_ONCE;

describe("shards", () => {
  it.each([
    ["none", 0, 20_000, []],
    ["one", 1, 20_000, [1]],
    ["as many as fit", FULL, 20_000, [FULL]],
    ["one more", FULL + 1, 20_000, [FULL, 1]],
    [
      "1,000",
      1_000,
      20_000,
      [...Array(Math.floor(1_000 / FULL)).fill(FULL), 1_000 % FULL].filter((n) => n > 0),
    ],
    [
      "slow ones, of which none can follow another",
      SHARD_RUNS_AT_ONCE + 5,
      40_000,
      [SHARD_RUNS_AT_ONCE, 5],
    ],
    [
      "ones that take longer than there is time",
      SHARD_RUNS_AT_ONCE + 5,
      59_000,
      [SHARD_RUNS_AT_ONCE, 5],
    ],
  ])("of %s", (_title, count, withinMs, sizes) => {
    const shards = shardTargets(targets(count, withinMs));
    expect(shards.map((shard) => shard.length)).toEqual(sizes);
    expect(shards.flat().map(({ name }) => name)).toEqual(targets(count).map(({ name }) => name));
  });

  it("hold 200 targets in one, also when all of them time out", () => {
    expect(shardTargets(targets(200))).toHaveLength(1);
  });
});
