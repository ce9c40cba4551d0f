import { type Chunk, event, type Respond, stream } from "../answer.ts";
import type { Fault } from "../fault.ts";
import { progress, progressToken } from "../messages.ts";
import { type Spot, spotsOf } from "../moments.ts";
import { SHORT_TIMEOUT_MS } from "../patience.ts";
import type { RecordedRequest } from "../request.ts";
import { play, soundScript } from "../stage.ts";

const STREAM = spotsOf(["stream"]);

/** So far apart that no busy machine pulls events together, or apart, by so much. */
const WIDE: Partial<Fault> = {
  target: { stream: { minSpreadMs: 5_000 } },
  twin: { target: { stream: {} } },
};

/** The messages of a sound stream: two of progress and the answer. */
interface Pieces {
  readonly first: string;
  readonly second: string;
  readonly answer: string;
}

function piecesOf(request: RecordedRequest, sound: Respond): Pieces {
  const token = progressToken(request) ?? 0;
  const all = [...sound.chunks].map(({ bytes }) => String(bytes));
  return {
    first: event(progress(token, 1)),
    second: event(progress(token, 2)),
    answer: all.at(-1) ?? "",
  };
}

/** Puts the sound stream's messages on the wire in another way; session headers are kept. */
export function restreamed(
  spot: Spot,
  rewrite: (pieces: Pieces) => readonly Chunk[],
  end: Respond["end"] = "whole",
) {
  const sound = soundScript(spot.era);
  return play(spot, (request) => {
    const answer = sound(request);
    if (answer.kind !== "respond" || progressToken(request) === null) return answer;
    const { headers } = stream([]);
    return { ...stream(rewrite(piecesOf(request, answer)), end), headers };
  });
}

interface StreamFault {
  readonly code: Fault["code"];
  readonly title: string;
  readonly chunks: (pieces: Pieces) => readonly Chunk[];
  readonly end?: Respond["end"];
  readonly more?: Partial<Fault>;
}

function streamed({ code, title, chunks, end = "whole", more = {} }: StreamFault): Fault {
  return {
    code,
    title,
    spots: STREAM,
    start: (spot) => restreamed(spot, chunks, end),
    unchecked: ["detail"],
    ...more,
  };
}

const BUFFERED: readonly Fault[] = [
  streamed({
    code: "stream-buffered",
    title: "all events in one piece",
    chunks: ({ first, second, answer }) => [{ bytes: `${first}${second}${answer}` }],
    more: WIDE,
  }),
  streamed({
    code: "stream-buffered",
    title: "one event behind the other, without a pause",
    chunks: ({ first, second, answer }) => [{ bytes: first }, { bytes: second }, { bytes: answer }],
    more: WIDE,
  }),
  streamed({
    code: "stream-buffered",
    title: "headers and a comment at once, and all events at the end",
    chunks: ({ first, second, answer }) => [
      { bytes: ": open\n\n" },
      { bytes: "id: 1\ndata: \n\n" },
      { bytes: `${first}${second}${answer}`, delayMs: 300 },
    ],
    more: WIDE,
  }),
];

/** Answers the stream's call like any other, without a word of its progress. */
function unstreamed(framing: "json" | "sse") {
  return (spot: Spot) => {
    const sound = soundScript(spot.era, { framing });
    return play(spot, (request) => {
      const { rpc } = request;
      if (progressToken(request) === null || rpc === null) return sound(request);
      const { _meta, ...params } = rpc.params;
      const { progressToken: _, ...meta } = _meta as Record<string, unknown>;
      return sound({ ...request, rpc: { ...rpc, params: { ...params, _meta: meta } } });
    });
  };
}

const ABSENT: readonly Fault[] = [
  {
    code: "stream-absent",
    title: "one JSON body",
    spots: STREAM,
    start: unstreamed("json"),
    evidence: () => ({ detail: "expected at least 2 events" }),
  },
  {
    code: "stream-absent",
    title: "an event stream that holds the answer alone",
    spots: STREAM,
    start: unstreamed("sse"),
    evidence: () => ({ detail: "expected at least 2 events" }),
  },
  streamed({
    code: "stream-absent",
    title: "a priming event, pings under another name, and the answer",
    chunks: ({ answer }) => [
      { bytes: "id: 1\ndata: \n\n" },
      { bytes: "event: ping\ndata: {}\n\n", delayMs: 100 },
      { bytes: answer, delayMs: 100 },
    ],
  }),
  streamed({
    code: "stream-absent",
    title: "fewer events than expected",
    chunks: ({ first, answer }) => [{ bytes: first }, { bytes: answer, delayMs: 200 }],
    more: { target: { stream: { minEvents: 3 } } },
  }),
];

const STALLED: readonly Fault[] = [
  streamed({
    code: "stream-stalled",
    title: "some events, then nothing",
    chunks: ({ first, second }) => [{ bytes: first }, { bytes: second, delayMs: 20 }],
    end: "hang",
    more: { target: { clientTimeoutMs: SHORT_TIMEOUT_MS }, monitor: { deadlineMs: 2_000 } },
  }),
];

/** Streams that hold their events back, that do not stream, or that stop. */
export const STREAM_FAULTS: readonly Fault[] = [...BUFFERED, ...ABSENT, ...STALLED];
