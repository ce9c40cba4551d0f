import { createPagesTopic, findTopic, type PageSubscription } from "@vigil/aws/pages-topic";
import { historyTableName, type OutgoingPage, testMessage } from "@vigil/core";
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
  const targets = configured.ok ? (configured.value?.targets.length ?? 0) : 0;
  const at = new Date(clock.now()).toISOString();
  const page = testMessage({ by: flags.by, at, stage: flags.stage, targets });
  try {
    return await pageTopic({ flags, region: home.value, page }, io);
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown";
    return complain({ message: whyNot(name, home.value), cause: error, exit: EXIT.unknown }, io);
  }
}

interface Paging {
  readonly flags: StageFlags;
  readonly region: string;
  readonly page: OutgoingPage;
}

async function pageTopic(
  { flags, region, page }: Paging,
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
  return tellSubscribers(name, subscriptions, io);
}

function tellSubscribers(
  topic: string,
  all: readonly PageSubscription[],
  io: ReadContext["io"],
): ExitCode {
  const confirmed = all.filter((one) => one.confirmed);
  const pending = all.filter((one) => !one.confirmed);
  io.out(`Sent a test page to ${topic}.\n`);
  for (const one of confirmed) io.out(`  gets it: ${shown(one)}\n`);
  for (const one of pending) io.out(`  does NOT get it, has not confirmed: ${shown(one)}\n`);
  if (confirmed.length === 0) {
    const who =
      pending.length === 0
        ? "Nobody subscribes to it: name somebody in the config, paging: { email: [ … ] }, and deploy"
        : "Nobody has confirmed: each must follow the link in the message that AWS has sent";
    io.err(`vigil: pages reach nobody. ${who}.\n`);
    return EXIT.down;
  }
  if (pending.length === 0) return EXIT.up;
  const those = count(pending.length, "subscription");
  io.err(
    `vigil: ${those} not confirmed. Each must follow the link in the message that AWS has sent; after 3 days it is void: deploy again for another.\n`,
  );
  return EXIT.degraded;
}

/** A webhook's path and query may hold a key. */
function shown({ protocol, endpoint }: PageSubscription): string {
  const isHook = protocol.startsWith("http") && URL.canParse(endpoint);
  return `${plain(protocol)} ${isHook ? new URL(endpoint).origin : plain(endpoint)}`;
}

const DENIED = new Set(["AuthorizationErrorException", "AccessDenied", "AuthorizationError"]);

function whyNot(code: string, region: string): string {
  if (code === "CredentialsProviderError") {
    return "No AWS credentials were found. Sign in with aws sso login, or set AWS_PROFILE or AWS_ACCESS_KEY_ID.";
  }
  if (DENIED.has(code)) {
    return "These AWS credentials may not use the topic. Allow sns:ListTopics, sns:ListSubscriptionsByTopic and sns:Publish.";
  }
  return `SNS in ${region} did not take the page (${code}). Check the credentials and the network, and try again.`;
}
