import type { RunRecord } from "../verdict.ts";
import { sameLists, type ToolBaseline, type ToolLists, type ToolSnapshot } from "./tool-lists.ts";

export interface ToolsSeen {
  readonly record: Pick<RunRecord, "scheduledAt" | "status">;
  /** What the run listed; null when it did not come to the end of every list. */
  readonly lists: ToolLists | null;
  /** As accepted and as stored so far; null for nothing. */
  readonly baseline: ToolBaseline | null;
  readonly latest: ToolSnapshot | null;
}

export interface ToolsToKeep {
  readonly baseline: ToolBaseline | null;
  readonly latest: ToolSnapshot | null;
}

/** What is to be stored after a run: the first good run's tools are the baseline; null for nothing. */
export function toolsToKeep({ record, lists, baseline, latest }: ToolsSeen): ToolsToKeep {
  if (lists === null) return { baseline: null, latest: null };
  const snapshot = { at: record.scheduledAt, lists };
  const isFirst = baseline === null && record.status === "up";
  return {
    baseline: isFirst
      ? {
          ...snapshot,
          acceptedAt: record.scheduledAt,
          acceptedBy: "first-good-run",
          previousAcceptedAt: null,
        }
      : null,
    latest: latest !== null && sameLists(latest.lists, lists) ? null : snapshot,
  };
}

/** The latest tools as an operator accepts them. */
export function acceptTools(
  latest: ToolSnapshot,
  previous: ToolBaseline | null,
  now: string,
): ToolBaseline {
  return {
    ...latest,
    acceptedAt: now,
    acceptedBy: "operator",
    previousAcceptedAt: previous?.acceptedAt ?? null,
  };
}
