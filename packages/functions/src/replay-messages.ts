import { type History, HistoryError } from "@vigil/aws";
import type { Publisher } from "@vigil/aws/publish";
import {
  type Clock,
  type Datapoint,
  type RunRecord,
  readSpilled,
  republishable,
  type Spilled,
} from "@vigil/core";
import { refuse } from "./invocation-error.ts";
import { complaints } from "./kind-of.ts";
import type { Log } from "./log.ts";
import { Refusals } from "./refusals.ts";

/** The messages that stay in the queue. */
export interface SqsBatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface ReplayDeps {
  readonly history: Pick<History, "recordRun">;
  readonly publisher: Publisher;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/**
 * For an SQS event. Idempotent: a run that history has already is not written twice. Datapoints that
 * arrive twice, as a queue may deliver them, are sent twice: CloudWatch has no key to know them by.
 * @throws InvocationError when the event is no batch, or a message has no id by which it could stay
 * @throws RefusedError when a sink refused, and nothing of the batch could be done
 */
export async function replayMessages(event: unknown, deps: ReplayDeps): Promise<SqsBatchResponse> {
  const records = recordsOf(event, deps.log);
  const refusals = new Refusals();
  const left = await replayAll(records, { ...deps, log: refusals.hearing(deps.log) });
  const nameless = records.findIndex(({ messageId }) => messageId === "");
  if (nameless >= 0) {
    throw refuse(deps.log, "bad-event", `Records[${nameless}].messageId is missing`);
  }
  const batchItemFailures = left.map((itemIdentifier) => ({ itemIdentifier }));
  // The queue takes back what is listed and calls it success; where nothing is lost by it, it fails.
  if (batchItemFailures.length === records.length) refusals.end();
  return { batchItemFailures };
}

export interface Message {
  /** Empty when there is none. */
  readonly messageId: string;
  readonly body: string;
}

/** The ids of the messages that were not replayed, and so are to stay. Never rejects. */
export async function replayAll(
  messages: readonly Message[],
  deps: ReplayDeps,
): Promise<readonly string[]> {
  const left = messages.map(async (message) =>
    (await replay(message, deps)) ? [] : [message.messageId],
  );
  return (await Promise.all(left)).flat();
}

function recordsOf(event: unknown, log: Log): readonly Message[] {
  const records = (event as { readonly Records?: unknown } | null)?.Records;
  const [problem] = [
    ...complaints("the event", event, "an object"),
    ...complaints("Records", records, "a list"),
  ];
  if (problem !== undefined) throw refuse(log, "bad-event", problem);
  return (records as readonly unknown[]).map((record) => {
    const { messageId, body } = (record ?? {}) as Readonly<Record<string, unknown>>;
    return { messageId: textOf(messageId), body: textOf(body) };
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

async function replay({ messageId, body }: Message, deps: ReplayDeps): Promise<boolean> {
  // Without an id it comes again with the whole batch.
  if (messageId === "") return false;
  const spilled = readSpilled(body);
  const outcome = spilled === null ? "bad" : await write(spilled, deps);
  // It stays, and reaches the dead-letter queue, where a person can look at it.
  if (outcome === "bad") deps.log.trouble("bad-message", { messageId, bytes: body.length });
  return outcome === "done";
}

/** "refused" may go well later; "bad" will not. */
type Written = "done" | "refused" | "bad";

function write(spilled: Spilled, deps: ReplayDeps): Promise<Written> {
  switch (spilled.kind) {
    case "runs":
      return writeRuns(spilled.runs, deps);
    case "datapoints":
      return send(spilled.datapoints, deps);
    default:
      return spilled satisfies never;
  }
}

async function writeRuns(runs: readonly RunRecord[], deps: ReplayDeps): Promise<Written> {
  const { history, log } = deps;
  let outcome: Written = "done";
  for (const run of runs) {
    try {
      await history.recordRun(run);
    } catch (error) {
      if (error instanceof HistoryError) {
        log.trouble("history-failed", { runs: runs.length, reason: error.code });
        return "refused";
      }
      // A run that lacks something; those beside it are written all the same.
      outcome = "bad";
    }
  }
  return outcome;
}

async function send(
  datapoints: readonly Datapoint[],
  { publisher, clock, log }: ReplayDeps,
): Promise<Written> {
  const { failed } = await publisher.publish(republishable(datapoints, clock.now()));
  if (failed.length === 0) return "done";
  log.trouble("publish-failed", { reason: failed[0]?.code });
  return "refused";
}
