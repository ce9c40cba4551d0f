import { spacedTurns } from "@vigil/aws";
import { createDeploymentObserver, type DeploymentObserver } from "@vigil/aws/deployments";
import { type Clock, callSpacingMs, effectiveStatus, OPEN_LOOK_MS, type Target } from "@vigil/core";
import type { ConfirmedRun } from "@vigil/probe";
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import type { CheckFlags } from "./flags.ts";
import { formatDuration } from "./time.ts";
import { sleep, type Waited, waitForFunction } from "./wait-function.ts";

const DEFAULT_WAIT_MS = 5 * 60_000;

type Tell = (line: string) => void;

/** What --wait-ready waits for, until --timeout is over. */
export interface CheckWait {
  /** Until the target's function serves from warm environments. */
  forFunction(target: Target, tell: Tell): Promise<Waited>;
  /** Probes again until a run does not fail; one that could not judge is not repeated. */
  forAnswers(probe: () => Promise<ConfirmedRun>, tell: Tell): Promise<ConfirmedRun>;
}

export function createCheckWait({ timeout, failOn }: CheckFlags, clock: Clock): CheckWait {
  const startMs = clock.monotonic();
  const endMs = startMs + (timeout ?? DEFAULT_WAIT_MS);
  const observerOf = observers(clock);
  return {
    forFunction: (target, tell) => waitForFunction(target, { clock, endMs, observerOf, tell }),
    async forAnswers(probe, tell) {
      for (;;) {
        const run = await probe();
        const status = effectiveStatus(run.record);
        const code = exitCodeOf(status, failOn);
        const isOver = code === EXIT.up || code === EXIT.unknown;
        if (isOver || clock.monotonic() + OPEN_LOOK_MS > endMs) return run;
        const modes = run.record.failures.map(({ mode }) => mode).join(", ");
        const waited = formatDuration(clock.monotonic() - startMs);
        tell(`${status} (${modes}) after ${waited}; trying again`);
        await sleep(clock, OPEN_LOOK_MS);
      }
    },
  };
}

/** One a region, with this machine's AWS credentials. */
function observers(clock: Clock): (region: string) => DeploymentObserver {
  const byRegion = new Map<string, DeploymentObserver>();
  return (region) => {
    const known = byRegion.get(region);
    if (known !== undefined) return known;
    const turn = spacedTurns(clock, callSpacingMs(1));
    const observer = createDeploymentObserver({ region, clock, turn });
    byRegion.set(region, observer);
    return observer;
  };
}
