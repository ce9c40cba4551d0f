import { gzipSync } from "node:zlib";
import { type Chunk, drip, json, type Respond, SSE_TYPE, stream, text } from "../answer.ts";
import type { Fault } from "../fault.ts";
import { ASKING, type Spot, spotsOf } from "../moments.ts";
import { SHORT_TIMEOUT_MS } from "../patience.ts";
import type { RecordedRequest } from "../request.ts";
import { strike } from "../stage.ts";
import { FUNCTION_URL } from "./aws-bodies.ts";

function fault(
  code: Fault["code"],
  title: string,
  answer: Respond | ((request: RecordedRequest) => Respond),
  more: Partial<Fault> = {},
): Fault {
  const start = (spot: Spot) =>
    strike(spot, (request) => (typeof answer === "function" ? answer(request) : answer));
  return { code, title, spots: spotsOf(ASKING), start, ...more };
}

const WAITS: Partial<Fault> = { target: { clientTimeoutMs: SHORT_TIMEOUT_MS } };
const DRIPS: Partial<Fault> = { ...WAITS, unchecked: ["body", "bytes"] };
const PAGE =
  '<!doctype html>\n<html lang="en">\n<head><title>Orders</title></head>\n<body>It works!</body>\n</html>\n';

const FOREIGN: readonly Fault[] = [
  fault("not-mcp-response", "a web page", text(PAGE, { headers: [["content-type", "text/html"]] })),
  fault("not-mcp-response", "the console's first function", FUNCTION_URL.hello),
  fault("not-mcp-response", "an API's own JSON", json('{"message":"Hello World"}')),
  fault("not-mcp-response", "JSON without a content type", text('{"jsonrpc":"2.0"}')),
  fault(
    "not-mcp-response",
    "a health route's text",
    text("ok", { headers: [["content-type", "text/plain"]] }),
  ),
  fault("not-mcp-response", "a sound answer under another content type", ({ rpc }) =>
    text(JSON.stringify({ jsonrpc: "2.0", id: rpc?.id, result: {} }), {
      headers: [["content-type", "text/plain"]],
    }),
  ),
  fault("lambda-envelope", "a plain handler behind RESPONSE_STREAM", FUNCTION_URL.envelope),
  fault("lambda-envelope", "the adapter in buffered mode", FUNCTION_URL.adapterEnvelope),
];

/** An event that only names itself, so that a client may resume behind it. */
const PRIMING = "id: 0f5a1a52_0\nretry: 10\ndata: \n\n";

const EMPTY: readonly Fault[] = [
  fault("empty-response", "202 to a request", text("", { status: 202 })),
  fault("empty-response", "204 to a request", text("", { status: 204 })),
  fault("empty-response", "200 with nothing", text("")),
  fault("empty-response", "200 with an empty JSON body", json("")),
  fault("empty-response", "200 with a blank JSON body", json(" \r\n")),
  fault("empty-stream", "a stream that ends at once", stream([])),
  fault("empty-stream", "a stream of comments", stream([{ bytes: ": ping\n\n: ping\n\n" }])),
  fault("empty-stream", "a stream of blank lines", stream([{ bytes: "\n\n\n\n" }])),
  fault("empty-stream", "a counted stream of no bytes", text("", { headers: [SSE_TYPE] })),
  fault("empty-stream", "a priming event that leads nowhere", stream([{ bytes: PRIMING }])),
  fault("empty-stream", "an event without data", stream([{ bytes: "event: message\n\n" }])),
];

const ENDPOINT = "event: endpoint\ndata: /messages?sessionId=0f5a1a52\n\n";

const STALLED: readonly Fault[] = [
  fault("stream-stalled", "headers and no event", stream([], "hang"), WAITS),
  fault("stream-stalled", "comments for ever", stream(drip(": ping\n\n", 100)), DRIPS),
  fault(
    "stream-stalled",
    "a priming event and no more",
    stream([{ bytes: PRIMING }], "hang"),
    WAITS,
  ),
  fault(
    "stream-stalled",
    "an event that never ends",
    stream(drip(`event: message\ndata: {${" ".repeat(500)}`)),
    DRIPS,
  ),
  fault(
    "legacy-sse-transport",
    "the old transport's endpoint event, on a stream that stays open",
    stream([{ bytes: ENDPOINT }], "hang"),
    { ...WAITS, spots: spotsOf(["initialize", "discover"]) },
  ),
  fault(
    "legacy-sse-transport",
    "the old transport's endpoint event, cut off by Lambda",
    stream([{ bytes: ENDPOINT }]),
    { spots: spotsOf(["initialize", "discover"]) },
  ),
];

const MEBIBYTE = Buffer.alloc(1_048_576, 0x20);

/** Thirty mebibytes of blanks behind the start of an answer. */
function* large(start: string): Generator<Chunk> {
  yield { bytes: start };
  for (let sent = 0; sent < 30; sent += 1) yield { bytes: MEBIBYTE };
}

const COMMENTS = `: ${" ".repeat(1_021)}\n`.repeat(64);

const LARGE: Partial<Fault> = { unchecked: ["bytes", "body"], heavy: true };

const TOO_LARGE: readonly Fault[] = [
  fault(
    "response-too-large",
    "30 MiB of JSON",
    () => ({ ...json(""), chunks: [...large('{"jsonrpc":"2.0",')] }),
    LARGE,
  ),
  fault("response-too-large", "30 MiB in one event", () => stream([...large("data: {")]), LARGE),
  fault(
    "response-too-large",
    "30 MiB of comments",
    () => stream(Array.from({ length: 480 }, () => ({ bytes: COMMENTS }))),
    LARGE,
  ),
  fault(
    "response-too-large",
    "a small body that unpacks to 30 MiB",
    () => ({
      ...json("", { headers: [["content-encoding", "gzip"]] }),
      chunks: [{ bytes: bomb() }],
    }),
    LARGE,
  ),
];

let packed: Uint8Array | null = null;

/** Thirty mebibytes of blanks in thirty kibibytes; packed on first use, for it takes a while. */
function bomb(): Uint8Array {
  packed ??= gzipSync(`{"jsonrpc":"2.0",${" ".repeat(31_457_280)}`, { level: 1 });
  return packed;
}

export const HOSTING_FAULTS: readonly Fault[] = [...FOREIGN, ...EMPTY, ...STALLED, ...TOO_LARGE];
