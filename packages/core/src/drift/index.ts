export {
  compareTools,
  type KeptTool,
  MAX_CHANGES,
  type SchemaChange,
  type ToolChange,
  type ToolsComparison,
} from "./compare-tools.ts";
export { CHANGE_KINDS, type ChangeKind } from "./finding.ts";
