import {
  CreateTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { createQueue } from "./platform.ts";

const HOME = "eu-west-1";

describe("the topic of pages", () => {
  it("brings a message to a queue that is subscribed to it", async () => {
    const topics = new SNSClient({ region: HOME });
    const queues = new SQSClient({ region: HOME });
    const queue = await createQueue(queues, "vigil-oncall");
    const { TopicArn } = await topics.send(new CreateTopicCommand({ Name: "vigil-pages" }));
    await topics.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn }));
    const text = JSON.stringify({ NewStateValue: "ALARM", target: "billing" });
    await topics.send(
      new PublishCommand({
        TopicArn,
        Subject: "ALARM: billing is down",
        MessageStructure: "json",
        Message: JSON.stringify({ default: "billing is down", sqs: text }),
      }),
    );
    const { Messages = [] } = await queues.send(
      new ReceiveMessageCommand({ QueueUrl: queue.url, WaitTimeSeconds: 10 }),
    );
    expect(Messages.map(({ Body = "" }) => JSON.parse(Body))).toEqual([
      expect.objectContaining({ TopicArn, Subject: "ALARM: billing is down", Message: text }),
    ]);
  });
});
