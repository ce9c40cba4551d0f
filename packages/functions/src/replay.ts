import { createSpillReader } from "@vigil/aws/spill-reader";
import { systemClock as clock } from "@vigil/probe";
import { type DrainDeps, type Drained, drainQueue } from "./drain-queue.ts";
import { readEnvironment } from "./environment.ts";
import { telling } from "./invocation-error.ts";
import { createLog } from "./log.ts";
import { replayMessages, type SqsBatchResponse } from "./replay-messages.ts";
import type { LambdaContext } from "./runtime.ts";
import { openHistory, openSinks } from "./sinks.ts";
import { start } from "./start.ts";

type Replayed = Drained | SqsBatchResponse;

const deps = start(openReplay);

function openReplay(): Omit<DrainDeps, "remainingMs"> {
  const environment = readEnvironment(process.env);
  const log = createLog(environment.vantage);
  const history = openHistory(environment, clock, log)(0);
  const { publisher } = openSinks(environment, log);
  const { vantage: region, spillQueueUrl: queueUrl } = environment;
  return { history, publisher, clock, log, queue: createSpillReader({ region, queueUrl }) };
}

/**
 * Writes what the sinks did not take, and leaves in the queue what they still do not. For the
 * Scheduler's `{kind: "drain"}`; messages from elsewhere can be handed to it as a batch of SQS.
 */
export const handler = (event: unknown, context: LambdaContext): Promise<Replayed> =>
  telling<Replayed>(deps.log, isDrain(event) ? drain(context) : replayMessages(event, deps));

function drain(context: LambdaContext): Promise<Drained> {
  return drainQueue({ ...deps, remainingMs: () => context.getRemainingTimeInMillis() });
}

function isDrain(event: unknown): boolean {
  return typeof event === "object" && event !== null && "kind" in event && event.kind === "drain";
}
