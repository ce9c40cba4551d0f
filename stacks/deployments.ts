import { CORRELATOR_STAY_MS, capacity, followedShards, policyGroups } from "@vigil/core";
import { createFunction } from "./function.ts";
import { forwardChanges } from "./hints.ts";
import {
  mayFollow,
  mayInvoke,
  mayKeepGaps,
  mayPublish,
  mayReadMetrics,
  maySend,
} from "./permissions.ts";
import { functionCommons, type ProbeOptions } from "./probes.ts";
import { logicalName } from "./regions.ts";
import { createTick, EVERY_MINUTE, SCHEDULED_TIME } from "./tick.ts";

interface DeploymentOptions extends ProbeOptions {
  /** By vantage; home's is the one that bursts. */
  readonly probes: ReadonlyMap<string, sst.aws.Function>;
}

/** The next minute's event is due then. */
const MAX_EVENT_AGE_SECONDS = 60;
/** An invocation leaves then, or when the look that it is at has ended. */
const TIMEOUT_SECONDS = CORRELATOR_STAY_MS / 1_000 + 15;

/**
 * At home, a correlator that follows the functions behind the targets, in whatever region they are;
 * null where the config names none.
 */
export function followDeployments(options: DeploymentOptions): sst.aws.Function | null {
  const { config, regions, storage, probes } = options;
  const { home } = regions;
  const shards = followedShards(config.targets);
  const probe = probes.get(home.name);
  const spill = storage.spills.get(home.name);
  if (shards.length === 0 || probe === undefined || spill === undefined) return null;
  const { environment, copyFiles } = functionCommons(options, spill);
  const correlator = createFunction(home, {
    thing: "Correlator",
    handler: "packages/functions/src/correlator.handler",
    description: "Follows deployments, and the gap windows that they open",
    memoryMb: capacity.CORRELATOR_MEMORY_MB,
    timeoutSeconds: TIMEOUT_SECONDS,
    environment: { ...environment, VIGIL_PROBE: probe.name },
    permissions: [
      mayKeepGaps(storage.table),
      mayPublish(),
      mayReadMetrics(),
      mayInvoke(probe),
      maySend(spill.dead),
    ],
    groups: policyGroups(config.targets).map((targets) => mayFollow(targets, home)),
    copyFiles,
    events: { maxAgeSeconds: MAX_EVENT_AGE_SECONDS, onFailure: spill.dead.arn },
  });
  shards.forEach((_, shard) => {
    createTick(home, {
      thing: `${logicalName("Correlator", home.name)}Shard${shard}`,
      schedule: EVERY_MINUTE,
      function: correlator,
      event: { shard, scheduledAt: SCHEDULED_TIME },
    });
  });
  forwardChanges({ correlator, regions, cloudtrail: config.deployments.cloudtrail });
  return correlator;
}
