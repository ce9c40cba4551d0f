import type { Fault } from "./fault.ts";

/** Answers that come too late, or do not come. */
export const TIME = {
  timeout: {
    code: "timeout",
    title: "The function hangs",
    clientSees: "no answer at all",
    cloudWatchShows: "durations up to the function's time-out",
  },
  "cold-start": {
    code: "transient-timeout",
    title: "Cold starts exceed the client's patience",
    clientSees: "no answer in time to the first request, then all is well",
    cloudWatchShows: "long durations, no errors",
  },
  "cold-start-timeout": {
    code: "cold-start-timeout",
    title: "The same, and the environment says that it is cold",
    clientSees: "x-lambda-init: cold and no body in time, once",
    cloudWatchShows: "long durations, no errors",
  },
  slow: {
    code: "slow",
    title: "The function has too little memory",
    clientSees: "1.6 s each for the opening request and for tools/list",
    cloudWatchShows: "longer durations, no errors",
  },
} as const satisfies Record<string, Fault>;
