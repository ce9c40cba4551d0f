import type { GapWindow } from "@vigil/core";
import type { Outage, TrueGap, Truth } from "./truth.ts";
import { MINUTE_MS, type SentPage } from "./world.ts";

export interface GapScore {
  readonly startHolds: boolean;
  /** From the true end to the end that people are shown. */
  readonly endErrorMs: number;
}

export interface DayScore {
  /** From each outage's beginning to the page of it; null for one that nobody was told of. */
  readonly pagedAfterMs: readonly (number | null)[];
  /** Pages of a beginning that no outage and no exposed gap explains. */
  readonly falsePages: number;
  /** The same, each weighed by how much rarer its flakes are without the scene's tilt. */
  readonly falsePagesWeighed: number;
  /** Pages of what an exposed gap did to clients: neither false nor an outage's. */
  readonly pagesOfExposedGaps: number;
  readonly pagesDuringShieldedGaps: number;
  /** The same told again: of one outage two beginnings or two ends, or one page sent twice. */
  readonly duplicatePages: number;
  readonly gaps: readonly GapScore[];
  /** Gap windows that no look fell into. */
  readonly unseenGaps: number;
}

/** An outage, and what gaps do, are told for so long after they are over. */
const LATE_MS = 6 * MINUTE_MS;

interface Played {
  readonly pages: readonly SentPage[];
  readonly closed: readonly GapWindow[];
  /** Repeats of each confirmed run, by the minute that it was for. */
  readonly confirmed: ReadonlyMap<string, number>;
  readonly tilt: number;
}

export function scoreDay(truth: Truth, { pages, closed, confirmed, tilt }: Played): DayScore {
  const weightOf = ({ page }: SentPage) => tilt ** -(confirmed.get(page.alert.openedAt) ?? 0);
  const opened = pages.filter(({ page }) => page.kind === "opened");
  const gapScores = truth.gaps.map((gap) => scoreGap(gap, closed));
  const unexplained = opened.filter((sent) => !truth.outages.some((one) => isOf(one, sent)));
  const exposed = truth.gaps.filter(({ isExposed }) => isExposed);
  const falsePages = unexplained.filter((sent) => !exposed.some((gap) => isOf(gap, sent)));
  return {
    pagedAfterMs: truth.outages.map((outage) => pagedAfter(outage, opened)),
    falsePages: falsePages.length,
    falsePagesWeighed: falsePages.reduce((sum, sent) => sum + weightOf(sent), 0),
    pagesOfExposedGaps: unexplained.length - falsePages.length,
    pagesDuringShieldedGaps: opened.filter((sent) => isInShielded(truth.gaps, sent)).length,
    duplicatePages: duplicates(truth.outages, pages),
    gaps: gapScores.filter((score) => score !== null),
    unseenGaps: gapScores.filter((score) => score === null).length,
  };
}

type Spell = Pick<Outage | TrueGap, "startMs" | "endMs">;

function isOf({ startMs, endMs }: Spell, { page }: SentPage): boolean {
  const at = Date.parse(page.at);
  return at >= startMs && at <= endMs + LATE_MS;
}

function pagedAfter(outage: Outage, opened: readonly SentPage[]): number | null {
  const first = opened.find((sent) => isOf(outage, sent));
  return first === undefined ? null : first.atMs - outage.startMs;
}

function isInShielded(gaps: readonly TrueGap[], { page }: SentPage): boolean {
  const at = Date.parse(page.at);
  return gaps.some((gap) => !gap.isExposed && at >= gap.startMs && at < gap.endMs);
}

function duplicates(outages: readonly Outage[], pages: readonly SentPage[]): number {
  const keys = pages.map(({ page }) => `${page.kind} ${page.alert.openedAt} ${page.at}`);
  const again = keys.length - new Set(keys).size;
  const kinds = ["opened", "closed"] as const;
  const extra = outages.flatMap((outage) =>
    kinds.map((kind) => {
      const of = pages.filter((sent) => sent.page.kind === kind && isOf(outage, sent));
      return Math.max(0, of.length - 1);
    }),
  );
  return again + extra.reduce((sum, count) => sum + count, 0);
}

/** Null when nobody saw it. */
function scoreGap(gap: TrueGap, closed: readonly GapWindow[]): GapScore | null {
  const { startMs, endMs } = gap;
  const seen = closed.find(({ start, end }) => {
    const from = Date.parse(start.notAfter);
    return end !== null && from >= startMs - 2 * MINUTE_MS && from <= endMs + 2 * MINUTE_MS;
  });
  if (seen === undefined || seen.end === null) return null;
  const from = seen.start.notBefore === null ? startMs : Date.parse(seen.start.notBefore);
  return {
    startHolds: from <= startMs && startMs <= Date.parse(seen.start.notAfter),
    endErrorMs: Date.parse(seen.end.notAfter) - endMs,
  };
}
