import { type Answer, json, text } from "./answer.ts";
import type { RecordedRequest } from "./request.ts";
import { soundLegacy } from "./sound-legacy.ts";

/** A token of no use, which an authorization server gives away all the same. */
export const UNUSABLE_TOKEN = "unus4ble-t0ken/47+11~";

const escaped = (value: string) => JSON.stringify(value).slice(1, -1);
const unicode = (value: string) =>
  value.replace(/[^A-Za-z0-9]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** How servers spell what they echo. */
const spellings = (value: string) => [
  value,
  encodeURIComponent(value),
  btoa(value),
  btoa(`vigil:${value}`),
  escaped(value),
  escaped(escaped(value)),
  unicode(value),
  value.replaceAll("/", "\\/"),
];

/** What a request carries that nobody else may learn. */
export function secretsOf({ headers: sent }: RecordedRequest): readonly string[] {
  const { authorization = "" } = sent;
  const signed = /Credential=([^/]+)\/.*Signature=(\w+)/.exec(authorization);
  const basic = /^Basic (.+)$/.exec(authorization)?.[1];
  return [
    ...(signed === null ? [] : [signed[1] ?? "", signed[2] ?? ""]),
    ...(basic === undefined ? [] : [atob(basic).split(":")[1] ?? "", basic]),
    /^Bearer (.+)$/.exec(authorization)?.[1] ?? "",
    sent["x-api-key"] ?? "",
    sent["x-amz-security-token"] ?? "",
  ].filter((value) => value !== "");
}

/** Everything that a request carries in secret, in every spelling. */
export const echoed = (request: RecordedRequest) =>
  secretsOf(request).flatMap(spellings).join(" | ");
const oneLine = (request: RecordedRequest) => encodeURIComponent(echoed(request));

const SOUND = soundLegacy();

export type Echo = (request: RecordedRequest) => Answer;

const byteByByte = (body: string): Answer => ({
  ...text(""),
  status: 500,
  framing: "chunked",
  chunks: [...Buffer.from(body)].map((byte) => ({ bytes: Uint8Array.of(byte) })),
});

const result = ({ rpc }: RecordedRequest, value: object) =>
  json({ jsonrpc: "2.0", id: rpc?.id, result: value });

/** What a server does with the credentials that it is sent. */
export const ECHOES: Readonly<Record<string, Echo>> = {
  "an error page": (request) => text(echoed(request), { status: 500 }),
  "an error page that comes byte by byte": (request) => byteByByte(echoed(request)),
  "a page that is cut within it": (request) =>
    text(`${"x".repeat(2_030)}${secretsOf(request)[0]}`, { status: 500 }),
  "a page that is no MCP": (request) => text(`<html>${echoed(request)}</html>`),
  "the headers of a 401": (request) =>
    text("", {
      status: 401,
      headers: [
        ["www-authenticate", `Bearer realm="${secretsOf(request).join(" ")}"`],
        ["x-amzn-echo", oneLine(request)],
      ],
    }),
  "a redirect's location": (request) =>
    text("", { status: 302, headers: [["location", `/${oneLine(request)}?${oneLine(request)}`]] }),
  "a content type": (request) =>
    text("{}", { headers: [["content-type", `text/${oneLine(request)}`]] }),
  "a JSON-RPC error": (request) => {
    const error = {
      code: -32_603,
      message: echoed(request),
      data: { [echoed(request)]: [echoed(request)] },
    };
    return json({ jsonrpc: "2.0", id: request.rpc?.id ?? null, error });
  },
  "an event that is no JSON": (request) => ({
    ...text(`data: ${oneLine(request)}\n\n`),
    headers: [["content-type", "text/event-stream"]],
  }),
  "a protocol version": (request) =>
    result(request, {
      protocolVersion: secretsOf(request).at(-1),
      capabilities: {},
      serverInfo: { name: "x", version: "1" },
    }),
  "the server's name": (request) =>
    request.rpc?.method === "initialize"
      ? result(request, {
          protocolVersion: "2025-11-25",
          capabilities: { tools: {} },
          serverInfo: { name: echoed(request), version: secretsOf(request).at(-1) },
        })
      : text(echoed(request), { status: 500 }),
  "a tool's answer": (request) =>
    request.rpc?.method === "tools/call"
      ? result(request, { content: [{ type: "text", text: echoed(request) }], isError: true })
      : SOUND(request),
};

/** The same for an authorization server. */
export const TOKEN_ECHOES: Readonly<Record<string, Echo>> = {
  "an error's code": (request) => json({ error: echoed(request) }, { status: 400 }),
  "an error's description": (request) =>
    json({ error: "invalid_client", error_description: echoed(request) }, { status: 401 }),
  "an error page that comes byte by byte": (request) => byteByByte(echoed(request)),
  "a redirect": (request) =>
    text("", { status: 307, headers: [["location", `/${oneLine(request)}`]] }),
  "a page": (request) => text(`<html>${echoed(request)}</html>`),
  "a token of another type": (request) =>
    json({ access_token: UNUSABLE_TOKEN, token_type: echoed(request) }),
  "a token of no type": () => json({ access_token: UNUSABLE_TOKEN }),
};

/** Where a secret is, in whatever spelling: `output: spelling`. */
export function leaks(
  outputs: Readonly<Record<string, string>>,
  secrets: Iterable<string>,
): string[] {
  return [...secrets].flatMap((value) =>
    [...new Set(spellings(value))].flatMap((spelling) =>
      Object.entries(outputs)
        .filter(([, output]) => [spelling, escaped(spelling)].some((s) => output.includes(s)))
        .map(([name]) => `${name}: ${spelling}`),
    ),
  );
}
