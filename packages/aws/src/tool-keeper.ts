import {
  type Clock,
  ERAS,
  type RunRecord,
  type TargetState,
  type ToolBaseline,
  type ToolLists,
  type ToolSnapshot,
  toolsToKeep,
} from "@vigil/core";
import type { History } from "./history.ts";

export type ToolHistory = Pick<History, "getBaseline" | "getTools" | "putBaseline" | "putTools">;

export interface ToolKeeperOptions {
  readonly history: ToolHistory;
  readonly clock: Pick<Clock, "monotonic">;
  /** Milliseconds for which a baseline that the last run fitted is not read again. */
  readonly trustMs: number;
}

/** Keeps what targets list, and what of it was accepted. */
export interface ToolKeeper {
  /**
   * What the next run is held against; what was known when history is away. Others may accept tools
   * meanwhile: it is seen by the next run when the last one listed other tools than were accepted
   * before, and within `trustMs` otherwise. `previous` is the target's state.
   */
  accepted(target: string, previous: TargetState | null): Promise<ToolBaseline | null>;
  /** The same without asking history. */
  remembered(target: string): ToolBaseline | null;
  keep(seen: ToolsOfRun): Promise<void>;
}

export interface ToolsOfRun {
  readonly record: RunRecord;
  readonly lists: ToolLists | null;
  /** The state before the run. */
  readonly previous: TargetState | null;
}

interface Known {
  baseline: ToolBaseline | null;
  /** When `baseline` was read; null when it is to be read again. */
  readAt: number | null;
  /** Undefined when it is to be read again. */
  latest: ToolSnapshot | null | undefined;
  /** Lists that fit no item: trying again each minute would change nothing. */
  isTooLarge: boolean;
}

export function createToolKeeper({ history, clock, trustMs }: ToolKeeperOptions): ToolKeeper {
  const all = new Map<string, Known>();
  const of = (target: string): Known => {
    const known = all.get(target) ?? unknown();
    all.set(target, known);
    return known;
  };
  return {
    async accepted(target, previous) {
      const known = of(target);
      const isRecent = known.readAt !== null && clock.monotonic() - known.readAt < trustMs;
      if (isRecent && isOf(previous, known.baseline)) return known.baseline;
      try {
        known.baseline = await history.getBaseline(target);
        known.readAt = clock.monotonic();
      } catch {
        // That history cannot be reached is told when the run cannot be kept.
      }
      return known.baseline;
    },
    remembered: (target) => of(target).baseline,
    async keep({ record, lists, previous }) {
      const known = of(record.target);
      if (lists === null) return;
      // Another environment has kept what it saw.
      if (!isOf(previous, known.latest ?? null)) known.latest = undefined;
      // Somebody may have accepted them by the next run.
      if (record.drift !== null) known.readAt = null;
      await keepLatest(history, { record, lists, known });
      await keepBaseline(history, { record, lists, known });
    },
  };
}

function unknown(): Known {
  return { baseline: null, readAt: null, latest: undefined, isTooLarge: false };
}

/** Whether these are the tools that the target listed last, as far as its state tells. */
function isOf(state: TargetState | null, kept: ToolSnapshot | null): boolean {
  if (kept === null) return false;
  const hash = state?.tools?.toolsHash;
  return hash === undefined || ERAS.some((era) => kept.lists[era]?.toolsHash === hash);
}

interface Listed {
  readonly record: RunRecord;
  readonly lists: ToolLists;
  readonly known: Known;
}

async function keepLatest(history: ToolHistory, { record, lists, known }: Listed): Promise<void> {
  const { target } = record;
  known.latest ??= await history.getTools(target);
  const { baseline, latest } = known;
  const wanted = toolsToKeep({ record, lists, baseline, latest });
  if (wanted.latest === null) return;
  const written = await history.putTools(target, wanted.latest);
  // Where another has written later, what it wrote is read before it is held against anything.
  known.latest = written === "stale" ? undefined : wanted.latest;
}

async function keepBaseline(history: ToolHistory, { record, lists, known }: Listed): Promise<void> {
  const { target } = record;
  const { baseline, latest = null } = known;
  const wanted = toolsToKeep({ record, lists, baseline, latest }).baseline;
  if (wanted === null || known.isTooLarge) return;
  const written = await history.putBaseline({ target, baseline: wanted, when: "absent" });
  known.isTooLarge = written === "too-large";
}
