import type { Fault } from "./fault.ts";

/** HTTP works; how the server is hosted keeps MCP from working. */
export const HOSTING = {
  "adapter-missing": {
    code: "not-mcp-response",
    title: "The Lambda Web Adapter is missing",
    clientSees: "HTTP 200 with a body that is not MCP",
    cloudWatchShows: "normal durations, no errors",
  },
  "lambda-envelope": {
    code: "lambda-envelope",
    title: "The URL streams and the function does not",
    clientSees: 'the raw {"statusCode":200,…} as the body',
    cloudWatchShows: "no errors",
  },
  "streaming-off": {
    code: "empty-stream",
    title: "Streaming is switched off on the Function URL",
    clientSees: "an event stream without an event",
    cloudWatchShows: "no errors",
  },
  "stream-stalled": {
    code: "stream-stalled",
    title: "The handler waits for something that does not come",
    clientSees: "an event stream that opens and stays silent",
    cloudWatchShows: "long durations, no errors",
  },
  "stream-buffered": {
    code: "stream-buffered",
    title: "A buffer stands between server and client",
    clientSees: "all events of the progress tool at once, at the end",
    cloudWatchShows: "no errors",
  },
  "stream-absent": {
    code: "stream-absent",
    title: "The transport answers in JSON (enableJsonResponse)",
    clientSees: "one JSON body of the progress tool, no steps",
    cloudWatchShows: "no errors",
  },
  "get-stream-failed": {
    code: "get-stream-failed",
    title: "GET reaches a server that does not expect it",
    clientSees: "500 to GET; POST works",
    cloudWatchShows: "no errors",
  },
  "response-too-large": {
    code: "response-too-large",
    title: "A tool description has swallowed a manual",
    clientSees: "tools/list with 2 MiB",
    cloudWatchShows: "no errors",
  },
  "empty-response": {
    code: "empty-response",
    title: "The request never reaches the MCP transport",
    clientSees: "202 without a body to every request",
    cloudWatchShows: "short durations, no errors",
  },
  "legacy-sse-transport": {
    code: "legacy-sse-transport",
    title: "The server speaks the transport of 2024",
    clientSees: "405 to POST, and to GET a stream that starts with an endpoint event",
    cloudWatchShows: "no errors",
  },
} as const satisfies Record<string, Fault>;

/** Works for programs, not for web pages. */
export const BROWSER = {
  "cors-blocked": {
    code: "cors-blocked",
    title: "CORS is not configured",
    clientSees: "405 to the preflight and no CORS headers; programs notice nothing",
    cloudWatchShows: "no errors",
  },
} as const satisfies Record<string, Fault>;
