import type { Clock } from "@vigil/core";
import type { Gate } from "@vigil/probe";

/** The moment that a run stands for, and how far reality was behind it. */
export interface Tick {
  readonly index: number;
  /** Epoch milliseconds; exactly one interval after the tick before it. */
  readonly scheduledAt: number;
  /** From the tick to the start of this key's run, its wait at the gate included. */
  readonly lateMs: number;
}

export interface ScheduleOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly keys: readonly string[];
  /** Spreads the runs of a tick, so that they do not spoil each other's latency. */
  readonly gate: Gate;
  /** Must not reject. */
  readonly run: (key: string, tick: Tick) => Promise<void>;
  readonly onSkip: (key: string, skip: Skip) => void;
}

/** Ticks at which a key should have run and did not. */
export interface Skip {
  /** Ticks that passed while the process was held up or the machine slept. */
  readonly missed: number;
  /** The run before has outlived the interval, or has not even been let in. */
  readonly busy: boolean;
}

export interface Schedule {
  /** Starts nothing more; resolves when what is running has ended. */
  stop(): Promise<void>;
  /** Keys whose run has not ended. */
  busy(): readonly string[];
  /** Clock reading (`monotonic`) of the next tick. */
  nextTickAt(): number;
}

/**
 * Runs every key now and then once per interval, start to start: ticks are counted from the first
 * one, so that no run and no late timer moves a later tick. A run that outlives the interval makes
 * its key miss that tick; runs never pile up.
 */
export function startSchedule(options: ScheduleOptions): Schedule {
  const { clock, intervalMs, keys } = options;
  const origin = clock.monotonic();
  const labels = createLabels(clock, intervalMs);
  const runs = createRuns(options, origin);
  let next = 0;
  let cancel: () => void = () => undefined;
  let stopped = false;

  function arm(): void {
    const wait = origin + next * intervalMs - clock.monotonic();
    cancel = clock.after(Math.max(0, wait), onTimer);
  }

  function onTimer(): void {
    const elapsed = clock.monotonic() - origin;
    const due = Math.floor(elapsed / intervalMs);
    if (stopped) {
      return;
    }
    if (due < next) {
      // Timers may fire a little early; a tick never does.
      arm();
      return;
    }
    const missed = due - next;
    next = due + 1;
    arm();
    const scheduledAt = labels(due, elapsed - due * intervalMs);
    for (const key of keys) {
      runs.start(key, { index: due, scheduledAt }, missed);
    }
  }

  onTimer();
  return {
    async stop() {
      stopped = true;
      cancel();
      await runs.stop();
    },
    busy: runs.busy,
    nextTickAt: () => origin + next * intervalMs,
  };
}

interface Runs extends Pick<Schedule, "stop" | "busy"> {
  start(key: string, tick: Omit<Tick, "lateMs">, missed: number): void;
}

/** One run of each key at a time, from its wait at the gate to its end. */
function createRuns(
  { clock, intervalMs, gate, run, onSkip }: ScheduleOptions,
  origin: number,
): Runs {
  const waiting = new Set<string>();
  const running = new Map<string, Promise<void>>();
  let stopped = false;

  async function begin(key: string, tick: Omit<Tick, "lateMs">): Promise<void> {
    waiting.delete(key);
    if (stopped) {
      return;
    }
    const lateMs = clock.monotonic() - origin - tick.index * intervalMs;
    const ended = run(key, { ...tick, lateMs }).finally(() => running.delete(key));
    running.set(key, ended);
    await ended;
  }

  return {
    start(key, tick, missed) {
      const busy = waiting.has(key) || running.has(key);
      if (busy || missed > 0) {
        onSkip(key, { missed, busy });
      }
      if (!busy) {
        waiting.add(key);
        void gate.enter(() => begin(key, tick));
      }
    },
    async stop() {
      stopped = true;
      await Promise.all(running.values());
    },
    busy: () => [...running.keys()],
  };
}

/**
 * Wall-clock labels of ticks. They are counted, like the ticks, until the wall clock itself jumps
 * (the machine slept, or its time was set); then they are taken from it anew.
 */
function createLabels(clock: Clock, intervalMs: number): (index: number, lateMs: number) => number {
  let origin = clock.now();
  return (index, lateMs) => {
    const actual = clock.now() - lateMs;
    const jump = actual - (origin + index * intervalMs);
    if (Math.abs(jump) > intervalMs / 2) {
      origin += Math.round(jump);
    }
    return origin + index * intervalMs;
  };
}
