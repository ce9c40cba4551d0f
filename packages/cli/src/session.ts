import type { RunRecord, Status, TargetState } from "@vigil/core";
import type { Palette } from "./palette.ts";
import { count, wrap, wrapItems } from "./text.ts";
import { formatDuration } from "./time.ts";

/** A watch may go on for months; its median lateness is that of its latest runs. */
const KEPT_LATENESSES = 10_000;

/** What one watch has seen of a target, for its summary. */
interface TargetTally {
  readonly runs: Record<Status, number>;
  skipped: number;
  longestOutageMs: number;
  /** When the outage that goes on began; null while there is none. */
  downSince: number | null;
}

export interface Session {
  ran(record: RunRecord, lateMs: number): void;
  skipped(target: string, ticks: number): void;
  /** Called after each run with what people now see. */
  saw(state: TargetState): void;
  summary(options: SummaryOptions): string;
}

interface SummaryOptions {
  readonly now: number;
  readonly palette: Palette;
  readonly width: number;
}

export interface SessionOptions {
  readonly targets: readonly string[];
  readonly startedAt: number;
}

export function createSession({ targets, startedAt }: SessionOptions): Session {
  const tallies = new Map(targets.map((name) => [name, emptyTally()]));
  const latenesses: number[] = [];
  let latest = 0;
  const tallyOf = (name: string) => tallies.get(name) ?? emptyTally();
  return {
    ran(record, lateMs) {
      tallyOf(record.target).runs[record.status] += 1;
      latest = Math.max(latest, lateMs);
      latenesses.push(lateMs);
      if (latenesses.length > 2 * KEPT_LATENESSES) {
        latenesses.splice(0, KEPT_LATENESSES);
      }
    },
    skipped(target, ticks) {
      tallyOf(target).skipped += ticks;
    },
    saw: (state) => noteOutage(tallyOf(state.target), state),
    summary: ({ now, palette, width }) =>
      [
        palette.strong(
          `Watched ${count(targets.length, "target")} for ${formatDuration(now - startedAt)}.`,
        ),
        ...tables([...tallies], { now, width }),
        ...jitter(latenesses, latest).flatMap((line) => wrap(line, width)),
        "",
      ].join("\n"),
  };
}

function emptyTally(): TargetTally {
  return {
    runs: { up: 0, degraded: 0, down: 0, unknown: 0 },
    skipped: 0,
    longestOutageMs: 0,
    downSince: null,
  };
}

function noteOutage(tally: TargetTally, state: TargetState): void {
  const since = Date.parse(state.since);
  if (state.status === "down") {
    tally.downSince = since;
  } else if (tally.downSince !== null) {
    tally.longestOutageMs = Math.max(tally.longestOutageMs, since - tally.downSince);
    tally.downSince = null;
  }
}

const COLUMNS = ["runs", "up", "degraded", "down", "unknown", "skipped"] as const;

type Tallies = readonly (readonly [string, TargetTally])[];

/** A line for each target, or some lines where that is too wide. */
function tables(
  tallies: Tallies,
  { now, width }: Pick<SummaryOptions, "now" | "width">,
): readonly string[] {
  const wide = table(tallies, now);
  return wide.every(({ length }) => length <= width)
    ? wide
    : tallies.flatMap(([name, tally]) => block(name, tally, { now, width }));
}

function table(tallies: Tallies, now: number): readonly string[] {
  const width = Math.max("target".length, ...tallies.map(([name]) => name.length));
  const head = `  ${"target".padEnd(width)}  ${COLUMNS.join("  ")}  longest outage`;
  const rows = tallies.map(([name, tally]) => {
    const cells = numbersOf(tally).map((n, i) => String(n).padStart(COLUMNS[i]?.length ?? 0));
    return `  ${name.padEnd(width)}  ${cells.join("  ")}  ${outage(tally, now)}`;
  });
  return [head, ...rows];
}

function block(
  name: string,
  tally: TargetTally,
  { now, width }: Pick<SummaryOptions, "now" | "width">,
): readonly string[] {
  const numbers = numbersOf(tally).map((n, i) => `${COLUMNS[i] ?? ""} ${n}`);
  const items = [...numbers, `longest outage ${outage(tally, now)}`];
  return [`  ${name}`, ...wrapItems(items, width - 4).map((line) => `    ${line}`)];
}

function numbersOf({ runs, skipped }: TargetTally): readonly number[] {
  const { up, degraded, down, unknown } = runs;
  return [up + degraded + down + unknown, up, degraded, down, unknown, skipped];
}

function outage({ longestOutageMs, downSince }: TargetTally, now: number): string {
  const ongoing = downSince === null ? 0 : now - downSince;
  if (ongoing === 0 && longestOutageMs === 0) {
    return "none";
  }
  return ongoing > longestOutageMs
    ? `${formatDuration(ongoing)}, and it goes on`
    : `${formatDuration(longestOutageMs)}${ongoing > 0 ? "; down again now" : ""}`;
}

function jitter(latenesses: readonly number[], latest: number): readonly string[] {
  const sorted = [...latenesses].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  return middle === undefined
    ? []
    : [
        `Jitter: half of the runs started within ${formatDuration(middle)} of their time, all within ${formatDuration(latest)}.`,
      ];
}
