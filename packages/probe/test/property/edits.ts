import fc from "fast-check";
import type { Wire } from "./conversation.ts";

/** A change to a valid answer: of its bytes, its chunking, its headers, its framing, its JSON. */
export interface Edit {
  readonly name: string;
  readonly apply: (wire: Wire) => Wire;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

const bodyOf = ({ chunks }: Wire): Uint8Array => Buffer.concat(chunks);
const withBody = (wire: Wire, body: Uint8Array): Wire => ({
  ...wire,
  chunks: body.length === 0 ? [] : [body],
});
const withText = (wire: Wire, change: (text: string) => string): Wire =>
  withBody(wire, encoder.encode(change(decoder.decode(bodyOf(wire)))));
const edit = (name: string, apply: Edit["apply"]): Edit => ({ name, apply });
/** A place in a body of unknown length; without fast-check's liking for the ends. */
const place = fc.noBias(fc.integer({ min: 0, max: 9_999 })).map((at) => at / 10_000);
const indexIn = (at: number, length: number) => Math.floor(at * length);

const bytes = fc.oneof(
  fc.record({ at: place, byte: fc.integer({ min: 0, max: 255 }) }).map(({ at, byte }) =>
    edit(`byte ${byte} at ${at}`, (wire) => {
      const body = Uint8Array.from(bodyOf(wire));
      if (body.length > 0) body[indexIn(at, body.length)] = byte;
      return withBody(wire, body);
    }),
  ),
  place.map((at) =>
    edit(`cut at ${at}`, (wire) => {
      const body = bodyOf(wire);
      return withBody(wire, body.subarray(0, indexIn(at, body.length)));
    }),
  ),
  fc
    .record({
      at: place,
      text: fc.constantFrom(" ", "\n", "\r\n", ",", '"', "é", "\uFEFF", "\u0000"),
    })
    .map(({ at, text }) =>
      edit(`insert ${JSON.stringify(text)} at ${at}`, (wire) =>
        withText(wire, (body) => {
          const index = indexIn(at, body.length + 1);
          return body.slice(0, index) + text + body.slice(index);
        }),
      ),
    ),
);

const chunking = fc.integer({ min: 1, max: 7 }).map((size) =>
  edit(`chunks of ${size}`, (wire) => {
    const body = bodyOf(wire);
    const chunks: Uint8Array[] = [];
    for (let from = 0; from < body.length; from += size)
      chunks.push(body.subarray(from, from + size));
    return { ...wire, chunks };
  }),
);

const headers = fc.oneof(
  fc
    .constantFrom(
      "application/json",
      "application/json; charset=utf-8",
      "Application/JSON",
      " application/json ;x=y",
      "text/event-stream",
      "TEXT/EVENT-STREAM; charset=utf-8",
      "text/plain",
      "application/jsonp",
      "text/html",
      "",
    )
    .map((type) =>
      edit(`content-type ${JSON.stringify(type)}`, (wire) => ({
        ...wire,
        headers: type === "" ? [] : [["content-type", type]],
      })),
    ),
  fc
    .constantFrom(200, 201, 202, 204, 400, 404, 405, 429, 500, 502, 503)
    .map((status) => edit(`status ${status}`, (wire) => ({ ...wire, status }))),
  fc
    .constantFrom<readonly [string, string]>(["x-request-id", "1"], ["server", "awselb/2.0"])
    .map((header) =>
      edit(`header ${header[0]}`, (wire) => ({ ...wire, headers: [...wire.headers, header] })),
    ),
);

const framing = fc.oneof(
  fc
    .constantFrom("\r\n", "\r")
    .map((end) =>
      edit(`line ends ${JSON.stringify(end)}`, (wire) =>
        withText(wire, (body) => body.replaceAll("\n", end)),
      ),
    ),
  fc
    .constantFrom(
      ": comment\n\n",
      "\n\n",
      "id: 7\n\n",
      "retry: 60000\n\n",
      "event: other\ndata: {}\n\n",
      'data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n',
      "data: {}\n\n",
      "data: not json\n\n",
      'data: {"jsonrpc":"2.0","id":99,"result":{}}\n\n',
      "foo: bar\n",
      "data",
    )
    .map((text) =>
      edit(`before ${JSON.stringify(text)}`, (wire) => withText(wire, (body) => text + body)),
    ),
  fc
    .constantFrom("event: message\n", "data: ", "\n\n", "\n", " ")
    .map((text) =>
      edit(`without ${JSON.stringify(text)}`, (wire) =>
        withText(wire, (body) => body.replace(text, "")),
      ),
    ),
  fc
    .constantFrom<readonly [string, string]>(
      ["data: ", "data:"],
      ["event: message", "event: ping"],
      ["event: message", "event:"],
      [",", ",\ndata: "],
      [",", ",\n"],
      ["data: ", "data: ["],
    )
    .map(([from, to]) =>
      edit(`${from} to ${JSON.stringify(to)}`, (wire) =>
        withText(wire, (body) => body.replace(from, to)),
      ),
    ),
);

/** Replaces one member, anywhere in the message, by another value; or drops it. */
const members = fc
  .record({
    at: place,
    value: fc.constantFrom<unknown>(
      ...[undefined, null, true, false, 7, 1.5, -1, "x", "", [], {}, ["x"], [{}], "2026-07-28"],
    ),
  })
  .map(({ at, value }) =>
    edit(`member at ${at} to ${JSON.stringify(value)}`, (wire) =>
      withText(wire, (body) => {
        const json = /\{.*\}/s.exec(body)?.[0];
        if (json === undefined) return body;
        try {
          const message: unknown = JSON.parse(json);
          const slots = slotsOf(message);
          const slot = slots[indexIn(at, slots.length)];
          if (slot !== undefined) Reflect.set(slot.owner, slot.key, value);
          return body.replace(json, () => JSON.stringify(message));
        } catch {
          return body;
        }
      }),
    ),
  );

interface Slot {
  readonly owner: object;
  readonly key: string;
}

function slotsOf(value: unknown): readonly Slot[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    { owner: value, key },
    ...slotsOf(inner),
  ]);
}

const extras = fc
  .constantFrom('"result":{', '{"jsonrpc"', '"content":[')
  .map((before) =>
    edit(`extra member after ${before}`, (wire) =>
      withText(wire, (body) =>
        body.replace(before, before.endsWith("{") ? `${before}"x-vendor":{"a":[1]},` : before),
      ),
    ),
  );

/** One to three edits. */
export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: bytes },
    { weight: 1, arbitrary: chunking },
    { weight: 2, arbitrary: headers },
    { weight: 2, arbitrary: framing },
    { weight: 4, arbitrary: members },
    { weight: 1, arbitrary: extras },
  ),
  { minLength: 1, maxLength: 3 },
);
