import { EventEmitter } from "node:events";
import { createFakeClock } from "@vigil/testkit";
import { expect, it } from "vitest";
import { listenForStop } from "../src/signals.ts";

function setUp() {
  const clock = createFakeClock();
  const source = new EventEmitter();
  const requests = listenForStop(source, clock);
  const seen: string[] = [];
  void requests.first.then(() => seen.push("first"));
  void requests.second.then(() => seen.push("second"));
  return { clock, source, requests, seen };
}

it("one key press under npm is two signals and one request", async () => {
  const { clock, source, seen } = setUp();
  source.emit("SIGINT");
  await clock.run(20);
  source.emit("SIGINT");
  await clock.run(0);
  expect(seen).toEqual(["first"]);
});

it("a second press forces", async () => {
  const { clock, source, seen } = setUp();
  source.emit("SIGTERM");
  await clock.run(500);
  source.emit("SIGINT");
  await clock.run(0);
  expect(seen).toEqual(["first", "second"]);
});

it("dispose gives the signals back", () => {
  const { source, requests } = setUp();
  requests.dispose();
  expect(source.eventNames()).toEqual([]);
});
