import type { Clock } from "@vigil/core";
import {
  type RecordedRequest,
  type RunningServer,
  soundLegacy,
  soundModern,
  startServer,
  stream,
  text,
} from "@vigil/testkit";
import { afterEach, describe, expect, it, vi } from "vitest";
// Loaded ahead: the first load of an SDK takes time that the first run would be short of.
import "../src/legacy-leg.ts";
import "../src/modern-leg.ts";
import { runConfirmed, systemClock } from "../src/index.ts";
import { DEPS, probe, target } from "./harness.ts";

/** What the official SDKs leave behind, and what a run must not take along into the next. */
let server: RunningServer;

afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

const ERAS = [
  ["legacy", soundLegacy, "initialize"],
  ["modern", soundModern, "server/discover"],
] as const;

/** Ample, however busy the machine is. */
const PATIENT = { clientTimeoutMs: 20_000, slowMs: 19_999, runTimeoutMs: 25_000 };

/** No time-out comes by itself: `release` lets all come at once, and tells how long each was. */
function heldClock() {
  const held = new Map<() => void, number>();
  const clock: Clock = {
    ...systemClock,
    after: (ms, fn) => {
      held.set(fn, ms);
      return () => void held.delete(fn);
    },
  };
  const release = () => {
    const delaysMs = [...held.values()];
    for (const fn of [...held.keys()]) fn();
    return delaysMs;
  };
  return { clock, release };
}

/** Connections that each attempt's requests came on; `opening` is the first request of an attempt. */
function connectionsByAttempt(requests: readonly RecordedRequest[], opening: string): number[][] {
  const attempts: Set<number>[] = [];
  for (const { rpc, connection } of requests) {
    if (rpc?.method === opening) attempts.push(new Set());
    attempts.at(-1)?.add(connection);
  }
  return attempts.map((connections) => [...connections]);
}

describe("after a run", () => {
  it("v1 sets its timer again when close() breaks a resumption", async () => {
    const retryMs = 41;
    const { clock, release } = heldClock();
    const sound = soundLegacy();
    server = await startServer((request) => {
      if (request.httpMethod === "GET") {
        release();
        return { kind: "hang" };
      }
      if (request.rpc?.method !== "tools/list") return sound(request);
      return stream([{ bytes: `retry: ${retryMs}\nid: 1\ndata: \n\n` }]);
    });
    const timers = vi.spyOn(globalThis, "setTimeout");
    const overrides = { era: "legacy", ...PATIENT } as const;
    const options = { deps: { clock }, runTimeoutMs: 25_000 };
    expect((await probe(server.url, overrides, options)).modes).toEqual(["timeout"]);
    // The SDK hears of its broken GET a few promises later.
    await new Promise((done) => setImmediate(done));
    expect(timers.mock.calls.filter(([, ms]) => ms === retryMs)).toHaveLength(1);
  });

  it("a DELETE that is never answered costs two seconds, not the rest of the run", async () => {
    const { clock, release } = heldClock();
    const sound = soundLegacy();
    let waitsMs: readonly number[] = [];
    server = await startServer((request) => {
      if (request.httpMethod !== "DELETE") return sound(request);
      waitsMs = release();
      return { kind: "hang" };
    });
    const overrides = { era: "legacy", ...PATIENT } as const;
    const options = { deps: { clock }, runTimeoutMs: 25_000 };
    expect((await probe(server.url, overrides, options)).modes).toEqual([]);
    expect(waitsMs).toEqual([2_000]);
  });

  it.each(ERAS)("each attempt has one connection of its own (%s)", async (era, sound, opening) => {
    const script = sound();
    server = await startServer((request) =>
      request.rpc?.method === "tools/list" && request.occurrence === 1
        ? text("no", { status: 500 })
        : script(request),
    );
    const confirm = { delaysMs: [0], withinMs: 25_000 };
    const watched = target(server.url, { era, ...PATIENT, confirm });
    const { record } = await runConfirmed(watched, DEPS, {
      kind: "manual",
      scheduledAt: "2026-11-22T08:00:00.000Z",
      deadline: DEPS.clock.monotonic() + 25_000,
      eraHint: null,
      extras: [],
      knownDown: false,
      confirm: true,
    });
    expect(record.attempts.map(({ status }) => status)).toEqual(["down", "up"]);
    expect(connectionsByAttempt(server.requests, opening)).toEqual([[1], [2]]);
    await vi.waitFor(() => expect(server.open()).toBe(0));
  });
});
