import { gzipSync } from "node:zlib";
import { type Answer, event, stream, text } from "./answer.ts";
import { answeringGet, restreamed } from "./faults/streams.ts";
import { type Moment, type Spot, spotsOf } from "./moments.ts";
import type { Tolerated } from "./tolerated.ts";

const NOTE = event('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info"}}');
const STREAMING: readonly Moment[] = ["stream"];
const PRIMING = "id: 1\nretry: 10\ndata: \n\n";
const PING = "event: ping\ndata: {}\n\n";

function restreaming(title: string, chunks: Parameters<typeof restreamed>[1]): Tolerated {
  return { title, spots: spotsOf(STREAMING), start: (spot) => restreamed(spot, chunks) };
}

/** Streams that are slow, odd and honest. */
const CALLED: readonly Tolerated[] = [
  restreaming("two events in one piece, and the answer later", ({ first, second, answer }) => [
    { bytes: `${first}${second}` },
    { bytes: answer, delayMs: 400 },
  ]),
  restreaming(
    "an event, and the next in one piece with the answer",
    ({ first, second, answer }) => [
      { bytes: first },
      { bytes: `${second}${answer}`, delayMs: 400 },
    ],
  ),
  restreaming("a first event that is late", ({ first, second, answer }) => [
    { bytes: first, delayMs: 900 },
    { bytes: second, delayMs: 200 },
    { bytes: answer, delayMs: 200 },
  ]),
  restreaming("priming, comments and pings among the events", ({ first, answer }) => [
    { bytes: `: open\n\n${PRIMING}` },
    { bytes: first, delayMs: 100 },
    { bytes: `: ping\n\n${PING}`, delayMs: 200 },
    { bytes: answer, delayMs: 200 },
  ]),
  restreaming("events cut anywhere", ({ first, answer }) => [
    { bytes: first.slice(0, 20) },
    { bytes: first.slice(20), delayMs: 50 },
    { bytes: answer.slice(0, -1), delayMs: 400 },
    { bytes: answer.slice(-1) },
  ]),
  {
    title: "a stream of events in gzip",
    spots: spotsOf(STREAMING),
    start: (spot) =>
      restreamed(
        spot,
        ({ first, answer }) => [
          { bytes: gzipSync(first) },
          { bytes: gzipSync(answer), delayMs: 400 },
        ],
        { headers: [["content-encoding", "gzip"]] },
      ),
  },
  {
    title: "a stream that stays open behind its answer",
    spots: spotsOf(STREAMING),
    start: (spot) =>
      restreamed(spot, ({ first, answer }) => [{ bytes: first }, { bytes: answer, delayMs: 400 }], {
        end: "hang",
      }),
  },
];

/** How a server may open the stream of a GET. */
const GET_STREAMS: readonly (readonly [title: string, answer: Answer])[] = [
  ["with headers alone", stream([], "hang")],
  ["with an event", stream([{ bytes: NOTE }], "hang")],
  ["and end it at once", stream([])],
];

const GETS: readonly Tolerated[] = [
  ...GET_STREAMS.map(([title, answer]) => ({
    title: `a server may open the GET stream ${title}`,
    spots: spotsOf(["getStream"]),
    start: (spot: Spot) => answeringGet(spot, () => answer),
  })),
  {
    title: "a GET stream behind a redirect within the origin",
    spots: spotsOf(["getStream"]),
    start: (spot) =>
      answeringGet(spot, ({ path }) =>
        path === "/mcp"
          ? text("", { status: 307, headers: [["location", "/mcp/"]] })
          : stream([], "hang"),
      ),
  },
];

/** What a server may do in the stream step and still be well. */
export const STREAMED: readonly Tolerated[] = [...CALLED, ...GETS];
