import { type FailureCode, judge, type Target } from "@vigil/core";
import { runConfirmed, runProbe } from "@vigil/probe";
import { describe, expect, it } from "vitest";
import { type FaultName, FaultSwitch } from "../src/faults.ts";
import { ERAS, type Era, start } from "./harness.ts";
import { DEPS, targetOf } from "./vigil.ts";

/** Patient with everything but a played cold start, which outlasts the other. */
const PATIENCE_MS = 15_000;
const SHORT_MS = 300;
const COLD_START = { delayMs: 5_000, requests: 1 };

function patiently(url: string, era: Era, clientTimeoutMs: number): Target {
  return targetOf(url, { era, clientTimeoutMs });
}

async function attempt(target: Target) {
  const run = await runProbe(target, DEPS, {
    runId: DEPS.randomId(),
    deadline: DEPS.clock.monotonic() + target.runTimeoutMs,
    timeoutMs: target.clientTimeoutMs,
    eraHint: null,
    extras: [],
  });
  const { status, depth, failures, coldStart } = judge(run, target);
  return { status, depth, modes: failures.map(({ mode }) => mode), coldStart };
}

/** What Vigil calls each fault, in either era. */
const NAMED: Readonly<Record<FaultName, FailureCode>> = {
  "adapter-missing": "not-mcp-response",
  "version-mismatch": "protocol-version-mismatch",
  "tools-empty": "tools-empty",
  "tool-permission": "tool-permission-denied",
  "cold-start": "timeout",
  "streaming-off": "empty-stream",
};

describe.each(ERAS)("Vigil, in the %s era", (era) => {
  it.each(Object.entries(NAMED) as [FaultName, FailureCode][])(
    "names %s within one run: %s",
    async (fault, mode) => {
      const faults = new FaultSwitch(null, COLD_START);
      const { url } = await start({ faults });
      const sound = { status: "up", depth: "sentinel", modes: [] };
      expect(await attempt(patiently(url, era, PATIENCE_MS))).toMatchObject(sound);
      faults.set(fault);
      const patience = fault === "cold-start" ? SHORT_MS : PATIENCE_MS;
      const broken = await attempt(patiently(url, era, patience));
      expect(broken).toMatchObject({ status: "down", modes: [mode] });
      faults.set(null);
      expect(await attempt(patiently(url, era, PATIENCE_MS))).toMatchObject(sound);
    },
  );

  it("sees that a cold start passes, and asks for proof", async () => {
    const { url } = await start({ faults: new FaultSwitch("cold-start", COLD_START) });
    const target = patiently(url, era, SHORT_MS);
    const { record } = await runConfirmed(target, DEPS, {
      kind: "manual",
      scheduledAt: "2026-11-22T08:00:00.000Z",
      deadline: DEPS.clock.monotonic() + 5_000,
      eraHint: null,
      extras: [],
      knownDown: false,
      confirm: true,
    });
    const { status, confirmed, coldStart, failures, attempts } = record;
    expect({ status, confirmed, coldStart, modes: failures.map(({ mode }) => mode) }).toEqual({
      status: "degraded",
      confirmed: false,
      // The attempt that met it got no headers to prove it by.
      coldStart: null,
      modes: ["transient-timeout"],
    });
    expect(attempts.map((one) => one.modes)).toEqual([["transient-timeout"], []]);
  });

  it("believes a cold start that the server tells of", async () => {
    const faults = new FaultSwitch("cold-start", { delayMs: 50, requests: 1 });
    const { url } = await start({ faults });
    const target = patiently(url, era, PATIENCE_MS);
    expect(await attempt(target)).toMatchObject({ status: "up", coldStart: true });
    expect(await attempt(target)).toMatchObject({ status: "up", coldStart: false });
  });
});
