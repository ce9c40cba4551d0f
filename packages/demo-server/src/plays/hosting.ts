import type { BROWSER, HOSTING } from "../faults/hosting.ts";
import { PROGRESS, told } from "../tools.ts";
import { json, type Play, reply, type Struck, send, toAll, toMethod, toRequests } from "./play.ts";

const EVENT_STREAM = { "content-type": "text/event-stream" };
const TOO_LARGE_BYTES = 2 * 1_024 * 1_024;

/** What the old transport opens with; on Lambda the stream ends with the invocation. */
const ENDPOINT_EVENT = {
  headers: EVENT_STREAM,
  body: "event: endpoint\ndata: /messages?sessionId=0f5a1a52\n\n",
};

/** To POST, which goes to the address that the event names. */
const NOT_THERE = { status: 405, headers: { allow: "GET" }, body: "Method Not Allowed" };

/** A call of the progress tool, with its steps as messages. */
interface Counting {
  readonly tookMs: number;
  readonly steps: readonly object[];
  readonly result: object;
}

function readCounting({ params }: Struck): Counting | null {
  const call = params as
    | { name?: unknown; arguments?: unknown; _meta?: { progressToken?: unknown } }
    | undefined;
  if (call?.name !== "progress") return null;
  const read = PROGRESS.inputSchema.safeParse(call.arguments ?? {});
  if (!read.success) return null;
  const { steps: total, delayMs } = read.data;
  const progressToken = call._meta?.progressToken;
  const steps = Array.from({ length: total }, (_, index) =>
    progressToken === undefined
      ? { method: "notifications/message", params: { level: "info", data: told(index + 1, total) } }
      : {
          method: "notifications/progress",
          params: { progressToken, progress: index + 1, total },
        },
  );
  const content = [{ type: "text", text: `counted to ${total}` }];
  return { tookMs: total * delayMs, steps, result: { content } };
}

/** Answers the progress tool when it has counted to the end, in a way of its own. */
const whenCounted = (answer: (struck: Struck, counting: Counting) => void): Play =>
  toMethod("tools/call", (struck) => {
    const counting = readCounting(struck);
    if (counting === null) return struck.leave();
    const timer = setTimeout(() => answer(struck, counting), counting.tookMs);
    struck.response.on("close", () => clearTimeout(timer));
    return undefined;
  });

const asEvent = (message: object) =>
  `event: message\ndata: ${JSON.stringify({ jsonrpc: "2.0", ...message })}\n\n`;

export const HOSTING_PLAYS: Readonly<Record<keyof typeof HOSTING | keyof typeof BROWSER, Play>> = {
  // What a plain handler behind the URL would say to anything.
  "adapter-missing": toAll(json('"Hello from Lambda!"')),
  "lambda-envelope": toAll({
    headers: { "content-type": "application/octet-stream" },
    body: '{"statusCode":200,"headers":{"content-type":"application/json"},"body":"{\\"ok\\":true}"}',
  }),
  "streaming-off": toRequests(({ response }) =>
    send(response, { headers: EVENT_STREAM, body: "" }),
  ),
  "stream-stalled": toRequests(({ response }) => {
    response.writeHead(200, EVENT_STREAM).flushHeaders();
  }),
  "stream-buffered": whenCounted(({ response, id }, { steps, result }) => {
    const answer = { id, result: { ...result, resultType: "complete" } };
    send(response, { headers: EVENT_STREAM, body: [...steps, answer].map(asEvent).join("") });
  }),
  "stream-absent": whenCounted((struck, { result }) => reply(struck, result)),
  "get-stream-failed": ({ httpMethod, response, leave }) =>
    httpMethod === "GET" ? send(response, { status: 500, body: "Internal Server Error" }) : leave(),
  "response-too-large": toMethod("tools/list", (struck) => {
    const [first, ...others] = struck.tools;
    const manual = { ...first, description: "All there is to know. ".padEnd(TOO_LARGE_BYTES, "…") };
    reply(struck, { tools: [manual, ...others] });
  }),
  "empty-response": toRequests(({ response }) => send(response, { status: 202, body: "" })),
  "legacy-sse-transport": ({ httpMethod, response }) =>
    send(response, httpMethod === "GET" ? ENDPOINT_EVENT : NOT_THERE),
  // Before this: nobody adds the headers, and OPTIONS is refused.
  "cors-blocked": ({ leave }) => leave(),
};
