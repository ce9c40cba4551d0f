import type { History } from "@vigil/aws";
import {
  type RunRecord,
  type ToolBaseline,
  type ToolLists,
  type ToolSnapshot,
  toolsToKeep,
} from "@vigil/core";

export type ToolHistory = Pick<History, "getBaseline" | "getTools" | "putBaseline" | "putTools">;

/** Keeps what targets list, and what of it was accepted. */
export interface ToolKeeper {
  resume(target: string): Promise<void>;
  /** Read anew each time: it may be accepted by another process while a watch runs. */
  accepted(target: string): Promise<ToolBaseline | null>;
  keep(record: RunRecord, lists: ToolLists | null): Promise<void>;
}

export function createToolKeeper(history: ToolHistory): ToolKeeper {
  const baselines = new Map<string, ToolBaseline>();
  const latest = new Map<string, ToolSnapshot>();
  /** Lists that fit no item: trying again each minute would change nothing. */
  const tooLarge = new Set<string>();
  return {
    async resume(target) {
      const tools = await history.getTools(target);
      if (tools !== null) {
        latest.set(target, tools);
      }
    },
    async accepted(target) {
      try {
        const baseline = await history.getBaseline(target);
        if (baseline !== null) {
          baselines.set(target, baseline);
        }
        return baseline;
      } catch {
        // That history cannot be reached is told when the run cannot be kept.
        return baselines.get(target) ?? null;
      }
    },
    async keep(record, lists) {
      const { target } = record;
      const baseline = baselines.get(target) ?? null;
      const known = { baseline, latest: latest.get(target) ?? null };
      const wanted = toolsToKeep({ record, lists, ...known });
      if (wanted.latest !== null) {
        await history.putTools(target, wanted.latest);
        latest.set(target, wanted.latest);
      }
      if (wanted.baseline !== null && !tooLarge.has(target)) {
        const write = { target, baseline: wanted.baseline, when: "absent" } as const;
        if ((await history.putBaseline(write)) === "too-large") {
          tooLarge.add(target);
        }
      }
    },
  };
}
