import { stat } from "node:fs/promises";
import type { Clock } from "@vigil/core";
import { onTestFinished } from "vitest";
import { systemClock } from "../../src/clock.ts";
import {
  type Connection,
  type ConnectionOptions,
  NetworkFailure,
  openConnection,
} from "../../src/connection.ts";

/** Time-outs in tests that must not run into one. */
export const AMPLE_MS = 10_000;

export function connectionTo(url: URL, options: Partial<ConnectionOptions> = {}): Connection {
  const connection = openConnection(url, { clock: systemClock, ...options });
  onTestFinished(() => connection.destroy());
  return connection;
}

/** As {@link connectionTo}, with its first socket open. */
export async function opened(
  url: URL,
  options: Partial<ConnectionOptions> = {},
): Promise<Connection> {
  const connection = connectionTo(url, options);
  const result = await connection.open(AMPLE_MS);
  if (result.kind !== "open") throw new Error(`not open: ${JSON.stringify(result)}`);
  return connection;
}

/** The network failure that a promise rejects with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return { resolved: await promise };
  } catch (error) {
    return error instanceof NetworkFailure ? error.failure : error;
  }
}

/** Lets the event loop poll its sockets `turns` times. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets both the event loop and the thread pool, where zlib works, get on. */
export async function poolRounds(count: number): Promise<void> {
  for (let round = 0; round < count; round++) {
    await stat(import.meta.filename);
    await turns(1);
  }
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

interface ManualClock extends Clock {
  advance(ms: number): void;
}

export function manualClock(): ManualClock {
  let nowMs = 0;
  const timers = new Map<() => void, number>();
  return {
    now: () => nowMs,
    monotonic: () => nowMs,
    after: (ms, fn) => {
      const fire = () => fn();
      timers.set(fire, nowMs + ms);
      return () => timers.delete(fire);
    },
    advance: (ms) => {
      nowMs += ms;
      for (const [fire, atMs] of [...timers]) {
        if (atMs > nowMs) continue;
        timers.delete(fire);
        fire();
      }
    },
  };
}
