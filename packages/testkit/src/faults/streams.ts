import {
  type Answer,
  type Chunk,
  event,
  type Headers,
  json,
  type Respond,
  stream,
  text,
} from "../answer.ts";
import type { Fault } from "../fault.ts";
import { progress, progressToken } from "../messages.ts";
import { type Spot, spotsOf } from "../moments.ts";
import { SHORT_TIMEOUT_MS } from "../patience.ts";
import type { RecordedRequest } from "../request.ts";
import { play, soundScript } from "../stage.ts";
import { HTTP_API } from "./aws-bodies.ts";

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

/** Puts the sound stream's messages on the wire in another way. */
export function restreamed(
  spot: Spot,
  rewrite: (pieces: Pieces) => readonly Chunk[],
  { end = "whole", headers: more = [] }: { end?: Respond["end"]; headers?: Headers } = {},
) {
  const sound = soundScript(spot.era);
  return play(spot, (request) => {
    const answer = sound(request);
    if (answer.kind !== "respond" || progressToken(request) === null) return answer;
    const streamed = stream(rewrite(piecesOf(request, answer)), end);
    return { ...streamed, headers: [...streamed.headers, ...more] };
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
    start: (spot) => restreamed(spot, chunks, { end }),
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

/** A sound legacy server that answers GET in its own way. */
export function answeringGet(spot: Spot, get: (request: RecordedRequest) => Answer) {
  const sound = soundScript(spot.era);
  const isGet = ({ httpMethod }: RecordedRequest) => httpMethod === "GET";
  return play(spot, (request) => (isGet(request) ? get(request) : sound(request)));
}

function getFailed(title: string, get: Answer, more: Partial<Fault> = {}): Fault {
  return {
    code: "get-stream-failed",
    title,
    spots: spotsOf(["getStream"]),
    start: (spot) => answeringGet(spot, () => get),
    twin: { start: (spot) => answeringGet(spot, () => stream([], "hang")) },
    ...more,
  };
}

const WAITS: Partial<Fault> = { target: { clientTimeoutMs: SHORT_TIMEOUT_MS } };

const GETS: readonly Fault[] = [
  getFailed("405, although a stream is asked for", text("", { status: 405 })),
  getFailed("404 to GET", text("Cannot GET /mcp", { status: 404 })),
  getFailed("401 to GET", text("", { status: 401 })),
  getFailed("503 from the gateway to GET", HTTP_API.unavailable),
  getFailed("a GET that gets no answer", { kind: "hang" }, WAITS),
  getFailed("a GET whose connection is reset", { kind: "reset" }),
  getFailed("a GET that brings JSON", json("{}")),
  getFailed(
    "a GET that brings a page, without end",
    {
      ...text("<html>", { headers: [["content-type", "text/html"]] }),
      framing: "chunked",
      end: "hang",
    },
    WAITS,
  ),
  getFailed(
    "a GET that is sent elsewhere",
    text("", { status: 307, headers: [["location", "https://other.example/mcp"]] }),
  ),
];

const ENDPOINT = "event: endpoint\ndata: /messages?sessionId=0f5a1a52\n\n";

/** Takes no POST at its address, and opens the old transport's stream by GET. */
function oldTransport(title: string, post: Answer, end: Respond["end"]): Fault {
  return {
    code: "legacy-sse-transport",
    title,
    spots: spotsOf(["initialize"]),
    start: (spot) =>
      play(spot, ({ httpMethod }) =>
        httpMethod === "GET" ? stream([{ bytes: ENDPOINT }], end) : post,
      ),
    shows: "nothing",
    unchecked: ["detail"],
    evidence: () => ({
      httpStatus: 200,
      contentType: "text/event-stream",
      body: ENDPOINT,
      bytes: ENDPOINT.length,
    }),
  };
}

const OLD: readonly Fault[] = [
  oldTransport("no such route for POST", text("Cannot POST /sse", { status: 404 }), "hang"),
  oldTransport("405 to POST, and a stream cut off by Lambda", text("", { status: 405 }), "whole"),
  oldTransport("400 to POST", text("Bad Request", { status: 400 }), "hang"),
];

/** Streams that hold their events back, that do not stream, that stop, or that GET does not open. */
export const STREAM_FAULTS: readonly Fault[] = [
  ...BUFFERED,
  ...ABSENT,
  ...STALLED,
  ...GETS,
  ...OLD,
];
