import { describe, expect, it } from "vitest";
import { START_MS, type Truth, WELL, watchWorld } from "./watch-world.ts";

const MINUTE = 60_000;

type Span = readonly [fromMinute: number, truth: Partial<Truth>];

/** Well, but for what is said from a minute on. */
function plan(...spans: readonly Span[]) {
  return (_target: string, atMs: number): Truth => ({
    ...WELL,
    ...spans.findLast(([from]) => from * MINUTE <= atMs)?.[1],
  });
}

const DOWN = { status: "down" } as const;
const MOVED = { version: "2" } as const;
const GAP = { ...MOVED, provisioned: "in-progress" } as const;

async function watched(minutes: number, ...spans: readonly Span[]) {
  const world = await watchWorld({ names: ["orders"], truth: plan(...spans) });
  await world.watch(minutes * MINUTE);
  return world;
}

const told = ({ pages }: Awaited<ReturnType<typeof watched>>) =>
  pages.map(({ kind, atMs }) => `${kind} at ${atMs / MINUTE}`);

describe("a watch pages", () => {
  it("once when a target breaks, once when it is well again", async () => {
    const world = await watched(8, [2, DOWN], [5, {}]);
    expect(told(world)).toEqual(["opened at 2", "closed at 6"]);
    expect(world.said).toEqual([]);
  });

  it("nobody for what a deployment's gap explains, and says so", async () => {
    const world = await watched(8, [2.5, { ...GAP, ...DOWN }], [4.5, MOVED]);
    expect(told(world)).toEqual([]);
    expect(world.said).toEqual([
      "orders deployed",
      "orders gap-opened",
      "orders held by gap",
      "orders gap-closed",
      "orders dropped",
    ]);
  });

  it("when a target is still broken in the first run after the gap", async () => {
    const world = await watched(8, [2.5, { ...GAP, ...DOWN }], [3.5, { ...MOVED, ...DOWN }]);
    expect(told(world)).toEqual(["opened at 4"]);
  });

  it("when the gap outlives its allowance", async () => {
    const world = await watched(11, [2.5, { ...GAP, ...DOWN }]);
    expect(world.said).toContain("orders gap-overdue");
    const [page, ...more] = world.pages;
    expect(more).toEqual([]);
    expect(page?.kind).toBe("opened");
    // The gap was seen at minute 3, and its five minutes are over after 8.
    expect(page?.atMs).toBeGreaterThan(8 * MINUTE);
    expect(page?.atMs).toBeLessThanOrEqual(9 * MINUTE);
  });

  it("nobody while a mute holds, and then once", async () => {
    const world = await watchWorld({ names: ["orders"], truth: plan([1, DOWN]) });
    await world.history.putMute({
      id: "m1",
      scope: { kind: "target", target: "orders" },
      reason: "known",
      by: "kim",
      from: new Date(START_MS).toISOString(),
      until: new Date(START_MS + 4.5 * MINUTE).toISOString(),
    });
    await world.watch(7 * MINUTE);
    expect(world.said).toEqual(["orders held by mute"]);
    expect(told(world)).toEqual(["opened at 5"]);
  });

  it("no reminder once somebody has acknowledged", async () => {
    const world = await watchWorld({ names: ["orders"], truth: plan([1, DOWN]) });
    await world.watch(5 * MINUTE);
    const record = await world.history.getPagerRecord("orders");
    expect(record?.alert).toMatchObject({ acknowledged: null });
    await world.watch(30 * MINUTE);
    expect(told(world)).toEqual(["opened at 1", "reminder at 31"]);
  });

  it("nobody for one attempt that a repeat does not confirm", async () => {
    const world = await watched(5, [2, { status: "flaky" }], [3, {}]);
    expect(told(world)).toEqual([]);
    expect(world.said).toEqual([]);
  });
});
