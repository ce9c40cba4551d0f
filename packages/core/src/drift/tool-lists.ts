import { type Redactor, redactTools } from "../redact.ts";
import { ERAS, type Era, type Leg } from "../run.ts";
import { toolsHash } from "../tools-hash.ts";
import type { KeptTool } from "./compare-tools.ts";

/** Tools as one era lists them, over all pages. */
export interface ToolList {
  /** Over the tools as they were received; see `toolsHash`. */
  readonly toolsHash: string;
  readonly toolCount: number;
  /** Free of secrets. */
  readonly tools: readonly KeptTool[];
}

/** What one run saw. A target that is judged in both eras may well list other tools in each. */
export type ToolLists = Partial<Readonly<Record<Era, ToolList>>>;

/** The tools that a target listed last. */
export interface ToolSnapshot {
  /** ISO 8601: when the run that listed them first was due. */
  readonly at: string;
  readonly lists: ToolLists;
}

export const ACCEPTED_BY = ["first-good-run", "operator"] as const;
export type AcceptedBy = (typeof ACCEPTED_BY)[number];

/** The tools that callers rely on: what later lists are held against. */
export interface ToolBaseline extends ToolSnapshot {
  readonly acceptedAt: string;
  readonly acceptedBy: AcceptedBy;
  /** When the baseline before this one was accepted; null for the first. */
  readonly previousAcceptedAt: string | null;
}

/**
 * What an era's list is held against: the same era's, or what there is when the target has changed
 * its era since.
 */
export function listFor(lists: ToolLists, era: Era): ToolList | null {
  return lists[era] ?? ERAS.map((other) => lists[other]).find((list) => list !== undefined) ?? null;
}

/** The list that a record's `toolsHash` is about: that of the last leg. */
export function mainList(lists: ToolLists): ToolList | null {
  return lists.modern ?? lists.legacy ?? null;
}

/** Whether every list has the same hash, era by era. */
export function sameLists(a: ToolLists, b: ToolLists): boolean {
  return ERAS.every((era) => a[era]?.toolsHash === b[era]?.toolsHash);
}

interface Listing {
  readonly redact: Redactor;
  /** Lists that are kept already: what is the same is taken from there. */
  readonly kept: ToolLists | null;
}

/** The lists of a run whose every leg came to the end of its own; null otherwise. */
export function listsOf(
  legs: readonly Pick<Leg, "era" | "tools">[],
  { redact, kept }: Listing,
): ToolLists | null {
  const lists: Partial<Record<Era, ToolList>> = {};
  for (const { era, tools } of legs) {
    if (tools === null) return null;
    const hash = toolsHash(tools);
    const same = kept?.[era]?.toolsHash === hash ? kept[era] : undefined;
    lists[era] = same ?? {
      toolsHash: hash,
      toolCount: tools.length,
      tools: redactTools(tools, redact),
    };
  }
  return legs.length === 0 ? null : lists;
}
