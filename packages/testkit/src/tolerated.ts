import { gzipSync } from "node:zlib";
import type { Era } from "@vigil/core";
import {
  type Answer,
  type Chunk,
  drip,
  event,
  json,
  type Respond,
  stream,
  text,
} from "./answer.ts";
import type { MonitorOverrides, Stage, TargetOverrides } from "./fault.ts";
import { WIDENED } from "./faults/drift.ts";
import { withResult } from "./faults/make.ts";
import type { WireReply } from "./messages.ts";
import { MOMENTS, type Moment, type Spot, spotsOf, USUAL } from "./moments.ts";
import type { RecordedRequest } from "./request.ts";
import type { Script } from "./server.ts";
import { alter, play, soundScript, soundStage, strike } from "./stage.ts";
import { FURTHER } from "./tolerated-further.ts";
import { STREAMED } from "./tolerated-streams.ts";

/** What a server may do and still be well. */
export interface Tolerated {
  readonly title: string;
  readonly spots: readonly Spot[];
  readonly start: (spot: Spot) => Promise<Stage>;
  readonly target?: TargetOverrides;
  readonly monitor?: MonitorOverrides;
  /** The session could not be ended. */
  readonly sessionLeft?: true;
}

const OPENING: readonly Moment[] = ["initialize", "discover"];

/** Puts the sound answer of the spot's request on the wire in another way. */
function rewire(spot: Spot, rewrite: (sound: Respond, request: RecordedRequest) => Answer) {
  const sound = soundScript(spot.era);
  return play(spot, (request) => {
    const answer = sound(request);
    const hit = MOMENTS[spot.moment].matches(request) && answer.kind === "respond";
    return hit ? rewrite(answer, request) : answer;
  });
}

interface Rewired {
  readonly title: string;
  readonly at?: readonly Moment[];
  readonly eras?: readonly Era[];
}

function rewired(
  { title, at = USUAL, eras }: Rewired,
  rewrite: (sound: Respond, request: RecordedRequest) => Answer,
): Tolerated {
  return { title, spots: spotsOf(at, eras), start: (spot) => rewire(spot, rewrite) };
}

function bodyOf({ chunks }: Respond): string {
  return [...chunks].map(({ bytes }) => bytes).join("");
}

/** The sound answer as a stream of the given pieces; session headers are kept. */
function streamed(sound: Respond, chunks: Iterable<Chunk>, end: Respond["end"] = "whole"): Respond {
  const answer = stream(chunks, end);
  const kept = sound.headers.filter(([name]) => name.toLowerCase() !== "content-type");
  return { ...answer, headers: [...answer.headers, ...kept] };
}

const NOTE = event('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info"}}');

const HTTP: readonly Tolerated[] = [
  rewired({ title: "a body that comes byte by byte" }, (sound) => ({
    ...sound,
    framing: "chunked",
    chunks: [...bodyOf(sound)].map((byte) => ({ bytes: byte })),
  })),
  rewired({ title: "a charset behind the content type" }, (sound) => ({
    ...sound,
    headers: sound.headers.map(([name, value]) =>
      name === "content-type" ? ["Content-Type", "Application/JSON; charset=UTF-8"] : [name, value],
    ),
  })),
  rewired({ title: "gzip, which was asked for" }, (sound) => ({
    ...sound,
    headers: [...sound.headers, ["content-encoding", "gzip"]],
    chunks: [{ bytes: gzipSync(bodyOf(sound)) }],
  })),
  rewired({ title: "a connection that ends with the answer" }, (sound) => ({
    ...sound,
    headers: [...sound.headers, ["connection", "close"]],
    end: "close",
  })),
  rewired({ title: "blanks around the JSON" }, (sound) => ({
    ...sound,
    chunks: [{ bytes: `\r\n  ${bodyOf(sound)}\n` }],
  })),
  ...([307, 308] as const).map((status) => ({
    title: `${status} within the origin, three times`,
    spots: spotsOf(OPENING),
    start: (spot: Spot) => redirecting(spot, status, 3),
  })),
];

/** Sends the first requests of the spot's kind on to another path. */
function redirecting(spot: Spot, status: number, times: number): Promise<Stage> {
  const sound = soundScript(spot.era);
  let redirects = 0;
  return play(spot, (request) => {
    const hit = MOMENTS[spot.moment].matches(request) && redirects < times;
    if (!hit) return sound(request);
    redirects += 1;
    return text("", { status, headers: [["location", `/mcp/${redirects}`]] });
  });
}

const STREAMS: readonly Tolerated[] = [
  {
    title: "every answer streamed",
    spots: spotsOf(OPENING),
    start: (spot) => soundStage(spot, { framing: "sse" }),
  },
  rewired({ title: "comments and notifications before the answer" }, (sound) =>
    streamed(sound, [{ bytes: ": open\n\n" }, { bytes: NOTE }, { bytes: event(bodyOf(sound)) }]),
  ),
  rewired({ title: "a priming event before the answer" }, (sound) =>
    streamed(sound, [{ bytes: `id: 1\ndata: \n\n${event(bodyOf(sound))}` }]),
  ),
  rewired({ title: "CRLF, no event name and data in two lines" }, (sound) => {
    const data = bodyOf(sound).replace(",", ",\r\ndata: ");
    return streamed(sound, [{ bytes: `data: ${data}\r\n\r\n` }]);
  }),
  rewired({ title: "events cut anywhere" }, (sound) => {
    const bytes = Buffer.from(event(bodyOf(sound)));
    return streamed(
      sound,
      [...bytes].map((byte) => ({ bytes: Uint8Array.of(byte) })),
    );
  }),
  rewired({ title: "a stream that stays open behind the answer" }, (sound) =>
    streamed(sound, [{ bytes: event(bodyOf(sound)) }], "hang"),
  ),
  rewired({ title: "a stream that breaks behind the answer" }, (sound) =>
    streamed(sound, [{ bytes: event(bodyOf(sound)) }], "reset"),
  ),
  {
    title: "an answer on a stream that is taken up again",
    spots: spotsOf(["page1", "call"], ["legacy"]),
    start: resumed,
  },
  rewired({ title: "a ping during the call", at: ["call"], eras: ["legacy"] }, (sound) =>
    streamed(sound, [
      { bytes: event('{"jsonrpc":"2.0","id":"p1","method":"ping"}') },
      { bytes: event(bodyOf(sound)), delayMs: 20 },
    ]),
  ),
  rewired({ title: "a tool that does without sampling", at: ["call"], eras: ["legacy"] }, (sound) =>
    streamed(sound, [
      { bytes: event('{"jsonrpc":"2.0","id":"s1","method":"roots/list"}') },
      { bytes: event(bodyOf(sound)), delayMs: 20 },
    ]),
  ),
];

/** Ends the stream behind its first, empty event; the answer waits for a GET. */
function resumed(spot: Spot): Promise<Stage> {
  const sound = soundScript(spot.era);
  let waiting: Respond | null = null;
  const script: Script = (request) => {
    if (request.headers["last-event-id"] === "e1" && waiting !== null) {
      return streamed(waiting, [{ bytes: `id: e2\n${event(bodyOf(waiting))}` }]);
    }
    const answer = sound(request);
    if (!MOMENTS[spot.moment].matches(request) || answer.kind !== "respond") return answer;
    waiting = answer;
    return streamed(answer, [{ bytes: "id: e1\nretry: 10\ndata: \n\n" }]);
  };
  return play(spot, script);
}

type Message = Readonly<Record<string, unknown>>;

function edited(
  { title, at = USUAL, eras }: Rewired,
  edit: (reply: WireReply, request: RecordedRequest) => WireReply,
): Tolerated {
  return { title, spots: spotsOf(at, eras), start: (spot) => alter(spot, edit) };
}

const MESSAGES: readonly Tolerated[] = [
  rewired({ title: "an array of one answer (2025-03-26)", eras: ["legacy"] }, (sound) => ({
    ...sound,
    chunks: [{ bytes: `[${bodyOf(sound)}]` }],
  })),
  edited(
    { title: "members that are not known yet" },
    withResult((result) => ({ ...result, somethingNew: { from: "2030" } })),
  ),
  ...["2025-06-18", "2025-03-26", "2024-11-05"].map((protocolVersion) =>
    edited(
      { title: `revision ${protocolVersion}`, at: ["initialize"] },
      withResult((result) => ({ ...result, protocolVersion })),
    ),
  ),
  edited(
    { title: "tools with titles, icons and schemas of their own", at: ["page1"] },
    withResult((result) => ({ ...result, tools: (result.tools as readonly Message[]).map(adorn) })),
  ),
  edited(
    { title: "a property that may be anything", at: ["page1"], eras: ["modern"] },
    withResult((result) => ({
      ...result,
      tools: (result.tools as readonly Message[]).map((tool) => ({
        ...tool,
        inputSchema: { type: "object", properties: { key: true } },
      })),
    })),
  ),
  {
    title: "no sessions",
    spots: spotsOf(["initialize"]),
    start: (spot) => soundStage(spot, { stateless: true }),
  },
  {
    title: "TLS",
    spots: spotsOf(["connect"]),
    start: (spot) => soundStage(spot, { tls: true }),
  },
  {
    title: "a server without tools, where none are expected",
    spots: spotsOf(["page1"]),
    start: (spot) =>
      alter(
        spot,
        withResult(({ nextCursor: _, ...r }) => ({ ...r, tools: [] })),
      ),
    target: { expect: { minTools: 0 }, sentinels: [] },
  },
  {
    title: "an empty nextCursor on the last page, at which clients stop",
    spots: spotsOf(["page2"]),
    start: (spot) =>
      alter(
        spot,
        withResult((r) => ({ ...r, nextCursor: "" })),
      ),
  },
];

function adorn(tool: Message): Message {
  return {
    ...tool,
    title: "Überblick",
    icons: [{ src: "https://orders.example/icon.svg", mimeType: "image/svg+xml" }],
    inputSchema: { type: "object", $defs: { any: true }, additionalProperties: false },
    execution: { taskSupport: "optional" },
  };
}

/** What a server may do with the one notification. */
const NOTIFIED: readonly (readonly [title: string, answer: Answer])[] = [
  ["200 with an empty body", text("")],
  ["204", text("", { status: 204 })],
  ["200 with JSON", json('{"status":"ok"}')],
  ["202 with a body that never ends", { ...stream([], "hang"), status: 202 }],
  ["202 with a body that drips", { ...stream(drip(" ", 200)), status: 202 }],
];

/** How a session may fail to end. */
const ENDED: readonly (readonly [title: string, answer: Answer])[] = [
  ["500", text("", { status: 500 })],
  ["404", text("", { status: 404 })],
  ["a reset", { kind: "reset" }],
  ["no answer", { kind: "hang" }],
];

const EDGES: readonly Tolerated[] = [
  ...NOTIFIED.map(([title, answer]) => ({
    title: `the notification is answered ${title}`,
    spots: spotsOf(["initialized"]),
    start: (spot: Spot) => strike(spot, () => answer),
  })),
  ...ENDED.map(([title, answer]) => ({
    title: `the end of the session is answered with ${title}`,
    spots: spotsOf(["end"]),
    start: (spot: Spot) => strike(spot, () => answer),
    sessionLeft: true as const,
  })),
  {
    title: "a server that ends its sessions by itself (405)",
    spots: spotsOf(["end"]),
    start: (spot) => strike(spot, () => text("", { status: 405 })),
  },
];

/** Every answer that is unusual and sound: a run that meets one is `up`. */
export const TOLERATED: readonly Tolerated[] = [
  ...HTTP,
  ...STREAMS,
  ...MESSAGES,
  ...EDGES,
  ...FURTHER,
  ...STREAMED,
  ...WIDENED,
];
