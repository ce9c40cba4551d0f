import { systemClock as clock } from "@vigil/probe";
import { readEnvironment } from "./environment.ts";
import { telling } from "./invocation-error.ts";
import { createLog } from "./log.ts";
import { type ReplayDeps, replayMessages, type SqsBatchResponse } from "./replay-messages.ts";
import { openHistory, openSinks } from "./sinks.ts";
import { start } from "./start.ts";

const deps = start(openReplay);

function openReplay(): ReplayDeps {
  const environment = readEnvironment(process.env);
  const log = createLog(environment.vantage);
  const history = openHistory(environment, clock, log)(0);
  const { publisher } = openSinks(environment, log);
  return { history, publisher, clock, log };
}

/** For the spill queue: writes what the sinks did not take, and leaves in the queue what they still do not. */
export const handler = (event: unknown): Promise<SqsBatchResponse> =>
  telling(deps.log, replayMessages(event, deps));
