import { createPagesTopic, findTopic } from "@vigil/aws/pages-topic";
import { plain } from "../text.ts";
import { type Address, forgottenOf, shownAddress } from "./page-addresses.ts";

interface MonitorTopics {
  readonly stage: string;
  /** Of the vantages: an alarm calls none but its own region's topic. */
  readonly regions: readonly string[];
  readonly wanted: readonly Address[];
  readonly timeoutMs: number;
}

/** Who does not hear of the monitor's own alarms, such as its silence; as lines for the operator. */
export interface Unheard {
  readonly pending: readonly string[];
  readonly forgotten: readonly string[];
  /** Where nobody could look, or there is nothing to look at. */
  readonly unread: readonly string[];
}

export async function unheardAlarms({ regions, ...topic }: MonitorTopics): Promise<Unheard> {
  const all = await Promise.all(regions.map((region) => inRegion({ ...topic, region })));
  return {
    pending: all.flatMap(({ pending }) => pending),
    forgotten: all.flatMap(({ forgotten }) => forgotten),
    unread: all.flatMap(({ unread }) => unread),
  };
}

type OneTopic = Omit<MonitorTopics, "regions"> & { readonly region: string };

async function inRegion({ stage, region, wanted, timeoutMs }: OneTopic): Promise<Unheard> {
  const nobody = { pending: [], forgotten: [] };
  const name = `vigil-${stage}-monitor`;
  const place = { region, timeoutMs };
  try {
    const topicArn = await findTopic(place, name);
    if (topicArn === null) {
      return { ...nobody, unread: [`there is no topic ${name} in ${region}: deploy it`] };
    }
    const subscriptions = await createPagesTopic({ ...place, topicArn }).subscriptions();
    const pending = subscriptions.filter(({ confirmed }) => !confirmed);
    const line = (one: Address) => `${region}: ${shownAddress(one)}`;
    return {
      pending: pending.map(line),
      forgotten: forgottenOf(wanted, subscriptions).map(line),
      unread: [],
    };
  } catch (error) {
    const code = error instanceof Error ? error.name : "unknown";
    return { ...nobody, unread: [`SNS in ${region} did not tell (${plain(code, 60)})`] };
  }
}
