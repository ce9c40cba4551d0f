import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { capacity, SHARD_BUDGET_MS, shardTargets, type VigilConfig } from "@vigil/core";
import packageJson from "../package.json" with { type: "json" };
import { createFunction, type FunctionSpec, type Permission } from "./function.ts";
import {
  mayCallSigned,
  mayInvoke,
  mayPublish,
  mayReadReports,
  mayReadSecrets,
  mayReadStates,
  mayReceive,
  mayRecordRuns,
  maySend,
} from "./permissions.ts";
import { logicalName, type Region, type Regions } from "./regions.ts";
import { REPLAY_TIMEOUT_SECONDS, type Spill, type Storage } from "./storage.ts";
import { createTick, EVERY_MINUTE, SCHEDULED_TIME } from "./tick.ts";

export interface ProbeOptions {
  readonly config: VigilConfig;
  readonly regions: Regions;
  readonly storage: Storage;
}

interface PagedProbeOptions extends ProbeOptions {
  /** Whom each probe tells of a change. */
  readonly pager: sst.aws.Function;
}

/** The next minute's event is due then. */
const MAX_EVENT_AGE_SECONDS = 60;
/** A folder: of a single file SST would put two entries of one name into the archive. */
const CONFIG_FOLDER = "config";
const CONFIG_FILE = "vigil.json";

/**
 * In each vantage a probe with one schedule per shard, and a replay of what it had to spill. The
 * probes by vantage.
 */
export function probeTargets(options: PagedProbeOptions): ReadonlyMap<string, sst.aws.Function> {
  const configFolder = writeConfig(options.config);
  const probes = options.regions.vantages.map((vantage) => {
    const spill = options.storage.spills.get(vantage.name);
    if (spill === undefined) throw new Error(`${vantage.name} has no spill queue`);
    const own = { ...options, spill, configFolder };
    replayFrom(vantage, own);
    return [vantage.name, probeFrom(vantage, own)] as const;
  });
  return new Map(probes);
}

interface VantageOptions extends PagedProbeOptions {
  readonly spill: Spill;
  readonly configFolder: string;
}

function probeFrom(vantage: Region, options: VantageOptions): sst.aws.Function {
  const { config, storage, spill, configFolder, pager } = options;
  const { home } = options.regions;
  const probe = createFunction(vantage, {
    environment: { ...environmentOf(options), VIGIL_PAGER: pager.name },
    thing: "Probe",
    handler: "packages/functions/src/probe.handler",
    description: "Speaks MCP to every target of a shard, once a minute",
    memoryMb: capacity.PROBE_MEMORY_MB,
    timeoutSeconds: SHARD_BUDGET_MS / 1_000,
    permissions: [
      mayRecordRuns(storage.table),
      mayReadStates(storage.table),
      mayPublish(),
      maySend(spill.queue, spill.dead),
      mayInvoke(pager),
      ...mayReadSecrets(config.targets, home),
      ...mayReadReports(config.targets, home),
      ...mayCallSigned(config.targets, home),
    ],
    copyFiles: [{ from: configFolder, to: CONFIG_FOLDER }],
    events: { maxAgeSeconds: MAX_EVENT_AGE_SECONDS, onFailure: spill.dead.arn },
  });
  shardTargets(config.targets).forEach((_, shard) => {
    createTick(vantage, {
      thing: `${logicalName("Probe", vantage.name)}Shard${shard}`,
      schedule: EVERY_MINUTE,
      function: probe,
      event: { shard, scheduledAt: SCHEDULED_TIME },
    });
  });
  return probe;
}

function replayFrom(vantage: Region, options: VantageOptions): void {
  const { storage, spill, configFolder } = options;
  const permissions: readonly Permission[] = [
    mayRecordRuns(storage.table),
    mayPublish(),
    mayReceive(spill.queue),
    maySend(spill.dead),
  ];
  const replay = createFunction(vantage, {
    environment: environmentOf(options),
    thing: "Replay",
    handler: "packages/functions/src/replay.handler",
    description: "Writes to history and metrics what they did not take in time",
    memoryMb: capacity.REPLAY_MEMORY_MB,
    timeoutSeconds: REPLAY_TIMEOUT_SECONDS,
    permissions,
    copyFiles: [{ from: configFolder, to: CONFIG_FOLDER }],
    events: { maxAgeSeconds: MAX_EVENT_AGE_SECONDS, onFailure: spill.dead.arn },
  });
  // Mapped to the function, the queue would be polled 15 times a minute, whether or not anything is in it.
  createTick(vantage, {
    thing: logicalName("ReplayTick", vantage.name),
    schedule: `cron(0/${capacity.REPLAY_EVERY_MINUTES} * * * ? *)`,
    function: replay,
    event: { kind: "drain" },
  });
}

/** What every function reads from its environment. */
function environmentOf({
  regions,
  storage,
  spill,
}: Pick<VantageOptions, "regions" | "storage" | "spill">): FunctionSpec["environment"] {
  return {
    VIGIL_HOME: regions.home.name,
    VIGIL_TABLE: storage.table.name,
    VIGIL_SPILL_QUEUE_URL: spill.queue.url,
    VIGIL_CONFIG: `${CONFIG_FOLDER}/${CONFIG_FILE}`,
    VIGIL_VERSION: packageJson.version,
  };
}

/** What a further function at home takes along. */
export function functionCommons(
  options: ProbeOptions,
  spill: Spill,
): Required<Pick<FunctionSpec, "environment" | "copyFiles">> {
  const configFolder = writeConfig(options.config);
  const environment = environmentOf({ ...options, spill });
  return { environment, copyFiles: [{ from: configFolder, to: CONFIG_FOLDER }] };
}

/** The config with every default filled in, as a file; the path of its folder, from the root. */
function writeConfig(config: VigilConfig): string {
  const folder = join(".sst", "vigil", $app.stage);
  const written = join($cli.paths.root, folder);
  mkdirSync(written, { recursive: true });
  writeFileSync(join(written, CONFIG_FILE), JSON.stringify(config));
  return folder;
}
