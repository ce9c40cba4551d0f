import type { Fault } from "./fault.ts";

/** The server speaks, but not MCP as a client needs it. */
export const PROTOCOL = {
  "version-mismatch": {
    code: "protocol-version-mismatch",
    title: "The MCP SDK is of another age",
    clientSees: "a protocol version that no client knows",
    cloudWatchShows: "no errors",
  },
  "era-mismatch": {
    code: "era-mismatch",
    title: "The server refuses the client's era",
    clientSees: "-32022 to initialize, and no server/discover either",
    cloudWatchShows: "no errors",
  },
  "negotiation-rejected": {
    code: "negotiation-rejected",
    title: "The opening request fails",
    clientSees: "a JSON-RPC error to initialize or server/discover",
    cloudWatchShows: "no errors",
  },
  "header-mismatch": {
    code: "header-mismatch",
    title: "A proxy strips MCP's headers",
    clientSees: "-32020 to every request of the modern era; older clients notice nothing",
    cloudWatchShows: "no errors",
  },
  "session-lost": {
    code: "session-lost",
    title: "Another environment gets the next request",
    clientSees: "404 to every request in a session; clients without sessions notice nothing",
    cloudWatchShows: "no errors",
  },
  "malformed-json": {
    code: "malformed-json",
    title: "A log line gets into the answer",
    clientSees: "a JSON body that is not JSON",
    cloudWatchShows: "no errors",
  },
  "invalid-jsonrpc": {
    code: "invalid-jsonrpc",
    title: "A wrapper around the server changes the body",
    clientSees: "answers with the id as text",
    cloudWatchShows: "no errors",
  },
  "invalid-result": {
    code: "invalid-result",
    title: "A hand-written handler returns its own shape",
    clientSees: "tools without an inputSchema",
    cloudWatchShows: "no errors",
  },
  "rpc-error": {
    code: "rpc-error",
    title: "The handler of tools/list throws",
    clientSees: "-32603 to tools/list",
    cloudWatchShows: "no errors: the exception is caught and told to the client",
  },
  "pagination-loop": {
    code: "pagination-loop",
    title: "The last page has a next one",
    clientSees: "tools/list without end",
    cloudWatchShows: "more invocations, no errors",
  },
} as const satisfies Record<string, Fault>;
