import { type History, ROLLUP_RETENTION_DAYS, RUN_RETENTION_DAYS } from "@vigil/aws";
import { countAttempts, PERIOD_MS, type RunRecord, rollUp, summarise } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { complain } from "../complain.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { firstRunAt } from "../first-run.ts";
import type { HistoryBy, HistoryFlags } from "../flags.ts";
import { historySummary, type SummaryInput } from "../history-summary.ts";
import { historyTable } from "../history-table.ts";
import type { Io } from "../io.ts";
import { createPalette } from "../palette.ts";
import { rowJson, type Stretches, stretchesOf } from "../period-rows.ts";
import { periodTable } from "../period-table.ts";
import type { Place } from "../place.ts";
import {
  checkSubject,
  collect,
  type ReadContext,
  tellUnreadable,
  withHistory,
} from "../read-history.ts";
import { bad, ok, type Result } from "../result.ts";
import { count } from "../text.ts";
import { DAY, formatTimestamp, HOUR, parseSince } from "../time.ts";

const DEFAULT_RUNS = 50;
const RETENTION_DAYS: Readonly<Record<HistoryBy, number>> = {
  run: RUN_RETENTION_DAYS,
  hour: ROLLUP_RETENTION_DAYS,
  day: ROLLUP_RETENTION_DAYS,
};
/** What `--by` alone looks at. */
const DEFAULT_SPAN_MS = { hour: DAY, day: 30 * DAY } as const;

/** A question about one target's past. */
interface Question {
  readonly target: string;
  readonly by: HistoryBy;
  /** Null: from the beginning. */
  readonly since: number | null;
  readonly now: number;
  readonly flags: HistoryFlags;
}

/** Shows a target's past, newest first: runs, hours or days. */
export async function runHistory(
  target: string,
  flags: HistoryFlags,
  { io, clock = systemClock }: { readonly io: Io; readonly clock?: ReadContext["clock"] },
): Promise<ExitCode> {
  const asked = readQuestion(target, flags, clock.now());
  if (!asked.ok) {
    return complain(asked.complaint, io);
  }
  return withHistory(flags, { io, clock }, (place) => answer(place, asked.value, io));
}

function readQuestion(target: string, flags: HistoryFlags, now: number): Result<Question> {
  const since = flags.since === undefined ? ok(null) : parseSince(flags.since, now);
  if (!since.ok) {
    return since;
  }
  const by = flags.by ?? usualBy(since.value === null ? null : now - since.value, flags);
  const days = RETENTION_DAYS[by];
  if (since.value !== null && now - since.value > days * DAY) {
    return bad(tooFar(flags.since ?? "", by));
  }
  return ok({ target, by, since: since.value, now, flags });
}

/** Few enough rows to read. `--json` is read by programs, which want the same whatever the span. */
function usualBy(spanMs: number | null, { json }: HistoryFlags): HistoryBy {
  if (spanMs === null || json === true || spanMs <= 6 * HOUR) {
    return "run";
  }
  return spanMs <= 3 * DAY ? "hour" : "day";
}

function tooFar(since: string, by: HistoryBy): string {
  const days = RETENTION_DAYS[by];
  const longer =
    by === "run" ? `, or --by hour or --by day, which are kept for ${RETENTION_DAYS.day} days` : "";
  const what = by === "run" ? "runs are" : "hours are";
  return `--since ${JSON.stringify(since)} is longer ago than ${what} kept (${days} days). Write --since ${days}d or later${longer}.`;
}

async function answer(place: Place, question: Question, io: Io): Promise<Result<ExitCode>> {
  const { history } = place;
  const { target, by, flags } = question;
  const subject = await checkSubject(place, { target, vantage: flags.vantage });
  if (!subject.ok) {
    return subject;
  }
  const unreadable =
    by === "run"
      ? await showRuns(history, question, io)
      : await showPeriods(history, { ...question, by }, io);
  tellUnreadable(unreadable, io);
  return ok(EXIT.up);
}

async function showRuns(history: History, question: Question, io: Io): Promise<number> {
  const { target, since, flags } = question;
  const limit = flags.limit ?? DEFAULT_RUNS;
  const { entries, unreadable } = await collect(
    history.runs(target, {
      limit: limit + 1,
      ...ofVantage(flags),
      ...(since !== null && { since: new Date(since).toISOString() }),
    }),
  );
  const records = entries.slice(0, limit);
  if (records.length === 0) {
    await tellNothing(history, question, io);
  } else if (flags.json === true) {
    io.out(records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  } else {
    io.out(historyTable(records, createPalette(io.outColour)));
    io.out(`\n${historySummary(summaryOfRuns(records), { width: io.columns(), env: io.env })}`);
    if (entries.length > limit) {
      io.out(`There are older runs: --limit shows more, --by hour or --by day sums them up.\n`);
    }
  }
  return unreadable;
}

/** Of runs alone: between them there may be others, which the limit left out. */
function summaryOfRuns(records: readonly RunRecord[]): SummaryInput {
  const rollups = rollUp(records, 0);
  const all = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  return {
    what: records.length === 1 ? "this run" : `these ${records.length} runs`,
    counts: countAttempts(rollups, all),
    latency: summarise(rollups).latency,
    coverage: null,
    heights: records.map(({ durationMs }) => durationMs).toReversed(),
    each: "durations",
  };
}

type PeriodQuestion = Question & { readonly by: Exclude<HistoryBy, "run"> };

async function showPeriods(history: History, question: PeriodQuestion, io: Io): Promise<number> {
  const { by, flags, target } = question;
  const { entries: stretches, unreadable } = await readPeriods(history, question);
  const rows = stretches.rows.toReversed().slice(0, flags.limit);
  if (stretches.whole.summary.runs === 0) {
    await tellNothing(history, question, io);
  } else if (flags.json === true) {
    const subject = { target, vantage: flags.vantage ?? null, by };
    io.out(rows.map((row) => `${JSON.stringify(rowJson(row, subject))}\n`).join(""));
  } else {
    io.out(periodTable(rows, { by, palette: createPalette(io.outColour) }));
    const summary = summaryOfPeriods(stretches, by);
    io.out(`\n${historySummary(summary, { width: io.columns(), env: io.env })}`);
  }
  return unreadable;
}

async function readPeriods(
  history: History,
  { target, by, since, now, flags }: PeriodQuestion,
): Promise<{ readonly entries: Stretches; readonly unreadable: number }> {
  const length = PERIOD_MS[by];
  const from = Math.floor((since ?? now - DEFAULT_SPAN_MS[by]) / length) * length;
  const [first, { entries: rollups, unreadable }] = await Promise.all([
    firstRunAt(history, { target, vantage: flags.vantage }),
    collect(
      history.rollups(target, {
        since: new Date(from).toISOString(),
        order: "oldest",
        ...ofVantage(flags),
      }),
    ),
  ]);
  const window = { from, to: now };
  return { entries: stretchesOf({ rollups, firstRunAt: first, window, by }), unreadable };
}

function summaryOfPeriods({ rows, whole }: Stretches, by: PeriodQuestion["by"]): SummaryInput {
  return {
    what: count(rows.length, by),
    counts: whole.counts,
    latency: whole.summary.latency,
    coverage: whole.coverage,
    heights: rows.map(({ summary }) => summary.latency.p95Ms),
    each: by === "hour" ? "p95 of an hour" : "p95 of a day",
  };
}

/** On stderr when stdout is read by a program. */
async function tellNothing(history: History, question: Question, io: Io): Promise<void> {
  const { target, flags } = question;
  const last = await history.lastRun(target, flags.vantage);
  const when =
    last === null ? "" : ` The last one was at ${formatTimestamp(Date.parse(last.startedAt))}.`;
  const from = flags.vantage === undefined ? "" : ` from ${flags.vantage}`;
  const text = `No runs of ${target}${from} in that time.${when}\n`;
  if (flags.json === true) {
    io.err(`vigil: ${text}`);
  } else {
    io.out(text);
  }
}

function ofVantage({ vantage }: HistoryFlags): { readonly vantage?: string } {
  return vantage === undefined ? {} : { vantage };
}
