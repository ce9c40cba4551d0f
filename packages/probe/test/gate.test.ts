import { createFakeClock } from "@vigil/testkit";
import { describe, expect, test } from "vitest";
import { AT_ONCE, createGate, PULSE_MS } from "../src/gate.ts";

/** Runs that end when told to, behind a gate whose event loop is as busy as told. */
function setUp() {
  const clock = createFakeClock();
  const loop = { share: 0, active: 0, seenMs: 0 };
  const loopTime = () => {
    loop.active += (clock.monotonic() - loop.seenMs) * loop.share;
    loop.seenMs = clock.monotonic();
    return { active: loop.active, idle: clock.monotonic() - loop.active };
  };
  const gate = createGate({ clock, loopTime });
  const startedAt: number[] = [];
  const ends: (() => void)[] = [];
  const enter = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      gate.enter(async () => {
        startedAt.push(clock.monotonic());
        await new Promise<void>((resolve) => ends.push(resolve));
        return i;
      }),
    );
  return { clock, loop, gate, startedAt, ends, enter };
}

describe("the gate", () => {
  test("a run alone starts at once", () => {
    const { startedAt, enter, clock } = setUp();
    enter(1);
    expect({ startedAt, timers: clock.pending }).toEqual({ startedAt: [0], timers: 0 });
  });

  test("a new process lets in the second when it is calm, then one by one, in their order", async () => {
    const { startedAt, ends, enter, clock } = setUp();
    const results = Promise.all(enter(4));
    await clock.run(1_000);
    expect(startedAt).toEqual([0, 60, 70, 80]);
    for (const end of ends) end();
    expect(await results).toEqual([0, 1, 2, 3]);
    expect(clock.pending).toBe(0);
  });

  test("while the event loop is busy, only who is overdue", async () => {
    const { startedAt, loop, enter, clock } = setUp();
    loop.share = 0.7;
    enter(8);
    await clock.run(450);
    loop.share = 0.3;
    await clock.run(1_000);
    expect(startedAt).toEqual([0, 100, 200, 300, 400, 480, 490, 500]);
  });

  test("never more than there may be at once; an end makes room for one", async () => {
    const { startedAt, ends, enter, clock } = setUp();
    enter(AT_ONCE + 2);
    await clock.run(2 * AT_ONCE * PULSE_MS);
    expect(startedAt).toHaveLength(AT_ONCE);
    ends.shift()?.();
    await clock.run(10 * PULSE_MS);
    expect(startedAt).toHaveLength(AT_ONCE + 1);
  });

  test("one that fails tells its caller and makes room", async () => {
    const { gate, enter, startedAt } = setUp();
    const failed = gate.enter(() => Promise.reject(new Error("no")));
    await expect(failed).rejects.toThrow("no");
    enter(1);
    expect(startedAt).toEqual([0]);
  });

  test("a loop that was busy long ago counts as calm", async () => {
    const { startedAt, loop, ends, enter, clock } = setUp();
    loop.share = 1;
    enter(2);
    await clock.run(1_000);
    for (const end of ends) end();
    loop.share = 0;
    await clock.run(60_000);
    startedAt.length = 0;
    enter(3);
    const from = clock.monotonic();
    await clock.run(1_000);
    expect(startedAt.map((at) => at - from)).toEqual([0, PULSE_MS, 2 * PULSE_MS]);
  });
});
