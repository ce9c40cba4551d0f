export { type Acknowledged, acknowledge } from "./acknowledge.ts";
export { type AwsPlace, historyClient } from "./aws-clients.ts";
export type {
  CorrelatorClaim,
  DeploymentHistory,
  DeploymentQuery,
  StoredGap,
} from "./deployments-history.ts";
export { Follower, type FollowerDeps } from "./follower.ts";
export {
  createHistory,
  type History,
  type HistoryOptions,
  type RunSchedule,
} from "./history.ts";
export {
  HISTORY_ERROR_CODES,
  HistoryError,
  type HistoryErrorCode,
} from "./history-error.ts";
export { createIncidentKeeper, type IncidentKeeper } from "./incident-keeper.ts";
export { INCIDENT_RETENTION_DAYS, type IncidentQuery } from "./incidents.ts";
export {
  canonicalTime,
  type ItemKey,
  parseRunKey,
  parseStateKey,
  type RunIdentity,
  runKey,
  type StateIdentity,
  stateKey,
  statePartition,
  type TimeRange,
  targetPartition,
} from "./keys.ts";
export { lingeringGap } from "./lingering-gap.ts";
export type { Listing, UnreadableItem } from "./listing.ts";
export { type GapLookDeps, lookForGap } from "./look-for-gap.ts";
export {
  createPager,
  type Pager,
  type PagerDeps,
  type PagerTrouble,
} from "./pager.ts";
export type { PagerHistory, PagerState } from "./pager-history.ts";
export { reasonOf } from "./reason.ts";
export { ROLLUP_RETENTION_DAYS } from "./rollup-item.ts";
export type { RollupQuery } from "./rollups.ts";
export { RUN_RETENTION_DAYS } from "./run-item.ts";
export type { RunListing, RunQuery } from "./runs.ts";
export { SHORTENED_NOTE } from "./shorten.ts";
export { spacedTurns } from "./spaced-turns.ts";
export { STATE_REFRESH_MS, type StateWriteQuestion, shouldWriteState } from "./state-item.ts";
export { ensureTable, HISTORY_TABLE, KEY, TTL_ATTRIBUTE } from "./table.ts";
export { createToolKeeper, type ToolHistory, type ToolKeeper } from "./tool-keeper.ts";
