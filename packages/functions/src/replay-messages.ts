import type { History } from "@vigil/aws";
import type { Publisher } from "@vigil/aws/publish";
import { type Clock, readSpilled, republishable, type Spilled } from "@vigil/core";
import type { Log } from "./log.ts";

/** Of an SQS event, what replay reads. */
export interface SqsBatch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

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
 * Idempotent: a run that history has already is not written twice. Datapoints that arrive twice, as
 * a queue may deliver them, are sent twice: CloudWatch has no key to know them by.
 */
export async function replayMessages(
  { Records }: SqsBatch,
  deps: ReplayDeps,
): Promise<SqsBatchResponse> {
  const outcomes = await Promise.all(
    Records.map(async ({ messageId, body }) => ({ messageId, done: await replay(body, deps) })),
  );
  return {
    batchItemFailures: outcomes
      .filter(({ done }) => !done)
      .map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
}

async function replay(body: string, deps: ReplayDeps): Promise<boolean> {
  const spilled = readSpilled(body);
  if (spilled === null) {
    // It stays, and reaches the dead-letter queue, where a person can look at it.
    deps.log.trouble("bad-message", { bytes: body.length });
    return false;
  }
  return write(spilled, deps);
}

async function write(spilled: Spilled, { history, publisher, clock, log }: ReplayDeps) {
  switch (spilled.kind) {
    case "runs":
      try {
        for (const run of spilled.runs) await history.recordRun(run);
        return true;
      } catch (error) {
        const reason = error instanceof Error ? error.name : "unknown";
        log.trouble("history-failed", { runs: spilled.runs.length, reason });
        return false;
      }
    case "datapoints": {
      const { failed } = await publisher.publish(republishable(spilled.datapoints, clock.now()));
      if (failed.length > 0) log.trouble("publish-failed", { reason: failed[0]?.code });
      return failed.length === 0;
    }
    default:
      return spilled satisfies never;
  }
}
