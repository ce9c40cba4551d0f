import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { createHistory, historyClient } from "@vigil/aws";
import type { RunRecord } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { comes } from "../../packages/functions/test-aws/ministack/platform.ts";
import { type Bundle, bundlesOf, loadHandler, modeOf, unzip } from "./bundles.ts";
import { DEMO_REGION, HOME, WATCHED, WATCHED_URL } from "./configs.ts";
import { createEmulated, stopSchedules } from "./emulated.ts";
import { type Deployed, openProject } from "./project.ts";

const project = openProject();
const scratch = mkdtempSync(join(tmpdir(), "vigil-deployed-"));
const processes: ChildProcess[] = [];
afterAll(() => {
  for (const child of processes) child.kill();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  project.close();
});

let state: readonly Deployed[];
let bundles: readonly Bundle[];
beforeAll(async () => {
  project.configure(WATCHED);
  const { code, output } = await project.sst(["deploy", "--stage", "watched"]);
  expect({ code, output }).toMatchObject({ code: 0 });
  state = await project.state("watched");
  bundles = bundlesOf(state);
});

const RUNTIME = "nodejs24.x";

describe("the bundles, as they would be uploaded", () => {
  it("are loaded by the Node of their runtime, each handler a function", async () => {
    const handlers = bundles.filter(({ fn }) => fn.inputs.handler !== "run.sh");
    const loaded = await Promise.all(
      handlers.map(async ({ name, fn, zip }) => {
        const folder = join(scratch, name);
        unzip(zip, folder);
        return [name, fn.inputs.runtime, await loadHandler(folder, fn)];
      }),
    );
    expect(loaded).toEqual(handlers.map(({ name }) => [name, RUNTIME, "24 function"]));
    expect(loaded.map(([name]) => name)).toEqual(
      expect.arrayContaining(["CorrelatorEuWest1", "ProbeEuWest1", "ReplayEuWest1"]),
    );
  });

  it("start the demo server by a script that may be executed", () => {
    expect(modeOf(demo().zip, "run.sh").toString(8)).toBe("755");
  });
});

function demo(): Bundle {
  const found = bundles.find(({ name }) => name === "DemoUsEast1");
  if (found === undefined) throw new Error("there is no demo server");
  return found;
}

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  },
};

/** As the Web Adapter starts it, on a free port, with the emulator for AWS. */
async function startDemo({ name, fn, zip }: Bundle): Promise<string> {
  const folder = join(scratch, name);
  unzip(zip, folder);
  const node = dirname(process.env["VIGIL_TEST_NODE"] ?? "");
  const child = spawn("sh", ["run.sh"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...fn.inputs.environment.variables,
      PATH: node + delimiter + process.env["PATH"],
      PORT: "0",
      AWS_REGION: DEMO_REGION,
      ...AWS,
    },
  });
  processes.push(child);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the demo server ended with ${code}`);
  });
  const said = once(child.stdout.setEncoding("utf8"), "data");
  const [line] = await Promise.race([said, ended]);
  return JSON.parse(line).url;
}

const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
const AWS = { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY };

/** The next minute, at which the emulator looks up to 10 s late; a probe takes a moment too. */
const A_TICK_MS = 150_000;

describe("the deployment, made in an emulator of AWS", () => {
  let url: string;
  beforeAll(async () => {
    url = await startDemo(demo());
    await createEmulated({ state, scratch, replace: { [WATCHED_URL]: url } });
  });

  it("serves MCP clients by the demo server, whose sessions are in its table", async () => {
    const headers = {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(INITIALIZE) });
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringContaining('"protocolVersion":"2025-11-25"'),
    ]);
    const sessionId = answer.headers.get("mcp-session-id") ?? "";
    const sessions = new DynamoDBClient({ region: DEMO_REGION });
    const { Item } = await sessions.send(
      new GetItemCommand({
        TableName: inputsOf("DemoSessionsTable").name,
        Key: { sessionId: { S: sessionId } },
      }),
    );
    expect(Item).toMatchObject({ sessionId: { S: sessionId } });
  });

  it("probes that server on its schedule: a run in history, success and a heartbeat", async () => {
    const { name: tableName } = inputsOf("HistoryTable");
    const client = historyClient({ region: HOME });
    const history = createHistory({ client, tableName, clock: systemClock });
    const look = async () => {
      for await (const run of history.runs("orders", { order: "oldest" })) return run;
      return null;
    };
    const run = await comes<RunRecord>({ what: "a tick's run", withinMs: A_TICK_MS, look });
    await stopSchedules(state);
    expect(run).toMatchObject({
      target: "orders",
      vantage: HOME,
      kind: "scheduled",
      status: "up",
      scheduledAt: expect.stringMatching(/:00Z$/),
      server: { name: "vigil-demo" },
      failures: [],
    });
    const told = { withinMs: 10_000, what: "the metrics" };
    const success = { name: "ProbeSuccess", dimensions: { Target: "orders", Vantage: HOME } };
    expect(await comes({ ...told, look: () => lowest(success) })).toBe(1);
    const heartbeat = { name: "TargetsProbed", dimensions: { Vantage: HOME } };
    expect(await comes({ ...told, look: () => lowest(heartbeat) })).toBe(1);
  });
});

function inputsOf(name: string) {
  const found = state.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found.inputs;
}

interface Metric {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The first minute's smallest value; null while there is none. */
async function lowest({ name, dimensions }: Metric): Promise<number | null> {
  const { Datapoints = [] } = await new CloudWatchClient({ region: HOME }).send(
    new GetMetricStatisticsCommand({
      Namespace: "Vigil",
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(Date.now() - 600_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 60,
      Statistics: ["Minimum"],
    }),
  );
  return Datapoints[0]?.Minimum ?? null;
}
