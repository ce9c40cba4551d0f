import { createHistory, type History, historyClient } from "@vigil/aws";
import { createPublisher } from "@vigil/aws/publish";
import type { SpillQueue } from "@vigil/aws/spill-queue";
import type { Clock } from "@vigil/core";
import type { Environment } from "./environment.ts";
import type { Sinks } from "./keeper.ts";
import type { Log } from "./log.ts";

/** History in home's region: one client, made at init scope, for the states of any shard. */
export function openHistory(
  { home, tableName }: Environment,
  clock: Clock,
  log: Log,
): (shard: number) => History {
  const client = historyClient({ region: home });
  return (shard) =>
    createHistory({
      client,
      tableName,
      clock,
      shard,
      onUnreadable: ({ pk, sk, reason }) => log.trouble("unreadable-item", { pk, sk, reason }),
    });
}

/** Where a probe's runs go. What only trouble or a change needs is loaded when it comes. */
export function openSinks(environment: Environment, log: Log): Omit<Sinks, "history"> {
  return {
    publisher: createPublisher({ region: environment.home }),
    spill: spillOnNeed(environment),
    pager: pagerOnNeed(environment),
    log,
  };
}

const NOTHING = { spilled: 0, lost: 0, code: null };

function spillOnNeed({ vantage, spillQueueUrl: queueUrl }: Environment): SpillQueue {
  const open = once(async () => {
    const { createSpillQueue } = await import("@vigil/aws/spill-queue");
    return createSpillQueue({ region: vantage, queueUrl });
  });
  return {
    spillRuns: async (runs) => (runs.length === 0 ? NOTHING : (await open()).spillRuns(runs)),
    spillDatapoints: async (points) =>
      points.length === 0 ? NOTHING : (await open()).spillDatapoints(points),
  };
}

function pagerOnNeed({ home, pagerFunction: functionName }: Environment): Sinks["pager"] {
  if (functionName === null) return null;
  const open = once(async () => {
    const { createPagerCall } = await import("@vigil/aws/pager-call");
    return createPagerCall({ region: home, functionName });
  });
  return { tell: async (invocation) => (await open()).tell(invocation) };
}

/** Makes a thing at most once. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
