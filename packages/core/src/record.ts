import { streamedEvents } from "./judge/stream.ts";
import type { ProbeRun, StepRecord } from "./run.ts";
import { canonicalJson } from "./tools-hash.ts";
import type {
  FailureEvidence,
  RecordedAttempt,
  RecordedStep,
  RunKind,
  RunRecord,
  Verdict,
} from "./verdict.ts";

/** An attempt and what was made of it. */
export interface JudgedAttempt {
  readonly run: ProbeRun;
  readonly verdict: Verdict;
}

export interface RecordInput {
  /** Oldest first. The first one's steps, durations and failures become the run's. */
  readonly attempts: readonly [JudgedAttempt, ...JudgedAttempt[]];
  readonly kind: RunKind;
  /** ISO 8601; the minute that the run stands for. */
  readonly scheduledAt: string;
  readonly confirmed: boolean;
  /** Start of the open deployment gap window; null outside of one. */
  readonly gap: string | null;
}

/** Longest name, version or content type that is kept: they are the server's words. */
const MAX_NAME = 200;
/** Longest part of a server's error message or data that is kept. */
const MAX_TEXT = 2_048;

/** Most times of a stream's events that are kept. */
const MAX_EVENTS = 8;

/** The run as everyone sees it, bounded whatever the server sent. Secrets: see `redactRecord`. */
export function toRunRecord(input: RecordInput): RunRecord {
  const { attempts, kind, scheduledAt, confirmed, gap } = input;
  const [{ run, verdict }] = attempts;
  return {
    schema: 1,
    runId: run.runId,
    kind,
    target: run.target,
    vantage: run.vantage,
    scheduledAt,
    startedAt: run.startedAt,
    status: verdict.status,
    confirmed,
    depth: verdict.depth,
    era: verdict.era,
    protocolVersion: cutOrNull(verdict.protocolVersion),
    server: serverOf(verdict),
    toolCount: verdict.toolCount,
    toolsHash: verdict.toolsHash,
    drift: verdict.drift,
    coldStart: verdict.coldStart,
    coldSampleMs: tenthsOrNull(verdict.coldSampleMs),
    durationMs: tenths(verdict.durationMs),
    sessionLeft: attempts.some((attempt) => attempt.run.legs.some((leg) => leg.sessionLeft)),
    steps: stepsOf(run),
    failures: verdict.failures.map((failure) => ({
      ...failure,
      evidence: recordEvidence(failure.evidence),
    })),
    attempts: attempts.map(recordAttempt),
    notes: verdict.notes,
    gap,
  };
}

function stepsOf({ connect, authorize, legs }: ProbeRun): readonly RecordedStep[] {
  return [connect, authorize, ...legs.flatMap(({ steps }) => steps)].map(recordStep);
}

function recordStep(record: StepRecord): RecordedStep {
  const { step, era, label, outcome, startMs, durationMs, firstByteMs, skipped } = record;
  return {
    step,
    ...(era === null ? {} : { era }),
    ...(label === null ? {} : { label }),
    outcome,
    startMs: tenthsOrNull(startMs),
    durationMs: tenthsOrNull(durationMs),
    firstByteMs: tenthsOrNull(firstByteMs),
    ...(skipped === null ? {} : { skipped }),
    ...eventsOf(record),
  };
}

function eventsOf(record: StepRecord): Pick<RecordedStep, "events"> {
  const { count, atMs } = streamedEvents(record);
  if (count === 0) return {};
  const [first, last] = [atMs.slice(0, MAX_EVENTS - 1), atMs.slice(MAX_EVENTS - 1).slice(-1)];
  return { events: { count, atMs: [...first, ...last].map(tenths) } };
}

function recordAttempt({ run, verdict }: JudgedAttempt): RecordedAttempt {
  return {
    startedAt: run.startedAt,
    durationMs: tenths(verdict.durationMs),
    status: verdict.status,
    modes: [...new Set(verdict.failures.map(({ mode }) => mode))],
  };
}

function recordEvidence(evidence: FailureEvidence): FailureEvidence {
  const { contentType, body, rpcError, sseEventsMs } = evidence;
  return {
    ...evidence,
    contentType: cutOrNull(contentType),
    body: body === null ? null : cut(body, MAX_TEXT),
    rpcError: rpcError === null ? null : boundError(rpcError),
    sseEventsMs: sseEventsMs === null ? null : sseEventsMs.map(tenths),
  };
}

type RpcError = NonNullable<FailureEvidence["rpcError"]>;

/** Data of any size or depth: too much of it is kept as the beginning of its JSON. */
function boundError({ code, message, data }: RpcError): RpcError {
  const kept = { code, message: cut(message, MAX_TEXT) };
  if (data === undefined) return kept;
  const json = canonicalJson(data);
  return { ...kept, data: json.length <= MAX_TEXT ? JSON.parse(json) : cut(json, MAX_TEXT) };
}

function serverOf({ server }: Verdict): RunRecord["server"] {
  if (server === null) return null;
  return { name: cut(server.name, MAX_NAME), version: cut(server.version, MAX_NAME) };
}

function cutOrNull(text: string | null): string | null {
  return text === null ? null : cut(text, MAX_NAME);
}

/** The ellipsis also tells redaction that a secret may have been cut here. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function tenthsOrNull(ms: number | null): number | null {
  return ms === null ? null : tenths(ms);
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
