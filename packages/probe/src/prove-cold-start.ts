import {
  type Clock,
  type FunctionRequests,
  functionRequests,
  MAX_REPORT_IDS,
  mayBeCold,
  REPORT_PROBLEMS,
  type ReportAnswer,
  type ReportLookup,
  type ReportProof,
  type ReportQuestion,
  type RunRecord,
  readReports,
  type Target,
  withColdStart,
} from "@vigil/core";
import { inTime } from "./signing.ts";
import type { ConfirmedRun } from "./types.ts";

/** All of a look-up: lines arrive seconds after their request, and some never. */
export const LOOK_UP_MS = 10_000;
/** The waits before each try. */
const DELAYS_MS = [1_000, 3_000, 4_000];
const TRY_MS = 3_000;
/** Two machines' clocks differ. */
const SKEW_MS = 60_000;

export interface ColdStartProof {
  readonly target: Target;
  readonly clock: Clock;
  readonly reportLines: ReportLookup;
  /** Look whatever the run found, not only where a cold start may have caused it. */
  readonly always?: boolean;
  /** Time for all tries; at most {@link LOOK_UP_MS}. */
  readonly withinMs?: number;
}

/** Whether `proveColdStart` would look: for saying so before it takes its time. */
export function wantsColdStartProof(
  { record }: Pick<ConfirmedRun, "record">,
  { target, always = false }: Pick<ColdStartProof, "target" | "always">,
): boolean {
  if (target.lambda?.reportLines !== true || target.region === null) return false;
  return mayBeCold(record) || (always && record.coldStart === null);
}

/**
 * Looks for proof in the REPORT lines of the first attempt's requests, after the run and apart from
 * it, so that nothing waits for a log. Gives the record as it is then; a note says why there is no
 * proof. Never rejects.
 */
export async function proveColdStart(run: ConfirmedRun, given: ColdStartProof): Promise<RunRecord> {
  const { record, attempts } = run;
  const first = attempts[0]?.run;
  if (first === undefined || !wantsColdStartProof(run, given)) return record;
  const asked = functionRequests(first);
  if (asked.requests.length === 0) {
    return noted(record, "no answer of this attempt carries the function's own request id");
  }
  const startedMs = Date.parse(first.startedAt);
  const question = {
    region: given.target.region ?? "",
    logGroup: given.target.lambda?.logGroup ?? "",
    requestIds: asked.requests.slice(0, MAX_REPORT_IDS).map(({ requestId }) => requestId),
    fromMs: Math.floor(startedMs) - SKEW_MS,
    toMs: Math.ceil(startedMs + first.totalMs) + SKEW_MS + LOOK_UP_MS,
  };
  return conclude(record, await lookUp({ asked, question }, given), question);
}

interface Asked {
  readonly asked: FunctionRequests;
  readonly question: Omit<ReportQuestion, "timeoutMs">;
}

/** Null: there was no time for a try. */
type Found = ReportProof | Extract<ReportAnswer, { readonly ok: false }> | null;

/** Tries until the lines decide, the time is up, or asking again is no use. */
async function lookUp({ asked, question }: Asked, given: ColdStartProof): Promise<Found> {
  const { clock, reportLines, withinMs = LOOK_UP_MS } = given;
  const until = clock.monotonic() + Math.min(withinMs, LOOK_UP_MS);
  let found: Found = null;
  for (const delayMs of DELAYS_MS) {
    if (clock.monotonic() + delayMs >= until) break;
    await new Promise<void>((resolve) => void clock.after(delayMs, resolve));
    const timeoutMs = Math.min(TRY_MS, until - clock.monotonic());
    const answering = ask(reportLines, { ...question, timeoutMs });
    const answer = (await inTime(answering, { clock, timeoutMs })) ?? TIMED_OUT;
    if (answer.ok) {
      found = readReports(asked, answer.reports);
      if (found.kind !== "missing") break;
    } else {
      found = answer;
      if (!REPORT_PROBLEMS[answer.problem].again) break;
    }
  }
  return found;
}

const TIMED_OUT = { ok: false, problem: "timed-out" } as const;

async function ask(reportLines: ReportLookup, question: ReportQuestion): Promise<ReportAnswer> {
  try {
    return await reportLines(question);
  } catch {
    return { ok: false, problem: "failed" };
  }
}

type Place = Pick<ReportQuestion, "logGroup" | "region">;

function conclude(record: RunRecord, found: Found, { logGroup, region }: Place): RunRecord {
  const place = `${logGroup} in ${region}`;
  if (found === null) return noted(record, `there was no time to read ${place}`);
  if (!("kind" in found)) {
    return noted(record, `${place} could not be read: ${REPORT_PROBLEMS[found.problem].text}`);
  }
  switch (found.kind) {
    case "cold": {
      const { requestId, setUpMs } = found;
      const note = `cold start: request ${requestId} waited ${Math.round(setUpMs)} ms for its environment, by its REPORT line`;
      const proven = withColdStart(record, true);
      return { ...proven, notes: [...proven.notes, note] };
    }
    case "warm":
      return withColdStart(record, false);
    case "missing":
      return noted(record, `${place} has not all REPORT lines of this attempt's requests yet`);
    case "unclear":
      return noted(record, `the REPORT lines in ${place} do not tell of every request`);
    default:
      return found satisfies never;
  }
}

function noted(record: RunRecord, why: string): RunRecord {
  return { ...record, notes: [...record.notes, `no proof of a cold start: ${why}`] };
}
