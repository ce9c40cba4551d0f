import { createPagesTopic, findTopic, type PageSubscription } from "@vigil/aws/pages-topic";
import {
  historyTableName,
  isRegion,
  type OutgoingPage,
  testMessage,
  type VigilConfig,
} from "@vigil/core";
import { credentialTrouble } from "../aws-trouble.ts";
import { complain } from "../complain.ts";
import { homeOf } from "../deployed.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { PageFlags } from "../flags.ts";
import type { ReadContext } from "../read-history.ts";
import { configuredTargets } from "../targets.ts";
import { count } from "../text.ts";
import { unheardAlarms } from "./monitor-topics.ts";
import {
  type Address,
  addressesOf,
  forgottenOf,
  pagedAddresses,
  shownAddress,
} from "./page-addresses.ts";

const TIMEOUT_MS = 5_000;

type StageFlags = PageFlags & { readonly stage: string; readonly by: string };

/** Publishes a test page to a deployment's topic, and says who would get a real one. */
export async function pageStage(flags: StageFlags, { io, clock }: ReadContext): Promise<ExitCode> {
  const named = historyTableName(flags.stage);
  if (named.kind === "invalid-stage") return complain({ message: named.message }, io);
  const home = await homeOf(flags, io.cwd);
  if (!home.ok) return complain(home.complaint, io);
  const configured = await configuredTargets(io.cwd, flags.config);
  const config = configured.ok ? (configured.value?.config ?? null) : null;
  const targets = config?.targets.length ?? 0;
  const at = new Date(clock.now()).toISOString();
  const page = testMessage({ by: flags.by, at, stage: flags.stage, targets });
  try {
    const wanted = config === null ? [] : pagedAddresses(config.paging);
    const paged = await pageTopic({ flags, region: home.value, page, wanted }, io);
    if (paged !== EXIT.up && paged !== EXIT.degraded) return paged;
    const heard = await tellUnheard({ stage: flags.stage, home: home.value, config }, io);
    return heard === EXIT.up ? paged : heard;
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown";
    const said = DENIED.has(name) ? null : credentialTrouble(error, io.env);
    const complaint = said ?? { message: whyNot(name, home.value), exit: EXIT.unknown };
    return complain({ ...complaint, cause: error }, io);
  }
}

interface TopicPaging {
  readonly flags: StageFlags;
  readonly region: string;
  readonly page: OutgoingPage;
  /** Whom the config names. */
  readonly wanted: readonly Address[];
}

async function pageTopic(
  { flags, region, page, wanted }: TopicPaging,
  io: ReadContext["io"],
): Promise<ExitCode> {
  const place = { region, timeoutMs: TIMEOUT_MS };
  const name = `vigil-${flags.stage}-pages`;
  const topicArn = await findTopic(place, name);
  if (topicArn === null) {
    const message = `There is no topic ${name} in ${region}. Deploy it with npx sst deploy --stage ${flags.stage}, or put --stage or --region right.`;
    return complain({ message }, io);
  }
  const topic = createPagesTopic({ ...place, topicArn });
  const subscriptions = await topic.subscriptions();
  const refused = await topic.deliver(page);
  if (refused !== null) {
    return complain({ message: whyNot(refused, region), exit: EXIT.unknown }, io);
  }
  return tellSubscribers({ topic: name, stage: flags.stage, subscriptions, wanted }, io);
}

interface Subscribers extends Pick<TopicPaging, "wanted"> {
  readonly topic: string;
  readonly stage: string;
  readonly subscriptions: readonly PageSubscription[];
}

function tellSubscribers(
  { topic, stage, subscriptions, wanted }: Subscribers,
  io: ReadContext["io"],
): ExitCode {
  const confirmed = subscriptions.filter((one) => one.confirmed);
  const pending = subscriptions.filter((one) => !one.confirmed);
  const forgotten = forgottenOf(wanted, subscriptions);
  io.out(`Sent a test page to ${topic}.\n`);
  for (const one of confirmed) io.out(`  gets it: ${shownAddress(one)}\n`);
  for (const one of pending) io.out(`  does NOT get it, has not confirmed: ${shownAddress(one)}\n`);
  for (const one of forgotten)
    io.out(`  does NOT get it, is not subscribed: ${shownAddress(one)}\n`);
  const missing = missingText(forgotten.length, stage);
  if (confirmed.length === 0) {
    io.err(`vigil: pages reach nobody. ${whyNobody({ pending, forgotten, missing })}.\n`);
    return EXIT.down;
  }
  if (pending.length > 0) io.err(`vigil: ${unconfirmed(pending.length)}\n`);
  if (forgotten.length > 0) io.err(`vigil: ${missing}.\n`);
  return pending.length + forgotten.length === 0 ? EXIT.up : EXIT.degraded;
}

interface Deployed {
  readonly stage: string;
  readonly home: string;
  readonly config: VigilConfig | null;
}

/** Of alarms on the monitor itself, which go to people by topics of their own. */
async function tellUnheard(
  { stage, home, config }: Deployed,
  io: ReadContext["io"],
): Promise<ExitCode> {
  const vantages = config?.vantages.filter(isRegion) ?? [];
  const { pending, forgotten, unread } = await unheardAlarms({
    stage,
    regions: [...new Set([home, ...vantages])],
    wanted: config === null ? [] : addressesOf(config.paging),
    timeoutMs: TIMEOUT_MS,
  });
  const to = (line: string, why: string) =>
    `  does NOT get alarms on Vigil itself, ${why}: ${line}\n`;
  for (const line of pending) io.out(to(line, "has not confirmed"));
  for (const line of forgotten) io.out(to(line, "is not subscribed"));
  for (const line of unread) io.err(`vigil: who gets alarms on Vigil itself: ${line}.\n`);
  if (pending.length > 0) io.err(`vigil: ${unconfirmed(pending.length)}\n`);
  if (forgotten.length > 0) io.err(`vigil: ${missingText(forgotten.length, stage)}.\n`);
  return pending.length + forgotten.length + unread.length === 0 ? EXIT.up : EXIT.degraded;
}

function unconfirmed(n: number): string {
  return `${count(n, "subscription")} not confirmed. Each must follow the link in the message that AWS has sent, within 48 hours of it.`;
}

function missingText(n: number, stage: string): string {
  return `${count(n, "subscription")} missing that the config asks for. AWS forgets who has not confirmed within 48 hours: run npx sst refresh --stage ${stage}, then npx sst deploy --stage ${stage}, and have the new link followed`;
}

interface Nobody {
  readonly pending: readonly Address[];
  readonly forgotten: readonly Address[];
  readonly missing: string;
}

function whyNobody({ pending, forgotten, missing }: Nobody): string {
  if (pending.length > 0) {
    return "Nobody has confirmed: each must follow the link in the message that AWS has sent";
  }
  return forgotten.length > 0
    ? missing
    : "Nobody subscribes to it: name somebody in the config, paging: { email: [ … ] }, and deploy";
}

const DENIED = new Set(["AuthorizationErrorException", "AccessDenied", "AuthorizationError"]);

function whyNot(code: string, region: string): string {
  if (DENIED.has(code)) {
    return "These AWS credentials may not use the topic. Allow sns:ListTopics, sns:ListSubscriptionsByTopic and sns:Publish.";
  }
  return `SNS in ${region} did not take the page (${code}). Check the credentials and the network, and try again.`;
}
