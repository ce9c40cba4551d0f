import {
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  type MessageAttributeValue,
  PublishCommand,
  SNSClient,
  type Subscription,
} from "@aws-sdk/client-sns";
import type { OutgoingPage, PageAttributes } from "@vigil/core";
import { type AwsPlace, awsErrorCode, clientOptions } from "./aws-clients.ts";

/** Somebody who is to be paged. */
export interface PageSubscription {
  readonly protocol: string;
  readonly endpoint: string;
  /** False until whoever it is has followed the link that SNS sent. */
  readonly confirmed: boolean;
}

export interface PagesTopic {
  /** Null when SNS took the page, otherwise AWS's error code. */
  deliver(page: OutgoingPage): Promise<string | null>;
  /** @throws Error whose name is AWS's error code */
  subscriptions(): Promise<readonly PageSubscription[]>;
}

/**
 * The topic of that name in the region; null where there is none.
 * @throws Error whose name is AWS's error code
 */
export async function findTopic(place: AwsPlace, name: string): Promise<string | null> {
  const client = new SNSClient(clientOptions(place));
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListTopicsCommand({ ...(NextToken && { NextToken }) }));
    const found = page.Topics?.find(({ TopicArn }) => TopicArn?.endsWith(`:${name}`));
    if (found?.TopicArn !== undefined) return found.TopicArn;
    NextToken = page.NextToken;
  } while (NextToken);
  return null;
}

/** The topic that people subscribe to, in home's region. */
export function createPagesTopic(place: AwsPlace & { readonly topicArn: string }): PagesTopic {
  const client = new SNSClient(clientOptions(place));
  const { topicArn: TopicArn } = place;
  return {
    async deliver({ subject, message, attributes }) {
      try {
        await client.send(
          new PublishCommand({
            TopicArn,
            Subject: subject,
            MessageStructure: "json",
            Message: JSON.stringify(message),
            MessageAttributes: attributeValues(attributes),
          }),
        );
        return null;
      } catch (error) {
        return awsErrorCode(error);
      }
    },
    async subscriptions() {
      const found: Subscription[] = [];
      let NextToken: string | undefined;
      do {
        const page = await client.send(
          new ListSubscriptionsByTopicCommand({ TopicArn, ...(NextToken && { NextToken }) }),
        );
        found.push(...(page.Subscriptions ?? []));
        NextToken = page.NextToken;
      } while (NextToken);
      return found.map(({ Protocol = "", Endpoint = "", SubscriptionArn = "" }) => ({
        protocol: Protocol,
        endpoint: Endpoint,
        confirmed: SubscriptionArn.startsWith("arn:"),
      }));
    },
  };
}

/** SNS takes no list without a value; a filter on what is left out does not match. */
function attributeValues(attributes: PageAttributes): Record<string, MessageAttributeValue> {
  const { kind, ...lists } = attributes;
  const named = Object.entries(lists).filter(([, values]) => values.length > 0);
  return {
    kind: { DataType: "String", StringValue: kind },
    ...Object.fromEntries(
      named.map(([name, values]) => [
        name,
        { DataType: "String.Array", StringValue: JSON.stringify(values) },
      ]),
    ),
  };
}
