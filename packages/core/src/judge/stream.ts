import type { Sentinel, StreamExpectation } from "../config/index.ts";
import type { Exchange, Leg, SseEvent, StepRecord } from "../run.ts";
import type { Expectations, Finding, StepFinding } from "./case.ts";
import { isGetStream } from "./get-stream.ts";

/** A stream that is silent for at most so many of its usual pauses is still running. */
const PAUSE_FACTOR = 3;

/** The stream's tool is called with a sentinel's care, and its answer may say anything but an error. */
export function streamSentinel({
  tool,
  arguments: args,
  allowWrites,
}: StreamExpectation): Sentinel {
  return { tool, arguments: args, expect: {}, allowWrites };
}

/** The call of the stream's tool, over all the responses that carried its messages. */
interface Call {
  readonly startMs: number;
  readonly endMs: number;
  readonly count: number;
  readonly first: SseEvent | null;
  readonly last: SseEvent | null;
}

function callIn({ exchanges }: StepRecord): Call {
  const calls = exchanges.filter(isCall);
  const messages = calls.flatMap(({ sse }) => sse?.messages ?? []);
  return {
    startMs: calls[0]?.startMs ?? 0,
    endMs: calls.at(-1)?.endMs ?? 0,
    count: messages.reduce((total, { count }) => total + count, 0),
    first: messages.find(({ first }) => first !== null)?.first ?? null,
    last: messages.findLast(({ last }) => last !== null)?.last ?? null,
  };
}

function isCall({ request }: Exchange): boolean {
  return request.rpcMethod === "tools/call";
}

/** The messages of a stream step's call, and when those that are kept came; the last one is. */
export function streamedEvents({ step, exchanges }: StepRecord): {
  readonly count: number;
  readonly atMs: readonly number[];
} {
  const streams = step === "stream" ? exchanges.filter(isCall) : [];
  const seen = streams.flatMap(({ sse }) => (sse === null ? [] : [sse]));
  const atMs = seen.flatMap(({ events, messages }) => [
    ...events.filter(({ type }) => type === "message").map((event) => event.atMs),
    ...(messages.count > events.length && messages.last !== null ? [messages.last.atMs] : []),
  ]);
  return { count: seen.reduce((total, { messages }) => total + messages.count, 0), atMs };
}

/** What the stream step shows, given what judging it like any other step has `found`. */
export function judgeStreamStep(
  step: StepRecord,
  found: StepFinding | null,
  { stream }: Pick<Expectations, "stream">,
): StepFinding | null {
  if (stream === null || step.outcome === "skipped" || isGetStream(step)) return found;
  const finding =
    found === null ? judgeAnswered(step, stream) : judgeCut(step, stream, found.finding);
  if (finding === null) return null;
  return { finding, exchange: found?.exchange ?? step.exchanges.findLast(isCall) ?? null };
}

/** The stream was running when the step's time was up. */
export function wasCut({ steps }: Pick<Leg, "steps">): boolean {
  return steps.some(
    ({ step, outcome, exchanges }) =>
      step === "stream" && outcome === "ok" && exchanges.findLast(isCall)?.end === "timed-out",
  );
}

/** Holds a call that was answered in good order against what its stream was to be like. */
function judgeAnswered(step: StepRecord, stream: StreamExpectation): Finding | null {
  const { minEvents } = stream;
  const call = callIn(step);
  if (call.count === 0) return absent(stream, "in one JSON body");
  if (call.count === 1) return absent(stream, "in a single event, with nothing before it");
  if (call.count < minEvents) {
    return absent(stream, `in ${call.count} events, of at least ${minEvents} that were expected`);
  }
  return judgeSpread(call, stream);
}

function absent({ tool, minEvents }: StreamExpectation, how: string): Finding {
  return {
    mode: "stream-absent",
    summary: `tool "${tool}" answered ${how}`,
    detail: `expected at least ${minEvents} events`,
  };
}

/**
 * The first event may have come sooner than it was read, and the last one too: what the probe's own
 * delay could turn round is not judged.
 */
function judgeSpread(call: Call, stream: StreamExpectation): Finding | null {
  const { first, last, count, startMs } = call;
  const { tool, minSpreadMs } = stream;
  if (first === null || last === null) return null;
  const spreadMs = last.atMs - first.atMs;
  const buffered = spreadMs < minSpreadMs;
  const lateMs = buffered ? first.lateMs : last.lateMs;
  const provenMs = buffered ? spreadMs + lateMs : spreadMs - lateMs;
  if (buffered !== provenMs < minSpreadMs) {
    return {
      mode: "probe-error",
      summary: `the probe was too busy to time the events of tool "${tool}": it was away for ${Math.round(lateMs)} ms while they came`,
    };
  }
  if (!buffered) return null;
  return {
    mode: "stream-buffered",
    summary: `${count} events of tool "${tool}" came within ${milliseconds(spreadMs)} of each other, ${milliseconds(first.atMs - startMs)} after the call`,
    detail: `found ${milliseconds(spreadMs)} from the first event to the last, expected at least ${minSpreadMs} ms`,
  };
}

/** Rounded down, so that what was found is not shown as what was expected. */
function milliseconds(ms: number): string {
  return ms < 10 ? `${Math.floor(ms * 10) / 10} ms` : `${Math.floor(ms)} ms`;
}

/**
 * What is found of a call whose time was up before its answer came; null when its stream was running
 * all the while, and so has shown what it was asked to show.
 */
function judgeCut(step: StepRecord, stream: StreamExpectation, found: Finding): Finding | null {
  if (found.mode !== "stream-stalled") return found;
  const call = callIn(step);
  const { first, last, count } = call;
  if (first === null || last === null) return found;
  const silenceMs = call.endMs - last.atMs;
  const pauseMs = (last.atMs - first.atMs) / Math.max(1, count - 1);
  if (count >= stream.minEvents && silenceMs <= PAUSE_FACTOR * pauseMs) {
    return judgeSpread(call, stream);
  }
  const came = count === 1 ? "1 event" : `${count} events`;
  const summary = `${came} of tool "${stream.tool}" came, then nothing for ${milliseconds(silenceMs)}, and no answer`;
  return { ...found, summary };
}
