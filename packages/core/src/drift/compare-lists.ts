import { ERAS, type Era } from "../run.ts";
import { compareTools, type ToolsComparison } from "./compare-tools.ts";
import { listFor, type ToolLists } from "./tool-lists.ts";

export interface EraComparison {
  readonly era: Era;
  readonly comparison: ToolsComparison;
}

/** What differs, for each era that lists its tools now; eras in which nothing does are left out. */
export function compareLists(before: ToolLists, after: ToolLists): readonly EraComparison[] {
  return ERAS.flatMap((era) => {
    const now = after[era];
    const old = listFor(before, era);
    if (now === undefined || old === null || old.toolsHash === now.toolsHash) return [];
    const comparison = compareTools(old.tools, now.tools);
    const { added, removed, changed } = comparison;
    return added.length + removed.length + changed.length === 0 ? [] : [{ era, comparison }];
  });
}
