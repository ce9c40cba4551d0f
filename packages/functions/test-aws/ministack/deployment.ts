import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { SQSClient } from "@aws-sdk/client-sqs";
import { parseConfig, type VigilConfig } from "@vigil/core";
import { soundLegacy, startServer } from "@vigil/testkit";
import { buildBundle } from "../../test/build-bundle.ts";
import { type Code, createFunction, createQueue, filesOf, type Queue } from "./platform.ts";

/** As with two vantages: what is made in the wrong one of these regions is not found. */
export const HOME = "eu-west-1";
export const VANTAGE = "eu-central-1";
export const TABLE = "vigil-test";
export const PROBE = "vigil-probe";
export const REPLAY = "vigil-replay";
const PAGER = "vigil-pager";
export const SCHEDULE = { Name: "vigil-probe-shard-0" };

/**
 * The emulator hands the Scheduler's input on as it stands; AWS fills in the minute. This does it
 * in front of the deployed handler, and nothing else.
 */
const FILL_IN = `import { handler as probe } from "./probe.mjs";
export const handler = (event, context) => {
  const minute = new Date(Math.floor(Date.now() / 60000) * 60000).toISOString().replace(".000", "");
  const text = JSON.stringify(event).replace("<aws.scheduler.scheduled-time>", minute);
  return probe(JSON.parse(text), context);
};
`;
const HEARING_PAGER = `import { appendFileSync } from "node:fs";
export const handler = async (event) => {
  appendFileSync(process.env.HEARD, JSON.stringify(event) + "\\n");
};
`;

export interface Deployment {
  /** What the pager was invoked with. */
  paged(): readonly unknown[];
  close(): Promise<void>;
}

/** The stack's functions, without the stack: a healthy and a broken server, watched every minute. */
export async function deploy(): Promise<Deployment> {
  const folder = mkdtempSync(join(tmpdir(), "vigil-ministack-"));
  const heard = join(folder, "heard");
  const servers = await Promise.all([startServer(soundLegacy()), startServer(withoutTools())]);
  const [orders = "", billing = ""] = servers.map(({ url }) => url);
  const bundle = join(folder, "bundle");
  const queues = new SQSClient({ region: VANTAGE });
  const [spill] = await Promise.all([createQueue(queues, "vigil-spill"), buildBundle(bundle)]);
  const code = { ...filesOf(bundle), "vigil.json": JSON.stringify(configOf({ orders, billing })) };
  await deployFunctions({ code, spill, heard });
  return {
    paged: () =>
      existsSync(heard)
        ? readFileSync(heard, "utf8")
            .split("\n")
            .filter(Boolean)
            .map((line) => JSON.parse(line))
        : [],
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

/** A server that answers well and lists no tool. */
function withoutTools() {
  return soundLegacy({
    edit: (request, reply) =>
      request.rpc?.method === "tools/list"
        ? { ...reply, message: { ...reply.message, result: { tools: [] } } }
        : reply,
  });
}

function configOf(urls: Readonly<Record<string, string>>): VigilConfig {
  const parsed = parseConfig({
    vantages: [HOME, VANTAGE],
    defaults: { confirm: { delaysMs: [500], withinMs: 20_000 } },
    targets: Object.entries(urls).map(([name, url]) => ({ name, url })),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.config;
}

interface Parts {
  readonly code: Code;
  readonly spill: Queue;
  readonly heard: string;
}

async function deployFunctions({ code, spill, heard }: Parts): Promise<void> {
  const environment = {
    VIGIL_HOME: HOME,
    VIGIL_TABLE: TABLE,
    VIGIL_SPILL_QUEUE_URL: spill.url,
    VIGIL_CONFIG: "vigil.json",
    VIGIL_VERSION: "0.0.0",
    VIGIL_PAGER: PAGER,
  };
  const own = { region: VANTAGE, code: { ...code, "fill-in.mjs": FILL_IN }, environment };
  const pager = {
    region: HOME,
    name: PAGER,
    handler: "pager.handler",
    code: { "pager.mjs": HEARING_PAGER },
    environment: { HEARD: heard },
  };
  const [probeArn] = await Promise.all([
    createFunction({ ...own, name: PROBE, handler: "fill-in.handler" }),
    createFunction({ ...own, name: REPLAY, handler: "replay.handler" }),
    createFunction(pager),
  ]);
  await schedule(probeArn);
}

/** As the stack schedules a shard. */
async function schedule(probeArn: string): Promise<void> {
  await new SchedulerClient({ region: VANTAGE }).send(
    new CreateScheduleCommand({
      ...SCHEDULE,
      ScheduleExpression: "cron(* * * * ? *)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: probeArn,
        RoleArn: "arn:aws:iam::000000000000:role/scheduler",
        Input: JSON.stringify({ shard: 0, scheduledAt: "<aws.scheduler.scheduled-time>" }),
        RetryPolicy: { MaximumRetryAttempts: 0 },
      },
    }),
  );
}
