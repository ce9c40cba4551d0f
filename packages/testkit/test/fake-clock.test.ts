import { expect, test } from "vitest";
import { createFakeClock } from "../src/fake-clock.ts";

test("starts at the given time and stands still", () => {
  const clock = createFakeClock(1_000);
  expect([clock.now(), clock.monotonic(), clock.pending]).toEqual([1_000, 0, 0]);
});

test("runs due timers in order of time, then of making", () => {
  const clock = createFakeClock();
  const ran: string[] = [];
  const timer = (ms: number, name: string) =>
    clock.after(ms, () => ran.push(`${name} at ${clock.monotonic()}`));
  timer(30, "late");
  timer(10, "first");
  timer(10, "second");
  timer(31, "not yet");
  clock.advance(30);
  expect(ran).toEqual(["first at 10", "second at 10", "late at 30"]);
  expect(clock.pending).toBe(1);
});

test("runs timers that a timer sets, when they come due within the same advance", () => {
  const clock = createFakeClock();
  const ran: number[] = [];
  const again = () => {
    ran.push(clock.monotonic());
    clock.after(10, again);
  };
  clock.after(10, again);
  clock.advance(35);
  expect(ran).toEqual([10, 20, 30]);
  expect(clock.monotonic()).toBe(35);
  expect(clock.pending).toBe(1);
});

test("a cancelled timer never runs", () => {
  const clock = createFakeClock();
  const cancel = clock.after(5, () => expect.unreachable());
  cancel();
  clock.advance(10);
  expect(clock.pending).toBe(0);
});

test("run lets promises go on between timers", async () => {
  const clock = createFakeClock();
  const sleep = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  const ran: number[] = [];
  const loop = (async () => {
    for (let index = 0; index < 3; index += 1) {
      await sleep(10);
      ran.push(clock.monotonic());
    }
  })();
  await clock.run(30);
  await loop;
  expect(ran).toEqual([10, 20, 30]);
});
