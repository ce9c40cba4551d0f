import type { Fault } from "./fault.ts";

/** The protocol works; what the server is there for does not. */
export const TOOLS = {
  "tools-empty": {
    code: "tools-empty",
    title: "Tools fail to register",
    clientSees: "tools/list with no tools",
    cloudWatchShows: "no errors",
  },
  "tools-missing": {
    code: "tools-missing",
    title: "One tool is gone since the last deployment",
    clientSees: "tools/list without sentinel",
    cloudWatchShows: "no errors",
  },
  "tools-drift": {
    code: "tools-drift",
    title: "A tool wants a new argument since the last deployment",
    clientSees: "echo with a further required argument, language",
    cloudWatchShows: "no errors",
  },
  "tool-call-failed": {
    code: "tool-call-failed",
    title: "A dependency of one tool is down",
    clientSees: "sentinel answers with an error, the other tools work",
    cloudWatchShows: "no errors: the exception is caught and told to the client",
  },
  "tool-permission": {
    code: "tool-permission-denied",
    title: "The role lacks a DynamoDB permission",
    clientSees: "sentinel answers AccessDeniedException, the other tools work",
    cloudWatchShows: "no errors: the exception is caught and told to the client",
  },
  "tool-result-mismatch": {
    code: "tool-result-mismatch",
    title: "A tool reads the wrong stage's table",
    clientSees: "sentinel answers stale instead of ok",
    cloudWatchShows: "no errors",
  },
  "sentinel-unsuitable": {
    code: "sentinel-unsuitable",
    title: "The sentinel's tool now writes",
    clientSees: "sentinel annotated as destructive",
    cloudWatchShows: "no errors",
  },
} as const satisfies Record<string, Fault>;
