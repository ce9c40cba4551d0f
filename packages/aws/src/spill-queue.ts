import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Datapoint, packBySize, type RunRecord, type Spilled } from "@vigil/core";
import { type AwsPlace, awsErrorCode, clientOptions } from "./aws-clients.ts";

/** A message may hold 256 KiB (quota of SQS); the rest is room for the envelope. */
export const MAX_SPILL_BYTES = 240_000;

export interface SpillOutcome {
  readonly spilled: number;
  /** What the queue did not take either. */
  readonly lost: number;
  /** AWS's error code of the last failure; null without one. */
  readonly code: string | null;
}

/** Keeps what a sink did not take, in the vantage's own region. Never rejects. */
export interface SpillQueue {
  spillRuns(runs: readonly RunRecord[]): Promise<SpillOutcome>;
  spillDatapoints(datapoints: readonly Datapoint[]): Promise<SpillOutcome>;
}

export function createSpillQueue(place: AwsPlace & { readonly queueUrl: string }): SpillQueue {
  const client = new SQSClient(clientOptions(place));
  const send = async (message: Spilled, count: number): Promise<SpillOutcome> => {
    try {
      await client.send(
        new SendMessageCommand({ QueueUrl: place.queueUrl, MessageBody: JSON.stringify(message) }),
      );
      return { spilled: count, lost: 0, code: null };
    } catch (error) {
      return { spilled: 0, lost: count, code: awsErrorCode(error) };
    }
  };
  const spill = async <T>(things: readonly T[], messageOf: (pack: readonly T[]) => Spilled) => {
    const packs = packBySize(things, MAX_SPILL_BYTES);
    return sumUp(await Promise.all(packs.map((pack) => send(messageOf(pack), pack.length))));
  };
  return {
    spillRuns: (all) => spill(all, (runs) => ({ schema: 1, kind: "runs", runs })),
    spillDatapoints: (all) =>
      spill(all, (datapoints) => ({ schema: 1, kind: "datapoints", datapoints })),
  };
}

function sumUp(outcomes: readonly SpillOutcome[]): SpillOutcome {
  return outcomes.reduce(
    (sum, { spilled, lost, code }) => ({
      spilled: sum.spilled + spilled,
      lost: sum.lost + lost,
      code: code ?? sum.code,
    }),
    { spilled: 0, lost: 0, code: null },
  );
}
