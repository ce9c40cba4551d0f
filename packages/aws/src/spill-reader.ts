import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type AwsPlace, clientOptions } from "./aws-clients.ts";

/** SQS hands out and deletes no more at once. */
const BATCH = 10;
/** Every server of the queue is asked then; without a wait a few are, and messages are overlooked. */
const WAIT_SECONDS = 1;

export interface SpilledMessage {
  readonly messageId: string;
  readonly body: string;
  /** By which it is deleted. */
  readonly receipt: string;
}

/** Takes from a spill queue what was put there. Both reject with AWS's error. */
export interface SpillReader {
  /** At most ten; none when the queue is empty. Unless deleted they come again later. */
  receive(): Promise<readonly SpilledMessage[]>;
  /** At least one, at most ten. One that stays all the same comes again. */
  remove(messages: readonly SpilledMessage[]): Promise<void>;
}

export function createSpillReader(place: AwsPlace & { readonly queueUrl: string }): SpillReader {
  const client = new SQSClient(clientOptions(place));
  const QueueUrl = place.queueUrl;
  return {
    async receive() {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: BATCH,
          WaitTimeSeconds: WAIT_SECONDS,
        }),
      );
      return Messages.map(({ MessageId = "", Body = "", ReceiptHandle = "" }) => ({
        messageId: MessageId,
        body: Body,
        receipt: ReceiptHandle,
      }));
    },
    async remove(messages) {
      const Entries = messages.map(({ receipt }, index) => ({
        Id: String(index),
        ReceiptHandle: receipt,
      }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    },
  };
}
