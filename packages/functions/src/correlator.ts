import { randomUUID as randomId } from "node:crypto";
import { spacedTurns } from "@vigil/aws";
import { createDeploymentObserver, type DeploymentObserver } from "@vigil/aws/deployments";
import { createLaterCall } from "@vigil/aws/deployments-calls";
import { createPublisher } from "@vigil/aws/publish";
import { createSpilloverReader } from "@vigil/aws/spillover";
import { callSpacingMs, followedShards } from "@vigil/core";
import { systemClock as clock } from "@vigil/probe";
import { type CorrelatorOutcome, CorrelatorRuntime } from "./correlator-runtime.ts";
import { EnvironmentError, readEnvironment } from "./environment.ts";
import { createLog } from "./log.ts";
import { readConfig } from "./read-config.ts";
import { openHistory } from "./sinks.ts";
import { start } from "./start.ts";

const runtime = start(openCorrelator);

function openCorrelator(): CorrelatorRuntime {
  const environment = readEnvironment(process.env);
  const config = readConfig(environment.configPath);
  const log = createLog(environment.vantage);
  const { home: region } = environment;
  const probe = process.env["VIGIL_PROBE"];
  if (!probe) throw new EnvironmentError(["VIGIL_PROBE is not set"]);
  const spacingMs = callSpacingMs(followedShards(config.targets).length);
  const observers = new Map<string, DeploymentObserver>();
  return new CorrelatorRuntime({
    config,
    clock,
    log,
    history: openHistory(environment, clock, log)(0),
    observerOf(place) {
      const turn = spacedTurns(clock, spacingMs);
      const open = observers.get(place) ?? createDeploymentObserver({ region: place, clock, turn });
      observers.set(place, open);
      return open;
    },
    spilloverOf: (place) => createSpilloverReader({ region: place }),
    publisher: createPublisher({ region }),
    probe: createLaterCall({ region, functionName: probe }),
    randomId,
  });
}

/** For the Scheduler's `{shard, scheduledAt}`, every minute. */
export const handler = (event: unknown): Promise<CorrelatorOutcome> => runtime.invoke(event);
