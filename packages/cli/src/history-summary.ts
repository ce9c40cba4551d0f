import type { AttemptCounts, Coverage, LatencySummary, WindowCounts } from "@vigil/core";
import { formatCount, formatShare } from "./shares.ts";
import { showsUnicode, sparkline } from "./sparkline.ts";
import { formatDuration } from "./time.ts";

export interface SummaryInput {
  /** What is summed up: `the 50 runs above`. */
  readonly what: string;
  readonly counts: WindowCounts;
  readonly latency: LatencySummary;
  /** Null where single runs are listed: what lies between them is not known. */
  readonly coverage: Coverage | null;
  /** Latencies, oldest first. */
  readonly heights: readonly (number | null)[];
  /** What one height is: `p95 of an hour`. */
  readonly each: string;
}

interface SummaryOptions {
  readonly width: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const LABEL_WIDTH = "coverage".length;
const MAX_SPARKS = 60;
/** Fewer make no line. */
const FEWEST_SPARKS = 3;

/** A few lines below the table. */
export function historySummary(input: SummaryInput, options: SummaryOptions): string {
  const lines = [
    ["uptime", uptimeText(input)],
    ...latencyLines(input, options),
    ...coverageLines(input.coverage),
  ];
  return lines.map(([label = "", text]) => `${label.padEnd(LABEL_WIDTH)}  ${text}\n`).join("");
}

function uptimeText({ what, counts: { raw, gapExcluded } }: SummaryInput): string {
  const unknown = raw.unknown === 0 ? "" : `, ${formatCount(raw.unknown)} could not be judged`;
  const judged = raw.good + raw.bad;
  const tries = `${formatCount(raw.good)} of ${formatCount(judged)} first tries good${unknown}`;
  const without = sameCounts(raw, gapExcluded)
    ? ""
    : `; ${share(gapExcluded)} outside of deployment gaps`;
  return `${share(raw)} over ${what}: ${tries}${without}`;
}

function share({ good, bad }: AttemptCounts): string {
  return formatShare(good, good + bad);
}

function sameCounts(a: AttemptCounts, b: AttemptCounts): boolean {
  return a.good === b.good && a.bad === b.bad;
}

function latencyLines(
  { latency, heights, each }: SummaryInput,
  { width, env }: SummaryOptions,
): readonly (readonly string[])[] {
  const { p50Ms, p95Ms, p99Ms, slowestMs } = latency;
  const named = { p50: p50Ms, p95: p95Ms, p99: p99Ms, slowest: slowestMs };
  const known = Object.entries(named).flatMap(([name, ms]) =>
    ms === null ? [] : [`${name} ${formatDuration(ms)}`],
  );
  if (known.length === 0) {
    return [["latency", "no good run to measure"]];
  }
  const figures = ["latency", known.join("  ")];
  if (heights.length < FEWEST_SPARKS) {
    return [figures];
  }
  const highest = Math.max(...heights.map((height) => height ?? 0));
  const legend = `  ${each}, oldest first, up to ${formatDuration(highest)}`;
  const room = width - LABEL_WIDTH - 2 - legend.length;
  const sparks = sparkline(heights, {
    width: Math.max(1, Math.min(MAX_SPARKS, room)),
    unicode: showsUnicode(env),
  });
  return [figures, ["", `${sparks}${legend}`]];
}

function coverageLines(coverage: Coverage | null): readonly (readonly string[])[] {
  if (coverage === null || coverage.missingMinutes === 0) {
    return [];
  }
  const { coveredMs, elapsedMs, missingMinutes } = coverage;
  const missing = formatDuration(missingMinutes * 60_000);
  return [
    [
      "coverage",
      `${formatShare(coveredMs, elapsedMs)}: ${missing} without a run, and so neither good nor bad`,
    ],
  ];
}
