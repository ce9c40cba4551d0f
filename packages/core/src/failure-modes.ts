export {
  type CloudWatchView,
  type FailureMode,
  GROUPS,
  type Group,
  STATUSES,
  type Status,
} from "./failure-modes/failure-mode.ts";
export { FAILURE_CODES, FAILURE_MODES, type FailureCode } from "./failure-modes/index.ts";
