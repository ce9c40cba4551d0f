import { type History, HistoryError } from "@vigil/aws";
import type { Datapoint, RunRecord } from "@vigil/core";
import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import { Runtime } from "../src/runtime.ts";
import { configOf, type HeardLog, hearLog } from "./harness.ts";
import { ENVIRONMENT, ended, recordOf } from "./records.ts";

const TARGETS = 3;
/** What the platform gives an invocation; it then ends it, whatever it is at. */
const LAMBDA_MS = 55_000;
/** What the real clients wait for a service that takes requests and never answers: three tries. */
const SILENT_MS = 9_300;

type Silent = "history" | "metrics" | "pager";
type Spell = "at once" | "as long as they may";

let clock: FakeClock;
let log: HeardLog;
let spilled: { runs: RunRecord[]; datapoints: Datapoint[] };

beforeEach(() => {
  clock = createFakeClock();
  log = hearLog();
  spilled = { runs: [], datapoints: [] };
});

const after = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));

/** Every question and every write waits until the client gives up. */
const SILENT_HISTORY = new Proxy({} as History, {
  get: () => async () => {
    await after(SILENT_MS);
    throw new HistoryError("history-unavailable", "no answer", null);
  },
});

const SOUND_HISTORY = new Proxy({} as History, {
  get: (_target, name) => async () => (name === "states" ? [] : answers[String(name)]),
});
const answers: Readonly<Record<string, unknown>> = {
  claimBurst: "claimed",
  recordRun: "written",
  putState: "written",
  putIncident: "written",
  openIncident: null,
};

function runtime(silent: readonly Silent[], spell: Spell): Runtime {
  const isSilent = (what: Silent) => silent.includes(what);
  return new Runtime({
    environment: ENVIRONMENT,
    config: configOf(TARGETS),
    clock,
    historyOf: () => (isSilent("history") ? SILENT_HISTORY : SOUND_HISTORY),
    sinks: {
      publisher: {
        async publish(datapoints) {
          if (!isSilent("metrics")) return { sent: datapoints.length, failed: [] };
          await after(SILENT_MS);
          return { sent: 0, failed: [{ datapoints, code: "TimeoutError" }] };
        },
      },
      spill: {
        async spillRuns(runs) {
          spilled.runs.push(...runs);
          return { spilled: runs.length, lost: 0, code: null };
        },
        async spillDatapoints(datapoints) {
          spilled.datapoints.push(...datapoints);
          return { spilled: datapoints.length, lost: 0, code: null };
        },
      },
      pager: {
        async tell() {
          if (!isSilent("pager")) return null;
          await after(SILENT_MS);
          return "TimeoutError";
        },
      },
      log,
    },
    log,
    probe: async (target, options) => {
      if (spell !== "at once") await after(options.deadline - clock.monotonic());
      return ended(recordOf({ ...options, target: target.name, status: "down" }));
    },
    prove: () => null,
    gate: { enter: (run) => run() },
    randomId: () => crypto.randomUUID(),
  });
}

/** One minute's invocation; null when the platform ended it. */
function minute(silent: readonly Silent[], spell: Spell) {
  const scheduledAt = new Date(clock.now()).toISOString();
  return invoke({ shard: 0, scheduledAt }, silent, spell);
}

async function invoke(event: object, silent: readonly Silent[], spell: Spell) {
  let outcome: object | null = null;
  const context = { getRemainingTimeInMillis: () => LAMBDA_MS - clock.monotonic() };
  void runtime(silent, spell)
    .invoke(event, context)
    .then((ended) => {
      outcome = ended;
    });
  while (outcome === null && clock.monotonic() < LAMBDA_MS) await clock.run(100);
  return outcome as object | null;
}

const successes = () => spilled.datapoints.filter(({ metric }) => metric === "ProbeSuccess").length;

describe("a home that takes requests and never answers", () => {
  const SPELLS: readonly Spell[] = ["at once", "as long as they may"];
  const cases = SPELLS.flatMap((spell) =>
    (
      [
        [["history"], { runs: TARGETS, successes: 0 }],
        [["metrics"], { runs: 0, successes: TARGETS }],
        [["history", "metrics"], { runs: TARGETS, successes: TARGETS }],
        [["history", "metrics", "pager"], { runs: TARGETS, successes: TARGETS }],
      ] as const
    ).map(([silent, kept]) => [silent, spell, kept] as const),
  );

  it.each(cases)("(%s) loses nothing of targets that take %s", async (silent, spell, kept) => {
    const outcome = await minute(silent, spell);
    expect({ outcome, runs: spilled.runs.length, successes: successes() }).toMatchObject({
      outcome: { outcome: "probed", runs: TARGETS, spilled: kept.runs },
      ...kept,
    });
    expect(log.runs).toHaveLength(TARGETS);
  });

  it.each(cases)("(%s) does not outlast a burst of runs that take %s", async (silent, spell) => {
    const targets = configOf(TARGETS).targets.map(({ name }) => name);
    const event = { targets, everyMs: 5_000, untilMs: clock.now() + 2 * LAMBDA_MS };
    const outcome = await invoke(event, silent, spell);
    expect(outcome).toMatchObject({ outcome: "probed", runs: log.runs.length });
    expect(log.runs.length).toBeGreaterThanOrEqual(TARGETS);
    const isKept = (silent as readonly Silent[]).includes("history");
    expect(spilled.runs.length).toBe(isKept ? log.runs.length : 0);
  });
});
