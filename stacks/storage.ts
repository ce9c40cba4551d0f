import { capacity, HISTORY_ATTRIBUTES, historyTableName } from "@vigil/core";
import { tlsOnly } from "./access.ts";
import { logicalName, physicalName, type Region, type Regions } from "./regions.ts";

export interface Spill {
  readonly queue: aws.sqs.Queue;
  /** What replay gave up on, and events of the probe that came to nothing. */
  readonly dead: aws.sqs.Queue;
}

export interface Storage {
  /** History, at home. */
  readonly table: sst.aws.Dynamo;
  /** By vantage: in its own region, so that it takes what home does not. */
  readonly spills: ReadonlyMap<string, Spill>;
}

/** SQS keeps no message longer. */
const KEPT_SECONDS = 14 * 86_400;
export const REPLAY_TIMEOUT_SECONDS = 60;
/** Longer than one replay has a message in hand, and over when the next one comes. */
const INVISIBLE_SECONDS = 4 * REPLAY_TIMEOUT_SECONDS;
/** Home may be away for a day before a message counts as one that nobody can replay. */
const RECEIVES = (24 * 60) / capacity.REPLAY_EVERY_MINUTES;

export function keepHistory({ home, vantages }: Regions): Storage {
  return {
    table: createTable(home),
    spills: new Map(vantages.map((vantage) => [vantage.name, createSpill(vantage)])),
  };
}

/** On demand, with point-in-time recovery, which SST switches on by itself. */
function createTable({ provider }: Region): sst.aws.Dynamo {
  const { partition, sort, ttl } = HISTORY_ATTRIBUTES;
  const named = historyTableName($app.stage);
  if (named.kind === "invalid-stage") throw new Error(named.message);
  return new sst.aws.Dynamo(
    "History",
    {
      fields: { [partition]: "string", [sort]: "string" },
      primaryIndex: { hashKey: partition, rangeKey: sort },
      ttl,
      deletionProtection: $app.protect,
      transform: { table: { name: named.name } },
    },
    { provider },
  );
}

function createSpill(vantage: Region): Spill {
  const dead = createQueue(vantage, { thing: "SpillDead", name: physicalName("spill-dead") });
  const queue = createQueue(vantage, {
    thing: "Spill",
    name: physicalName("spill"),
    visibilityTimeoutSeconds: INVISIBLE_SECONDS,
    redrivePolicy: $jsonStringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: RECEIVES }),
  });
  return { queue, dead };
}

/** Encrypted at rest by SQS's own key, which costs nothing and needs no permission. */
function createQueue(
  { name: region, provider }: Region,
  { thing, ...args }: aws.sqs.QueueArgs & { readonly thing: string },
): aws.sqs.Queue {
  const queue = new aws.sqs.Queue(
    logicalName(thing, region),
    { ...args, messageRetentionSeconds: KEPT_SECONDS, sqsManagedSseEnabled: true },
    { provider },
  );
  new aws.sqs.QueuePolicy(
    logicalName(`${thing}Policy`, region),
    {
      queueUrl: queue.url,
      policy: $jsonStringify({ Version: "2012-10-17", Statement: [tlsOnly("sqs:*", queue.arn)] }),
    },
    { provider },
  );
  return queue;
}
