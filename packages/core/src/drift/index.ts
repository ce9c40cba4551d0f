export { compareLists, type EraComparison } from "./compare-lists.ts";
export {
  compareTools,
  type KeptTool,
  MAX_CHANGES,
  type SchemaChange,
  type ToolChange,
  type ToolsComparison,
} from "./compare-tools.ts";
export { CHANGE_KINDS, type ChangeKind } from "./finding.ts";
export { acceptTools, type ToolsSeen, type ToolsToKeep, toolsToKeep } from "./keep-tools.ts";
export {
  ACCEPTED_BY,
  type AcceptedBy,
  listFor,
  listsOf,
  mainList,
  sameLists,
  type ToolBaseline,
  type ToolList,
  type ToolLists,
  type ToolSnapshot,
} from "./tool-lists.ts";
