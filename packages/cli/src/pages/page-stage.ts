import { createPagesTopic, findTopic, type PageSubscription } from "@vigil/aws/pages-topic";
import { historyTableName, type OutgoingPage, type Paging, testMessage } from "@vigil/core";
import { credentialTrouble } from "../aws-trouble.ts";
import { complain } from "../complain.ts";
import { homeOf } from "../deployed.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { PageFlags } from "../flags.ts";
import type { ReadContext } from "../read-history.ts";
import { configuredTargets } from "../targets.ts";
import { count, plain } from "../text.ts";

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
    const wanted = config === null ? [] : addressesOf(config.paging);
    return await pageTopic({ flags, region: home.value, page, wanted }, io);
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

type Address = Pick<PageSubscription, "protocol" | "endpoint">;

/** Each once, however many routes it has. */
function addressesOf({ routes, ...everything }: Paging): readonly Address[] {
  const all = [everything, ...routes].flatMap(({ email, https }) => [
    ...email.map((endpoint) => ({ protocol: "email", endpoint })),
    ...https.map((endpoint) => ({ protocol: "https", endpoint })),
  ]);
  return [...new Map(all.map((one) => [keyOf(one), one])).values()];
}

function keyOf({ protocol, endpoint }: Address): string {
  return `${protocol} ${protocol === "email" ? endpoint.toLowerCase() : endpoint}`;
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
  const known = new Set(subscriptions.map(keyOf));
  const forgotten = wanted.filter((one) => !known.has(keyOf(one)));
  io.out(`Sent a test page to ${topic}.\n`);
  for (const one of confirmed) io.out(`  gets it: ${shown(one)}\n`);
  for (const one of pending) io.out(`  does NOT get it, has not confirmed: ${shown(one)}\n`);
  for (const one of forgotten) io.out(`  does NOT get it, is not subscribed: ${shown(one)}\n`);
  const again = `AWS forgets who has not confirmed within 48 hours: run npx sst refresh --stage ${stage}, then npx sst deploy --stage ${stage}, and have the new link followed`;
  const missing = `${count(forgotten.length, "subscription")} missing that the config asks for. ${again}`;
  if (confirmed.length === 0) {
    io.err(`vigil: pages reach nobody. ${whyNobody({ pending, forgotten, missing })}.\n`);
    return EXIT.down;
  }
  if (pending.length > 0) {
    const those = count(pending.length, "subscription");
    io.err(
      `vigil: ${those} not confirmed. Each must follow the link in the message that AWS has sent, within 48 hours of it.\n`,
    );
  }
  if (forgotten.length > 0) io.err(`vigil: ${missing}.\n`);
  return pending.length + forgotten.length === 0 ? EXIT.up : EXIT.degraded;
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

/** A webhook's path and query may hold a key. */
function shown({ protocol, endpoint }: Address): string {
  const isHook = protocol.startsWith("http") && URL.canParse(endpoint);
  return `${plain(protocol)} ${isHook ? new URL(endpoint).origin : plain(endpoint)}`;
}

const DENIED = new Set(["AuthorizationErrorException", "AccessDenied", "AuthorizationError"]);

function whyNot(code: string, region: string): string {
  if (DENIED.has(code)) {
    return "These AWS credentials may not use the topic. Allow sns:ListTopics, sns:ListSubscriptionsByTopic and sns:Publish.";
  }
  return `SNS in ${region} did not take the page (${code}). Check the credentials and the network, and try again.`;
}
