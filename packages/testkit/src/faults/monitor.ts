import type { Clock } from "@vigil/core";
import type { Fault } from "../fault.ts";
import { spotsOf } from "../moments.ts";
import { soundStage } from "../stage.ts";

/** A clock whose second timer cannot be set: the first is the connection's. */
function breaking(real: Clock): Clock {
  let timers = 0;
  return {
    now: () => real.now(),
    monotonic: () => real.monotonic(),
    after(ms, fn) {
      timers += 1;
      if (timers === 2) throw new RangeError("no timers left");
      return real.after(ms, fn);
    },
  };
}

/** Faults of the monitor's own side: the server is sound in all of them. */
export const MONITOR_FAULTS: readonly Fault[] = [
  {
    code: "secret-unavailable",
    title: "a token that is not set",
    spots: spotsOf(["authorize"]),
    start: (spot) => soundStage(spot),
    target: { bearer: "env:ORDERS_TOKEN" },
    monitor: { secrets: {} },
    evidence: () => ({ detail: "env:ORDERS_TOKEN" }),
  },
  {
    code: "secret-unavailable",
    title: "a token that is empty",
    spots: spotsOf(["authorize"]),
    start: (spot) => soundStage(spot),
    target: { bearer: "env:ORDERS_TOKEN" },
    monitor: { secrets: { ORDERS_TOKEN: "" } },
    evidence: () => ({ detail: "env:ORDERS_TOKEN" }),
  },
  {
    code: "deadline-exhausted",
    title: "a run whose turn comes when its time is up",
    spots: spotsOf(["connect"]),
    start: (spot) => soundStage(spot),
    monitor: { deadlineMs: 0 },
  },
  {
    code: "probe-error",
    title: "a monitor that breaks",
    spots: spotsOf(["authorize"]),
    start: (spot) => soundStage(spot),
    monitor: { clock: breaking },
  },
];
