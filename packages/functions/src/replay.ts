import { systemClock } from "@vigil/probe";
import { readEnvironment } from "./environment.ts";
import { createLog } from "./log.ts";
import { replayMessages, type SqsBatchResponse } from "./replay-messages.ts";
import { openHistory, openSinks } from "./sinks.ts";

const environment = readEnvironment(process.env);
const log = createLog(environment.vantage);
const history = openHistory(environment, systemClock, log)(0);
const { publisher } = openSinks(environment, log);

/** For the spill queue: writes what the sinks did not take, and leaves in the queue what they still do not. */
export const handler = (event: unknown): Promise<SqsBatchResponse> =>
  replayMessages(event, { history, publisher, clock: systemClock, log });
