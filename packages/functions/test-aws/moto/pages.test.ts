import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { ensureTable, historyClient } from "@vigil/aws";
import { parseConfig } from "@vigil/core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";

const HOME = "eu-west-1";
const TABLE = "vigil-pages-history";
const topics = new SNSClient({ region: HOME });
const queues = new SQSClient({ region: HOME });

/** Filters as `stacks/topics.ts` makes them of routes; its test holds them to these. */
const FILTERS = {
  everything: null,
  orders: { $or: [{ severity: ["critical"], owner: ["team-orders"] }, { tags: ["payments"] }] },
  tagged: { tags: ["payments"] },
  "of-others": { owner: ["team-billing"] },
};
type Who = keyof typeof FILTERS;
const WHO = Object.keys(FILTERS) as readonly Who[];

type PagerModule = typeof import("../../src/pager.ts");
let pager: PagerModule["handler"];
let topicArn: string;
let folder: string;
const urls = new Map<Who, string>();

beforeAll(async () => {
  await ensureTable(historyClient({ region: HOME }), TABLE);
  const created = await topics.send(new CreateTopicCommand({ Name: "vigil-test-pages" }));
  topicArn = created.TopicArn ?? "";
  for (const who of WHO) urls.set(who, await subscribeQueue(who));
  folder = mkdtempSync(join(tmpdir(), "vigil-pages-"));
  const configPath = join(folder, "vigil.json");
  writeFileSync(configPath, JSON.stringify(config()));
  for (const [name, value] of Object.entries({
    AWS_REGION: HOME,
    VIGIL_HOME: HOME,
    VIGIL_TABLE: TABLE,
    VIGIL_SPILL_QUEUE_URL: "http://127.0.0.1/123456789012/spill",
    VIGIL_CONFIG: configPath,
    VIGIL_VERSION: "0.0.0",
    VIGIL_PAGES_TOPIC: topicArn,
    VIGIL_STAGE: "test",
  })) {
    vi.stubEnv(name, value);
  }
  ({ handler: pager } = await import("../../src/pager.ts"));
});
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(() => {
  // The logger writes to a console of its own, as Lambda takes it.
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockReturnValue(true);
  }
});
afterEach(() => vi.restoreAllMocks());

function config() {
  const url = "https://mcp.example.com/mcp";
  const parsed = parseConfig({
    vantages: [HOME],
    targets: [
      { name: "orders", url, owner: "team-orders" },
      { name: "billing", url: "https://billing.example.com/mcp", tags: ["payments", "eu"] },
    ],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.config;
}

async function subscribeQueue(who: Who): Promise<string> {
  const { QueueUrl = "" } = await queues.send(
    new CreateQueueCommand({ QueueName: `vigil-pages-${who}` }),
  );
  const { Attributes } = await queues.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const filter = FILTERS[who];
  await topics.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: "sqs",
      Endpoint: Attributes?.["QueueArn"],
      ...(filter !== null && {
        Attributes: {
          FilterPolicy: JSON.stringify(filter),
          FilterPolicyScope: "MessageAttributes",
        },
      }),
    }),
  );
  return QueueUrl;
}

/** Subjects that came to each queue since the last look; what broke is cut off. */
async function received(): Promise<Readonly<Record<string, readonly string[]>>> {
  const entries = WHO.map(async (who) => {
    const { Messages = [] } = await queues.send(
      new ReceiveMessageCommand({ QueueUrl: urls.get(who), MaxNumberOfMessages: 10 }),
    );
    const subjects = Messages.map(({ Body = "" }) => JSON.parse(Body).Subject as string);
    return [who, subjects.map((subject) => subject.replace(/: [^:]*$/, ""))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const change = (target: string, mode: string) => ({
  schema: 1,
  kind: "state-change",
  target,
  vantage: HOME,
  at: new Date().toISOString(),
  from: "up",
  to: "down",
  modes: [mode],
  runId: "run",
  summary: null,
  remedy: null,
  lastGoodRunAt: null,
});

it("brings one page of three deliveries to each whose route it is, and to nobody else", async () => {
  const event = change("orders", "tools-empty");
  for (let n = 0; n < 3; n += 1) expect(await pager(event)).toEqual({ outcome: "looked" });
  expect(await received()).toEqual({
    everything: ["ALARM: orders is down"],
    orders: ["ALARM: orders is down"],
    tagged: [],
    "of-others": [],
  });
});

it("brings a tag's page to its route, also to one of several", async () => {
  await pager(change("billing", "timeout"));
  expect(await received()).toEqual({
    everything: ["ALARM: billing is down"],
    orders: ["ALARM: billing is down"],
    tagged: ["ALARM: billing is down"],
    "of-others": [],
  });
});

it("brings a test to those who get everything, and to no route", async () => {
  const at = new Date().toISOString();
  await pager({ schema: 1, kind: "test", at, by: "ada" });
  const { everything, ...routed } = await received();
  expect(everything).toHaveLength(1);
  expect(routed).toEqual({ orders: [], tagged: [], "of-others": [] });
});

it("fails by the error's code where the topic is gone, so that the platform calls again", async () => {
  await topics.send(new DeleteTopicCommand({ TopicArn: topicArn }));
  const at = new Date().toISOString();
  await expect(pager({ schema: 1, kind: "test", at, by: "ada" })).rejects.toThrow(
    "1 page(s) could not be sent: NotFoundException",
  );
});
