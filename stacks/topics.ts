import { createHash } from "node:crypto";
import type { Addresses, Paging, PagingRoute } from "@vigil/core";
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
 * People subscribe to what the pager tells, those of a route to what is theirs; whoever gets every
 * page gets the plain alarms too: of silence, and of the pager itself.
 */
export function openTopics({ paging, regions }: TopicOptions): Topics {
  const { home, vantages } = regions;
  const pages = createTopic(home, { thing: "Pages", kmsMasterKeyId: "alias/aws/sns" });
  subscribeAll(home, { topic: pages, thing: "PagesTo" }, paging);
  for (const { address, filter } of routed(paging)) {
    subscribe(home, { topic: pages, thing: "RouteTo", filter }, address);
  }
  const monitors = vantages.map((region) => [region.name, createMonitor(region, paging)] as const);
  return { pages, monitors: new Map(monitors) };
}

function createMonitor(region: Region, paging: Paging): aws.sns.Topic {
  const topic = createTopic(region, { thing: "Monitor" });
  subscribeAll(region, { topic, thing: "MonitorTo" }, paging);
  return topic;
}

/** What SNS holds a page's attributes against; see `PageAttributes` in core. */
type Filter = Readonly<Record<string, unknown>>;

interface Address {
  readonly protocol: "email" | "https";
  readonly endpoint: string;
}

/** A topic knows each address once: one with several routes gets the pages of any. */
function routed(paging: Paging): readonly { readonly address: Address; readonly filter: Filter }[] {
  const everything = new Set(addressesOf(paging).map(({ endpoint }) => endpoint));
  const byEndpoint = new Map<string, { address: Address; filters: Filter[] }>();
  for (const route of paging.routes) {
    for (const address of addressesOf(route)) {
      if (everything.has(address.endpoint)) continue;
      const one = byEndpoint.get(address.endpoint) ?? { address, filters: [] };
      one.filters.push(filterOf(route.when));
      byEndpoint.set(address.endpoint, one);
    }
  }
  return [...byEndpoint.values()].map(({ address, filters }) => {
    const [only = {}, ...others] = filters;
    return { address, filter: others.length === 0 ? only : { $or: filters } };
  });
}

function filterOf(when: PagingRoute["when"]): Filter {
  return Object.fromEntries(Object.entries(when).filter(([, words]) => words.length > 0));
}

function addressesOf({ email, https }: Addresses): readonly Address[] {
  return [
    ...[...new Set(email)].map((endpoint) => ({ protocol: "email" as const, endpoint })),
    ...[...new Set(https)].map((endpoint) => ({ protocol: "https" as const, endpoint })),
  ];
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

interface Subscribing {
  readonly topic: aws.sns.Topic;
  readonly thing: "PagesTo" | "RouteTo" | "MonitorTo";
  readonly filter?: Filter;
}

function subscribeAll(region: Region, to: Subscribing, addresses: Addresses): void {
  for (const address of addressesOf(addresses)) subscribe(region, to, address);
}

/** Named by the address, not by its place in the list: who is confirmed already stays so. */
function subscribe(
  { name, provider }: Region,
  { topic, thing, filter }: Subscribing,
  { protocol, endpoint }: Address,
): void {
  const hash = createHash("sha256").update(`${protocol} ${endpoint}`).digest("hex").slice(0, 8);
  const filtered = filter !== undefined && {
    filterPolicy: JSON.stringify(filter),
    filterPolicyScope: "MessageAttributes",
  };
  new aws.sns.TopicSubscription(
    `${logicalName(thing, name)}${hash}`,
    { topic: topic.arn, protocol, endpoint, ...filtered },
    { provider },
  );
}
