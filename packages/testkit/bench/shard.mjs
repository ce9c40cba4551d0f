import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createHistory, ensureTable } from "@vigil/aws";
import { openEmbedded } from "@vigil/aws/embedded";
import { parseConfig, SHARD_BUDGET_MS, shardTargets } from "@vigil/core";
import { awsOk, startAwsEndpoint } from "@vigil/testkit/aws-endpoint";
import { bundle } from "../../functions/bundle.mjs";
import { startServer } from "./servers.ts";

const TARGETS = 200;
const REGION = "eu-west-1";
const TABLE = "vigil";
/** By the answers' delay: longer than any invocation is never. */
const DELAYS = { healthy: 200, hanging: 600_000 };
const FINE = {
  healthy: ({ status }) => status === "up",
  hanging: ({ status, failures }) =>
    status !== "up" && failures.every(({ mode }) => HANGING_MODES.includes(mode)),
};
const HANGING_MODES = ["timeout", "deadline-exhausted"];

/** One invocation of the built function with as many targets as a shard is to hold: all up, then all hanging. */
export async function measure(options) {
  const cache = join(options.folder, "../../../node_modules/.cache");
  const dir = mkdtempSync(join(cache, "vigil-shard-"));
  try {
    const entryPoints = [join(options.folder, "../../functions/src/probe.ts")];
    await bundle({ entryPoints, outdir: join(dir, "functions") });
    const healthy = await invokeWith("healthy", dir, options);
    const hanging = await invokeWith("hanging", dir, options);
    return {
      shard: {
        targets: healthy.targets,
        healthyRssMb: healthy.rssMb,
        healthySeconds: healthy.seconds,
        hangingRssMb: hanging.rssMb,
        hangingSeconds: hanging.seconds,
        hangingUnknown: hanging.unknown,
      },
    };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

async function invokeWith(fate, dir, options) {
  process.stderr.write(`bench: shard: ${fate} targets\n`);
  const delayMs = DELAYS[fate];
  const delays = { fromMs: delayMs, toMs: delayMs, notifications: false };
  const server = await startServer("slow-server.mjs", options, delays);
  const database = await openEmbedded({ dir: join(dir, fate) });
  if (database.kind !== "open") throw new Error(JSON.stringify(database));
  const endpoint = await startAwsEndpoint(({ service }) =>
    service === "lambda" ? { kind: "json", status: 202, body: {} } : awsOk(),
  );
  try {
    await ensureTable(database.client, TABLE);
    const config = configOf(server.port, options.smoke);
    const path = join(dir, `${fate}.json`);
    writeFileSync(path, JSON.stringify(config));
    const { accessKeyId } = await database.client.config.credentials();
    const places = { history: database.endpoint, other: endpoint.url, accessKeyId, config: path };
    const ran = await invoke({
      module: join(dir, "functions/probe.mjs"),
      env: environment(places),
      folder: options.folder,
    });
    const history = createHistory({ client: database.client, tableName: TABLE, clock: Date });
    const targets = shardTargets(config.targets)[0] ?? [];
    const records = await recordsOf(history, targets);
    check(fate, { records, targets, outcome: ran.outcome });
    const unknown = records.filter(({ status }) => status === "unknown").length;
    return { ...ran, targets: targets.length, unknown };
  } finally {
    server.stop();
    await endpoint.close();
    await database.close();
  }
}

/** Limits are the defaults, unless it is only to be seen that all works. */
const SMOKE_LIMITS = { clientTimeoutMs: 1_000, runTimeoutMs: 1_500, confirm: { withinMs: 3_000 } };

function configOf(port, smoke) {
  const targets = Array.from({ length: smoke ? 3 : TARGETS }, (_, n) => ({
    ...(smoke && SMOKE_LIMITS),
    name: `t${n}`,
    url: `http://127.0.0.1:${port}/t${n}`,
    sentinels: [{ tool: "sentinel", expect: { equals: "ok" } }],
  }));
  const parsed = parseConfig({ vantages: [REGION], targets });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.config;
}

function environment({ history, other, accessKeyId, config }) {
  return {
    ...process.env,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL: other,
    AWS_ENDPOINT_URL_DYNAMODB: history,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    VIGIL_HOME: REGION,
    VIGIL_TABLE: TABLE,
    VIGIL_SPILL_QUEUE_URL: `${other}/123456789012/spill`,
    VIGIL_PAGER: "pager",
    VIGIL_CONFIG: config,
    VIGIL_VERSION: "0.0.0",
  };
}

async function invoke({ module, env, folder }) {
  const event = JSON.stringify({ shard: 0, scheduledAt: new Date().toISOString() });
  const script = join(folder, "shard-child.mjs");
  const args = [script, module, event, String(SHARD_BUDGET_MS)];
  // Its log is of no interest here, and would go where the figures go.
  const child = spawn(process.execPath, args, {
    env,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  let told = null;
  child.once("message", (message) => {
    told = message;
  });
  const [code] = await once(child, "exit");
  if (told === null) throw new Error(`the function ended with exit code ${code} and no outcome`);
  return told;
}

async function recordsOf(history, targets) {
  const records = [];
  for (const { name } of targets) {
    for await (const record of history.runs(name)) records.push(record);
  }
  return records;
}

/** Figures of work that was not done are worth nothing. */
function check(fate, { records, targets, outcome }) {
  const names = new Set(records.map(({ target }) => target));
  const wrong = records.find((record) => !FINE[fate](record));
  if (wrong !== undefined) throw new Error(`not ${fate}: ${JSON.stringify(wrong)}`);
  if (names.size !== targets.length || records.length !== targets.length) {
    const counted = `${records.length} records of ${names.size} of ${targets.length} targets`;
    throw new Error(`${counted}: ${JSON.stringify(outcome)}`);
  }
}
