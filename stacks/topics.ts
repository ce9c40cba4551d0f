import { createHash } from "node:crypto";
import type { Paging } from "@vigil/core";
import { tlsOnly } from "./access.ts";
import { logicalName, physicalName, type Region, type Regions } from "./regions.ts";

export interface Topics {
  /** What the pager tells people; encrypted, for it says what broke. At home. */
  readonly pages: aws.sns.Topic;
  /**
   * What alarms tell people, by vantage: an alarm calls none but its own region's. Not encrypted,
   * for alarms cannot publish under AWS's own key, and say little more than their names.
   */
  readonly monitors: ReadonlyMap<string, aws.sns.Topic>;
}

interface TopicOptions {
  readonly paging: Paging;
  readonly regions: Regions;
}

/**
 * Until there is a pager nothing publishes to `pages`, so nobody is asked to subscribe to it: every
 * alarm, those on a target too, goes to `monitor`, and so do the people.
 */
export function openTopics({ paging, regions }: TopicOptions): Topics {
  const { home, vantages } = regions;
  const pages = createTopic(home, { thing: "Pages", kmsMasterKeyId: "alias/aws/sns" });
  const monitors = vantages.map((region) => [region.name, createMonitor(region, paging)] as const);
  return { pages, monitors: new Map(monitors) };
}

function createMonitor(region: Region, paging: Paging): aws.sns.Topic {
  const topic = createTopic(region, { thing: "Monitor" });
  const subscribe = subscriber(region, topic);
  for (const address of new Set(paging.email)) subscribe("email", address);
  for (const address of new Set(paging.https)) subscribe("https", address);
  return topic;
}

interface TopicSpec {
  readonly thing: "Pages" | "Monitor";
  readonly kmsMasterKeyId?: string;
}

function createTopic({ name: region, provider }: Region, { thing, kmsMasterKeyId }: TopicSpec) {
  const topic = new aws.sns.Topic(
    logicalName(thing, region),
    { name: physicalName(thing.toLowerCase()), kmsMasterKeyId },
    { provider },
  );
  const { accountId } = aws.getCallerIdentityOutput({}, { provider });
  new aws.sns.TopicPolicy(
    logicalName(`${thing}Policy`, region),
    {
      arn: topic.arn,
      policy: $jsonStringify({
        Version: "2012-10-17",
        Statement: [
          tlsOnly("sns:Publish", topic.arn),
          ...(thing === "Monitor" ? [alarmsMayPublish(topic.arn, accountId)] : []),
        ],
      }),
    },
    { provider },
  );
  return topic;
}

const alarmsMayPublish = (arn: $util.Output<string>, accountId: $util.Output<string>) => ({
  Sid: "AlarmsOfThisAccount",
  Effect: "Allow",
  Principal: { Service: "cloudwatch.amazonaws.com" },
  Action: "sns:Publish",
  Resource: arn,
  Condition: { StringEquals: { "aws:SourceAccount": accountId } },
});

/** Named by the address, not by its place in the list: who is confirmed already stays so. */
function subscriber({ name, provider }: Region, topic: aws.sns.Topic) {
  return (protocol: "email" | "https", endpoint: string): void => {
    const hash = createHash("sha256").update(`${protocol} ${endpoint}`).digest("hex").slice(0, 8);
    const logical = `${logicalName("MonitorTo", name)}${hash}`;
    new aws.sns.TopicSubscription(logical, { topic: topic.arn, protocol, endpoint }, { provider });
  };
}
