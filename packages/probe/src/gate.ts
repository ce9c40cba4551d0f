import { performance } from "node:perf_hooks";
import type { Clock } from "@vigil/core";

/** Runs that are under way at once, at most, for the sake of sockets and memory. */
export const AT_ONCE = 250;
/**
 * Runs are let in while the event loop is busy for less than this part of its time. A loop that is
 * busier reads answers late, and its own delay would count as the servers'. `docs/performance.md`
 * has the measurements.
 */
export const BUSY_LIMIT = 0.6;
/** How often the gate looks; it lets in one run each time. */
export const PULSE_MS = 10;
/** What the gate remembers of how busy the loop was. */
export const MEMORY_MS = 100;
/** However busy the process is, for reasons of its own too, a run is let in this often. */
export const OVERDUE_MS = 100;

/** What the event loop has spent its time on, in milliseconds since some moment. */
export interface LoopTime {
  readonly active: number;
  readonly idle: number;
}

export interface GateOptions {
  readonly clock: Clock;
  readonly loopTime?: () => LoopTime;
}

/** Starts runs no faster than their latency can be told truthfully, in the order they came. */
export interface Gate {
  /** Calls `run` when there is room, at once if nothing else is under way. */
  enter<T>(run: () => Promise<T>): Promise<T>;
}

export function createGate(options: GateOptions): Gate {
  const { clock } = options;
  const waiting: (() => void)[] = [];
  const busy = createMeter(options.loopTime ?? (() => performance.eventLoopUtilization()));
  let running = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  let watching = false;

  function admit(): void {
    lastMs = clock.monotonic();
    waiting.shift()?.();
  }

  function pulse(): void {
    watching = true;
    clock.after(PULSE_MS, () => {
      const calm = busy() < BUSY_LIMIT || clock.monotonic() - lastMs >= OVERDUE_MS;
      if (calm && running < AT_ONCE) admit();
      if (waiting.length > 0) pulse();
      else watching = false;
    });
  }

  async function start<T>(run: () => Promise<T>): Promise<T> {
    running += 1;
    try {
      return await run();
    } finally {
      running -= 1;
    }
  }

  return {
    enter: (run) =>
      new Promise((resolve, reject) => {
        waiting.push(() => start(run).then(resolve, reject));
        if (running === 0 && waiting.length === 1) admit();
        else if (!watching) pulse();
      }),
  };
}

/** The part of the recent time in which the event loop was busy, 0 to 1. */
function createMeter(loopTime: () => LoopTime): () => number {
  let seen = loopTime();
  // Of a process that has only begun, nothing is known: its first run loads and compiles.
  let share = 1;
  return () => {
    const now = loopTime();
    const active = now.active - seen.active;
    const passed = active + now.idle - seen.idle;
    seen = now;
    if (passed > 0) share += (1 - Math.exp(-passed / MEMORY_MS)) * (active / passed - share);
    return share;
  };
}
