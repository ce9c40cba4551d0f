import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type {
  Clock,
  HourRollup,
  Incident,
  RunRecord,
  TargetState,
  ToolBaseline,
  ToolSnapshot,
} from "@vigil/core";
import { type BurstClaim, claimBurst } from "./burst-lease.ts";
import { type DeploymentHistory, deploymentHistory } from "./deployments-history.ts";
import {
  type Explained,
  explainIncident,
  type IncidentQuery,
  listIncidents,
  openIncident,
  putIncident,
} from "./incidents.ts";
import type { TimeRange } from "./keys.ts";
import { first, type Listing, type Table, type UnreadableItem } from "./listing.ts";
import { type PagerHistory, pagerHistory } from "./pager-history.ts";
import { listRollups, type RollupQuery } from "./rollups.ts";
import { rollupsAtOnce, type Series } from "./rollups-at-once.ts";
import { listRuns, type RunListing, type RunQuery, recordRun } from "./runs.ts";
import { allStates, getState, putState, targetNames } from "./states.ts";
import {
  type BaselineWrite,
  getBaseline,
  getTools,
  putBaseline,
  putTools,
  type ToolsWritten,
} from "./tools.ts";

export interface HistoryOptions {
  readonly client: DynamoDBClient | DynamoDBDocumentClient;
  readonly tableName: string;
  readonly clock: Pick<Clock, "now">;
  /** The shard whose states are read and written; 0 unless said otherwise. */
  readonly shard?: number;
  /** `targets` and `states` tell of every shard, for whoever does not know how many there are. */
  readonly everyShard?: boolean;
  /** Told of every item that could not be read. A state that cannot be read counts as absent. */
  readonly onUnreadable?: (item: UnreadableItem) => void;
}

/** How runs come: what one of them stands for. */
export interface RunSchedule {
  /** From a run's scheduled time to the next one's; a minute unless said otherwise. */
  readonly everyMs?: number;
}

const MINUTE_MS = 60_000;

/**
 * Runs, their hours, incidents, states and tools in the history table. When the table cannot be
 * reached or used, every method throws a {@link HistoryError}. A time that is none, in a record or a
 * query, is a bug: RangeError.
 */
export interface History extends DeploymentHistory, PagerHistory {
  /**
   * Also adds a scheduled run to its hour, exactly once. "duplicate": this target, scheduled time and
   * vantage already has its run, which stays, and which is the one that the hour counts.
   */
  recordRun(record: RunRecord, schedule?: RunSchedule): Promise<"written" | "duplicate">;
  runs(target: string, query?: RunQuery): RunListing;
  lastRun(target: string, vantage?: string): Promise<RunRecord | null>;
  rollups(target: string, query?: RollupQuery): Listing<HourRollup>;
  /** Of many targets, a few hours each, in no order. */
  rollupsAtOnce(
    series: readonly Series[],
    range: Required<TimeRange>,
  ): Promise<readonly HourRollup[]>;
  incidents(target: string, query?: IncidentQuery): Listing<Incident>;
  /** The incident that goes on at this vantage, if there is one. */
  openIncident(target: string, vantage: string): Promise<Incident | null>;
  /** "stale": what is stored is of a later run, and stays. */
  putIncident(incident: Incident): Promise<"written" | "stale">;
  /** Says of the incident that goes on what explains it. "absent": none does. */
  explainIncident(explained: Explained): Promise<"written" | "absent">;
  /** Names of all targets that have a state, sorted. */
  targets(): Promise<readonly string[]>;
  getState(target: string, vantage: string): Promise<TargetState | null>;
  states(): Promise<readonly TargetState[]>;
  /**
   * "stale": what is stored is of a later run, and stays. With `over`, the stored state that this one
   * goes on from (null for none), it also stays when it is another one: of several environments that
   * go on from one state, one gets to.
   */
  putState(state: TargetState, over?: TargetState | null): Promise<"written" | "stale">;
  /** Whether the holder may probe a target of a burst, and for how long nobody else may. */
  claimBurst(claim: BurstClaim): Promise<"claimed" | "held">;
  /** The accepted tools. */
  getBaseline(target: string): Promise<ToolBaseline | null>;
  /** "present": there is a baseline, which stays. */
  putBaseline(write: BaselineWrite): Promise<ToolsWritten | "present">;
  /** The tools that the target listed last, accepted or not. */
  getTools(target: string): Promise<ToolSnapshot | null>;
  /** "stale": what is stored was listed later, and stays. */
  putTools(target: string, snapshot: ToolSnapshot): Promise<ToolsWritten | "stale">;
}

export function createHistory(options: HistoryOptions): History {
  const table: Table = {
    documents: documentClient(options.client),
    tableName: options.tableName,
    clock: options.clock,
    shard: options.shard ?? 0,
    everyShard: options.everyShard ?? false,
    onUnreadable: options.onUnreadable ?? (() => {}),
  };
  return {
    ...deploymentHistory(table),
    ...pagerHistory(table),
    recordRun: (record, { everyMs = MINUTE_MS } = {}) => recordRun(table, record, everyMs),
    runs: (target, query = {}) => listRuns(table, target, query),
    lastRun: (target, vantage) =>
      first(listRuns(table, target, { limit: 1, ...(vantage !== undefined && { vantage }) })),
    rollups: (target, query = {}) => listRollups(table, target, query),
    rollupsAtOnce: (series, range) => rollupsAtOnce(table, series, range),
    incidents: (target, query = {}) => listIncidents(table, target, query),
    openIncident: (target, vantage) => openIncident(table, target, vantage),
    putIncident: async (incident) => ((await putIncident(table, incident)) ? "written" : "stale"),
    explainIncident: async (explained) =>
      (await explainIncident(table, explained)) ? "written" : "absent",
    targets: () => targetNames(table),
    getState: (target, vantage) => getState(table, { target, vantage }),
    states: () => allStates(table),
    putState: async (state, over) => ((await putState(table, state, over)) ? "written" : "stale"),
    claimBurst: async (claim) => ((await claimBurst(table, claim)) ? "claimed" : "held"),
    getBaseline: (target) => getBaseline(table, target),
    putBaseline: (write) => putBaseline(table, write),
    getTools: (target) => getTools(table, target),
    putTools: (target, snapshot) => putTools(table, target, snapshot),
  };
}

function documentClient(client: DynamoDBClient | DynamoDBDocumentClient): DynamoDBDocumentClient {
  return client instanceof DynamoDBDocumentClient ? client : DynamoDBDocumentClient.from(client);
}
