import { reasonOf } from "@vigil/aws";
import type { SpillReader } from "@vigil/aws/spill-reader";
import { Refusals } from "./refusals.ts";
import { type ReplayDeps, replayAll } from "./replay-messages.ts";

export interface DrainDeps extends ReplayDeps {
  readonly queue: SpillReader;
  /** Milliseconds until the platform ends the invocation. */
  readonly remainingMs: () => number;
}

export interface Drained {
  readonly replayed: number;
  /** Seen, and left in the queue for the next time. */
  readonly left: number;
}

/** One more batch must fit: its writes with their repeats, and its deletion. */
const BATCH_MS = 20_000;

/**
 * Replays what is in the spill queue, until it is empty or time is short. What cannot be replayed yet
 * stays there for the next time, and comes to the dead-letter queue at last.
 * @throws RefusedError at the very end, when the queue or a sink refused what it will refuse again
 */
export async function drainQueue(deps: DrainDeps): Promise<Drained> {
  const { queue, remainingMs } = deps;
  const refusals = new Refusals();
  const log = refusals.hearing(deps.log);
  const failed = (error: unknown) => log.trouble("queue-failed", { reason: reasonOf(error) });
  let [replayed, left] = [0, 0];
  while (remainingMs() > BATCH_MS) {
    const messages = await queue.receive().catch((error) => {
      failed(error);
      return [] as const;
    });
    if (messages.length === 0) break;
    const staying = new Set(await replayAll(messages, { ...deps, log }));
    const done = messages.filter(({ messageId }) => !staying.has(messageId));
    if (done.length > 0) {
      await queue.remove(done).catch(failed);
    }
    replayed += done.length;
    left += staying.size;
  }
  log.done({ replayed, left });
  refusals.end();
  return { replayed, left };
}
