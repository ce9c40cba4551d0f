import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
} from "@aws-sdk/client-cloudwatch";
import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DeleteScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { createHistory, ensureTable, historyClient } from "@vigil/aws";
import { type RunRecord, readPagerInvocation } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Deployment,
  deploy,
  HOME,
  PROBE,
  REPLAY,
  SCHEDULE,
  TABLE,
  VANTAGE,
} from "./deployment.ts";
import { comes } from "./platform.ts";

const MINUTE_MS = 60_000;
/** The emulator looks for due schedules every 10 s, and the first minute may be a minute away. */
const TWO_TICKS_MS = 150_000;

const client = historyClient({ region: HOME });
const history = createHistory({ client, tableName: TABLE, clock: systemClock });
const metrics = new CloudWatchClient({ region: HOME });
const lambda = new LambdaClient({ region: VANTAGE });
const schedules = new SchedulerClient({ region: VANTAGE });
let deployment: Deployment;

beforeAll(async () => {
  await ensureTable(client, TABLE);
  deployment = await deploy();
});
afterAll(() => deployment.close());

async function runsOf(target: string): Promise<readonly RunRecord[]> {
  const runs: RunRecord[] = [];
  for await (const run of history.runs(target, { order: "oldest" })) runs.push(run);
  return runs;
}

async function invoke(event: unknown, functionName: string = PROBE) {
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString("utf8");
  return { error: answer.FunctionError ?? null, body: JSON.parse(text) };
}

const thisMinute = () => new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS).toISOString();

describe("the built bundle, scheduled every minute", () => {
  let runs: { orders: readonly RunRecord[]; billing: readonly RunRecord[] };

  beforeAll(async () => {
    runs = await comes({
      what: "two ticks",
      withinMs: TWO_TICKS_MS,
      async look() {
        const [orders, billing] = await Promise.all([runsOf("orders"), runsOf("billing")]);
        return Math.min(orders.length, billing.length) < 2 ? null : { orders, billing };
      },
    });
    await schedules.send(new DeleteScheduleCommand(SCHEDULE));
  }, TWO_TICKS_MS + 30_000);

  it("records each minute's runs of a healthy and of a broken server", () => {
    const told = ({ orders, billing }: typeof runs) =>
      [...orders, ...billing].map(({ target, vantage, kind, status, confirmed, failures }) => [
        target,
        vantage,
        kind,
        status,
        confirmed,
        failures[0]?.mode,
      ]);
    expect(told(runs)).toEqual([
      ["orders", VANTAGE, "scheduled", "up", false, undefined],
      ["orders", VANTAGE, "scheduled", "up", false, undefined],
      ["billing", VANTAGE, "scheduled", "down", true, "tools-empty"],
      // Known to be down, so not repeated.
      ["billing", VANTAGE, "scheduled", "down", true, "tools-empty"],
    ]);
  });

  it("stands for two minutes that follow each other, and ran within them", () => {
    for (const [first, second] of [runs.orders, runs.billing]) {
      const at = [first, second].map((run) => Date.parse(run?.scheduledAt ?? ""));
      expect(at.map((ms) => ms % MINUTE_MS)).toEqual([0, 0]);
      expect((at[1] ?? 0) - (at[0] ?? 0)).toBe(MINUTE_MS);
      const lateMs = [first, second].map(
        (run, n) => Date.parse(run?.startedAt ?? "") - (at[n] ?? 0),
      );
      for (const late of lateMs) expect(late).toBeGreaterThanOrEqual(0);
      for (const late of lateMs) expect(late).toBeLessThan(MINUTE_MS);
    }
  });

  it("leaves the states, each with its vantage", async () => {
    const states = await history.states();
    expect(states.map(({ target, vantage, status }) => [target, vantage, status]).sort()).toEqual([
      ["billing", VANTAGE, "down"],
      ["orders", VANTAGE, "up"],
    ]);
  });

  it("tells the pager of the one change, by another function at home", async () => {
    const told = await comes({
      what: "the pager's invocation",
      withinMs: 10_000,
      look: async () => (deployment.paged().length === 0 ? null : deployment.paged()),
    });
    // While it is down, each later minute has the pager look at what waits.
    const read = told.map(readPagerInvocation);
    const isNotice = (one: (typeof read)[number]) => one.ok && one.invocation.kind === "unwell";
    expect(read.filter((one) => !isNotice(one))).toEqual([
      {
        ok: true,
        invocation: expect.objectContaining({
          target: "billing",
          vantage: VANTAGE,
          from: null,
          to: "down",
          modes: ["tools-empty"],
          at: runs.billing[0]?.scheduledAt,
        }),
      },
    ]);
  });

  it("puts its metrics into home, of both minutes", async () => {
    const heartbeats = await comes({
      what: "the second heartbeat",
      withinMs: 10_000,
      async look() {
        const sums = await heartbeatSums();
        return sums.length < 2 ? null : sums;
      },
    });
    expect(heartbeats).toEqual([2, 2]);
    const { Metrics = [] } = await metrics.send(new ListMetricsCommand({ Namespace: "Vigil" }));
    const listed = Metrics.map(({ MetricName = "", Dimensions = [] }) =>
      [MetricName, ...Dimensions.map(({ Value }) => Value)].join(" "),
    );
    expect([...new Set(listed)].sort()).toEqual([
      `InitializeDuration orders ${VANTAGE}`,
      `ProbeDuration orders ${VANTAGE}`,
      `ProbeSuccess billing ${VANTAGE}`,
      `ProbeSuccess orders ${VANTAGE}`,
      `TargetsProbed ${VANTAGE}`,
    ]);
  });
});

/** What the vantage said of each minute. */
async function heartbeatSums(): Promise<readonly (number | undefined)[]> {
  const { Datapoints = [] } = await metrics.send(
    new GetMetricStatisticsCommand({
      Namespace: "Vigil",
      MetricName: "TargetsProbed",
      Dimensions: [{ Name: "Vantage", Value: VANTAGE }],
      StartTime: new Date(Date.now() - 10 * MINUTE_MS),
      EndTime: new Date(Date.now() + MINUTE_MS),
      Period: 60,
      Statistics: ["Sum"],
    }),
  );
  return Datapoints.map(({ Sum }) => Sum);
}

describe("a failed invocation", () => {
  it.each([
    ["an event that is none", () => ({}), /shard: .*; scheduledAt: /],
    [
      "a shard that is not there",
      () => ({ shard: 7, scheduledAt: thisMinute() }),
      /there is no shard 7: the config has 1 shard\(s\)/,
    ],
  ])("is seen by the platform: %s", async (_title, eventOf, message) => {
    const { error, body } = await invoke(eventOf());
    expect(error).toBe("Unhandled");
    expect(body.errorMessage).toMatch(message);
  });
});

describe("while the table is away", () => {
  it("runs wait in the vantage's spill queue, and the deployed replay writes them", async () => {
    await client.send(new DeleteTableCommand({ TableName: TABLE }));
    const scheduledAt = thisMinute();
    const { error, body } = await invoke({ shard: 0, scheduledAt });
    // That the table is not there only a deployment mends: the platform must see it.
    expect(error).toBe("Unhandled");
    expect(body.errorMessage).toMatch(/history-table-missing/);
    await ensureTable(client, TABLE);
    // As the stack's schedule does every five minutes, for which nobody should wait here.
    const drained = await invoke({ kind: "drain" }, REPLAY);
    expect(drained.body).toEqual({ replayed: 1, left: 0 });
    const replayed = (await Promise.all(["orders", "billing"].map(runsOf))).flat();
    expect(replayed.map(({ target, status }) => [target, status])).toEqual([
      ["orders", "up"],
      ["billing", "down"],
    ]);
    expect(new Set(replayed.map((run) => run.scheduledAt))).toEqual(new Set([scheduledAt]));
  });
});
