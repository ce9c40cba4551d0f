import type { RunRecord } from "@vigil/core";

/** Marks a run whose evidence had to be cut before it could be kept. */
export const SHORTENED_NOTE =
  "Shortened for history: the whole run is larger than one item may be.";

interface Limits {
  readonly chars: number;
  readonly entries: number;
  /** Run → failures → failure → evidence → rpcError → data → its fields makes 6. */
  readonly depth: number;
}

/** Tried in turn. The last fits whatever came in; none cuts ids, hashes or times. */
const LIMITS: readonly Limits[] = [
  { chars: 2_048, entries: 100, depth: 12 },
  { chars: 512, entries: 50, depth: 6 },
  { chars: 128, entries: 20, depth: 6 },
  { chars: 128, entries: 2, depth: 6 },
];
/** Objects of our own have fewer fields; only foreign JSON is cut by this. */
const MAX_FIELDS = 30;
const CUT = "…";

/** The record itself when it fits, otherwise as much of it as does, with a note that says so. */
export function shortenToFit(
  record: RunRecord,
  fits: (candidate: RunRecord) => boolean,
): RunRecord {
  if (fits(record)) return record;
  const candidates = LIMITS.map((limits) => shortenRun(record, limits));
  return candidates.find(fits) ?? (candidates.at(-1) as RunRecord);
}

function shortenRun(record: RunRecord, limits: Limits): RunRecord {
  // Strings stay strings, arrays arrays and small objects keep their fields, so the type holds.
  const short = shorten(record, limits, 0) as RunRecord;
  const { target, vantage, scheduledAt } = record;
  return { ...short, target, vantage, scheduledAt, notes: [...short.notes, SHORTENED_NOTE] };
}

function shorten(value: unknown, limits: Limits, depth: number): unknown {
  if (typeof value === "string") return cut(value, limits.chars);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= limits.depth) return CUT;
  if (Array.isArray(value)) {
    return value.slice(0, limits.entries).map((entry) => shorten(entry, limits, depth + 1));
  }
  const fields = Object.entries(value).slice(0, MAX_FIELDS);
  return Object.fromEntries(
    fields.map(([name, field]) => [cut(name, limits.chars), shorten(field, limits, depth + 1)]),
  );
}

function cut(text: string, chars: number): string {
  return text.length <= chars ? text : text.slice(0, chars) + CUT;
}
