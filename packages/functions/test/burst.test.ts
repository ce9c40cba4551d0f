import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Runtime } from "../src/runtime.ts";
import { type Cloud, configOf, type HeardLog, hearLog, startCloud } from "./harness.ts";
import { ENVIRONMENT, ended, recordOf } from "./records.ts";

const PLENTY = { getRemainingTimeInMillis: () => 60_000 };
const EVERY_MS = 5_000;

let cloud: Cloud;
let clock: FakeClock;
let log: HeardLog;
/** Runs as `delivery target second`. */
let probed: string[];

beforeEach(async () => {
  cloud = await startCloud();
  clock = createFakeClock();
  log = hearLog();
  probed = [];
});
afterEach(() => cloud.close());

const second = () => Math.round(clock.monotonic() / 1_000);

function environment(delivery: string): Runtime {
  return new Runtime({
    environment: ENVIRONMENT,
    config: configOf(3),
    clock,
    historyOf: () => cloud.historyOf(clock),
    sinks: { ...cloud.sinks, log },
    log,
    async probe({ name: target }, options) {
      probed.push(`${delivery} ${target} ${second()}`);
      return ended(recordOf({ ...options, target, status: "up" }));
    },
    prove: () => null,
    gate: { enter: (run) => run() },
    randomId: () => `delivery ${delivery}`,
  });
}

interface Burst {
  readonly targets: readonly string[];
  readonly seconds: number;
}

/** Delivers bursts at once, and lets time pass while each of them waits for it. */
async function burst(deliveries: Readonly<Record<string, Burst>>): Promise<void> {
  let underWay = 0;
  for (const [delivery, { targets, seconds }] of Object.entries(deliveries)) {
    underWay += 1;
    const event = { targets, everyMs: EVERY_MS, untilMs: clock.now() + seconds * 1_000 };
    void environment(delivery)
      .invoke(event, PLENTY)
      .then(() => {
        underWay -= 1;
      });
  }
  while (underWay > 0) {
    if (clock.pendingWithin(EVERY_MS) >= underWay) await clock.run(100);
    else await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Who probed what, by the second. */
const rounds = (target: string) =>
  probed
    .map((what) => what.split(" "))
    .filter(([, name]) => name === target)
    .map(([delivery, , at]) => ({ delivery, at: Number(at) }));

describe("bursts of one target", () => {
  it("that are one request, delivered twice, probe it once in each round", async () => {
    await burst({
      a: { targets: ["t0", "t1"], seconds: 12 },
      b: { targets: ["t0", "t1"], seconds: 12 },
    });
    for (const target of ["t0", "t1"]) {
      expect(rounds(target).map(({ at }) => at)).toEqual([0, 5, 10]);
      expect(new Set(rounds(target).map(({ delivery }) => delivery)).size).toBe(1);
    }
    expect(log.troubles).toEqual([]);
  });

  it("that overlap probe it once in each round; targets of one alone are none of the other's", async () => {
    await burst({
      a: { targets: ["t0", "t1"], seconds: 12 },
      b: { targets: ["t1", "t2"], seconds: 12 },
    });
    for (const target of ["t0", "t1", "t2"]) {
      expect(rounds(target).map(({ at }) => at)).toEqual([0, 5, 10]);
    }
  });

  it("go on with the longer one when the one that holds it ends", async () => {
    await burst({ short: { targets: ["t0"], seconds: 7 }, long: { targets: ["t0"], seconds: 32 } });
    const all = rounds("t0");
    // Whoever comes first holds it; the other waits for two rounds after the holder's last.
    const waited =
      all[0]?.delivery === "short" ? [0, 5, 15, 20, 25, 30] : [0, 5, 10, 15, 20, 25, 30];
    expect(all.map(({ at }) => at)).toEqual(waited);
    expect(all.at(-1)).toEqual({ delivery: "long", at: 30 });
  });

  it("follow each other without a wait when the one before is over for two rounds", async () => {
    await burst({ a: { targets: ["t0"], seconds: 3 } });
    clock.advance(2 * EVERY_MS);
    probed = [];
    await burst({ b: { targets: ["t0"], seconds: 3 } });
    expect(rounds("t0").map(({ delivery }) => delivery)).toEqual(["b"]);
  });

  it("go on without history, no longer and no more often than they were asked", async () => {
    cloud.away("dynamodb");
    await burst({ a: { targets: ["t0"], seconds: 12 }, b: { targets: ["t0"], seconds: 12 } });
    for (const one of ["a", "b"]) {
      const own = rounds("t0").filter(({ delivery }) => delivery === one);
      expect(own.map(({ at }) => at)).toEqual([0, 5, 10]);
    }
    const unguarded = log.troubles.filter(({ code }) => code === "burst-unguarded");
    const reason = { reason: "history-unavailable" };
    expect(unguarded.map(({ details }) => details)).toEqual([reason, reason]);
    // What could not be recorded waits in the queue.
    expect(cloud.calls("sqs").length).toBeGreaterThan(0);
  });
});
