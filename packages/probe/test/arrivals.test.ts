import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { createFakeClock } from "@vigil/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../src/clock.ts";
import { arrivalsOf, createArrivals } from "../src/net/arrivals.ts";
import { Recorder } from "../src/recorder.ts";
import { opened } from "./connection/support.ts";

/** A loop whose turns and waits are the test's. */
function setUp() {
  const clock = createFakeClock();
  const loop = { idleMs: 0, endTurn: () => {} };
  const arrivals = createArrivals({
    clock,
    idleMs: () => loop.idleMs,
    endOfTurn: (fn) => {
      loop.endTurn = fn;
    },
  });
  return { clock, loop, arrivals };
}

describe("arrivals", () => {
  test("all of one turn came when the first of them was read", () => {
    const { clock, loop, arrivals } = setUp();
    clock.advance(7);
    const stamps = [arrivals.stamp(0)];
    clock.advance(40);
    stamps.push(arrivals.stamp(0));
    loop.endTurn();
    loop.idleMs += 1;
    stamps.push(arrivals.stamp(0));
    clock.advance(5);
    stamps.push(arrivals.stamp(0));
    expect(stamps).toEqual([7, 7, 47, 47]);
  });

  test("what the loop waited for came when it came", () => {
    const { clock, loop, arrivals } = setUp();
    clock.advance(100);
    arrivals.stamp(0);
    loop.endTurn();
    clock.advance(30);
    loop.idleMs += 0.1;
    expect(arrivals.stamp(0)).toBe(130);
  });

  test("what it found as soon as it looked came in the middle of its work", () => {
    const { clock, loop, arrivals } = setUp();
    clock.advance(100);
    arrivals.stamp(0);
    clock.advance(30);
    loop.endTurn();
    clock.advance(10);
    expect(arrivals.stamp(0)).toBe(120);
  });

  test("or of that part of it that came after the request", () => {
    const { clock, loop, arrivals } = setUp();
    clock.advance(100);
    arrivals.stamp(0);
    loop.endTurn();
    clock.advance(40);
    expect([arrivals.stamp(130), arrivals.stamp(120)]).toEqual([135, 130]);
  });

  test("nothing came before its request, even where a turn began before that", () => {
    const { clock, arrivals } = setUp();
    clock.advance(100);
    arrivals.stamp(0);
    clock.advance(40);
    expect(arrivals.stamp(130)).toBe(130);
  });

  test("a turn of the real event loop ends by itself", async () => {
    const clock = createFakeClock();
    const { stamp } = arrivalsOf(clock);
    stamp(0);
    clock.advance(40);
    await new Promise((resolve) => setImmediate(resolve));
    expect(stamp(0)).toBe(40);
  });

  test("who has the same clock shares its stamps", () => {
    expect(arrivalsOf(systemClock)).toBe(arrivalsOf(systemClock));
    expect(arrivalsOf(createFakeClock())).not.toBe(arrivalsOf(createFakeClock()));
  });
});

/** A server in a thread of its own, whose two answers are on the wire before either is read. */
const SERVER = `
  const { createServer } = require("node:http");
  const { parentPort, workerData } = require("node:worker_threads");
  const turn = new Int32Array(workerData);
  const waiting = [];
  const server = createServer((request, response) => {
    if (waiting.push(response) < 2) return;
    parentPort.postMessage("both asked");
    Atomics.wait(turn, 0, 0);
    for (const each of waiting) {
      each.writeHead(200, { "content-type": "application/json" });
      each.end('{"jsonrpc":"2.0","id":1,"result":{}}');
    }
    setImmediate(() => {
      Atomics.store(turn, 1, 1);
      Atomics.notify(turn, 1);
    });
  });
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

/** How long each answer's reader holds up the other; also how wrong its time would be. */
const READING_MS = 100;

test("an answer that waits while another is read counts as come when it came", async () => {
  const shared = new SharedArrayBuffer(8);
  const turn = new Int32Array(shared);
  const worker = new Worker(SERVER, { eval: true, workerData: shared });
  onTestFinished(async () => void (await worker.terminate()));
  const [port] = (await once(worker, "message")) as [number];
  worker.once("message", () => {
    Atomics.store(turn, 0, 1);
    Atomics.notify(turn, 0);
    Atomics.wait(turn, 1, 0);
  });
  const url = new URL(`http://127.0.0.1:${port}/mcp`);
  const answers = await Promise.all([readSlowly(url), readSlowly(url)]);
  const firstReadMs = Math.min(...answers.map(({ readMs }) => readMs));
  expect(answers.filter(({ cameMs }) => cameMs > firstReadMs)).toEqual([]);
});

interface Answered {
  readonly cameMs: number;
  readonly readMs: number;
}

/** When the answer came in the eyes of a recorder, and was read by a client that then holds the process. */
async function readSlowly(url: URL): Promise<Answered> {
  const connection = await opened(url);
  const recorder = new Recorder({
    connection,
    clock: systemClock,
    startedAt: 0,
    maxResponseBytes: 1_000,
    headers: {},
    url,
    era: "legacy",
    redact: (text) => text,
  });
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  await (await recorder.fetch(url, { method: "POST", body })).text();
  const readMs = performance.now();
  while (performance.now() < readMs + READING_MS);
  return { cameMs: recorder.finish("left-open")[0]?.endMs ?? Number.NaN, readMs };
}
