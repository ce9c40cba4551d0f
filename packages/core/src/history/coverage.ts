import type { HourRollup } from "./rollup.ts";
import type { TimeWindow } from "./sli.ts";

/** How much of a time was looked at. What nobody looked at is neither good nor bad. */
export interface Coverage {
  /** Since the window's start, or since the target's first run when that came later. */
  readonly elapsedMs: number;
  readonly coveredMs: number;
  /** Whole minutes for which there should be a run and is none. */
  readonly missingMinutes: number;
  /** From 0 to 1; null when no time has passed. */
  readonly ratio: number | null;
}

export interface CoverageQuestion {
  /** What `coveredSpans` says of all rollups that reach into the window. */
  readonly spans: readonly TimeWindow[];
  readonly window: TimeWindow;
  /** When the target was first run at all, epoch milliseconds; null when it never was. */
  readonly firstRunAt: number | null;
}

export function coverageOf({ spans, window, firstRunAt }: CoverageQuestion): Coverage {
  const from = Math.max(window.from, firstRunAt ?? window.to);
  const elapsedMs = Math.max(0, window.to - from);
  const coveredMs = spans.reduce(
    (sum, span) => sum + Math.max(0, Math.min(span.to, window.to) - Math.max(span.from, from)),
    0,
  );
  return {
    elapsedMs,
    coveredMs,
    missingMinutes: Math.floor((elapsedMs - coveredMs) / 60_000),
    ratio: elapsedMs === 0 ? null : coveredMs / elapsedMs,
  };
}

/**
 * The times for which some run stands, of whichever vantage: in order, and apart. A run stands for
 * the time until the next one is due; the newest one until then and once more, since its successor
 * may be on its way.
 */
export function coveredSpans(rollups: readonly HourRollup[]): readonly TimeWindow[] {
  const runs = rollups.flatMap(spansOf).sort((a, b) => a.from - b.from);
  const newest = runs.reduce<Span | null>(
    (latest, span) => (latest === null || span.to > latest.to ? span : latest),
    null,
  );
  const grace = newest && { from: newest.to, to: newest.to + newest.everyMs, everyMs: 0 };
  return merge(grace === null ? runs : [...runs, grace]);
}

interface Span extends TimeWindow {
  readonly everyMs: number;
}

/** One span an hour, usually: merged first, so that a year is not sorted run by run. */
function spansOf({ hour, seen, coveredMs }: HourRollup): readonly Span[] {
  const start = Date.parse(hour);
  const everyMs = coveredMs / seen.length;
  const runs = seen.map((offset) => ({ from: start + offset, to: start + offset + everyMs }));
  return merge(runs).map((span) => ({ ...span, everyMs }));
}

/** Expects spans in the order of their beginnings. */
function merge(spans: readonly TimeWindow[]): readonly TimeWindow[] {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of spans) {
    const last = merged.at(-1);
    if (last === undefined || from > last.to) merged.push({ from, to });
    else last.to = Math.max(last.to, to);
  }
  return merged;
}
