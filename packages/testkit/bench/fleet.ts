import { randomUUID } from "node:crypto";
import { type RunRecord, type Target, targetFromUrl } from "@vigil/core";
import { createGate, type ProbeDeps, runConfirmed, systemClock } from "@vigil/probe";
import { progress } from "./measure.ts";

export interface Fleet {
  readonly records: readonly RunRecord[];
  readonly seconds: number;
  /** Most runs that were under way at once. */
  readonly peak: number;
}

const DEPS: ProbeDeps = {
  vantage: "local",
  clock: systemClock,
  secrets: async () => null,
  version: "0.0.0",
  randomId: randomUUID,
};
const PATIENCE_MS = 30_000;

/** Targets `t0`, `t1`, … of one server, each at a path of its own. */
export function targetsOf(port: number, count: number): readonly Target[] {
  return Array.from({ length: count }, (_, i) => {
    const read = targetFromUrl(`http://127.0.0.1:${port}/t${i}`, {
      name: `t${i}`,
      era: "legacy",
      sentinels: [{ tool: "sentinel", expect: { equals: "ok" } }],
    });
    if (!read.ok) throw new Error(JSON.stringify(read.findings));
    return read.target;
  });
}

/** All are due at once and go through the gate, as in `vigil check` and `vigil watch`. */
export async function probeFleet(name: string, targets: readonly Target[]): Promise<Fleet> {
  const gate = createGate({ clock: systemClock });
  const records: RunRecord[] = [];
  const fromMs = systemClock.monotonic();
  let running = 0;
  let peak = 0;
  const probe = async (target: Target) => {
    running += 1;
    peak = Math.max(peak, running);
    records.push(await probeOnce(target));
    running -= 1;
    if (records.length % Math.ceil(targets.length / 4) === 0) {
      progress(`${name}: ${records.length} of ${targets.length} runs`);
    }
  };
  await Promise.all(targets.map((target) => gate.enter(() => probe(target))));
  return { records, seconds: (systemClock.monotonic() - fromMs) / 1_000, peak };
}

async function probeOnce(target: Target): Promise<RunRecord> {
  const { record } = await runConfirmed(target, DEPS, {
    kind: "manual",
    scheduledAt: new Date(systemClock.now()).toISOString(),
    deadline: systemClock.monotonic() + PATIENCE_MS,
    eraHint: null,
    knownDown: false,
    extras: [],
    confirm: true,
  });
  const { status, depth, attempts } = record;
  if (status !== "up" || depth !== "sentinel" || attempts.length !== 1) {
    throw new Error(`the probe is not up at once: ${JSON.stringify(record)}`);
  }
  return record;
}
