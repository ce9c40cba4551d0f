import type { RunRecord, Target } from "@vigil/core";
import {
  type Answer,
  cloudWatchLogs,
  createFakeClock,
  type FakeClock,
  type LogEvent,
  type RunningServer,
  type Script,
  soundLegacy,
  startServer,
} from "@vigil/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Runtime } from "../src/runtime.ts";
import { type Deployed, deploy } from "./deployed.ts";
import { type Cloud, configOf, type HeardLog, hearLog, startCloud } from "./harness.ts";
import { ENVIRONMENT, ended, recordOf } from "./records.ts";

describe("looking for proof of a cold start", () => {
  const PLENTY = { getRemainingTimeInMillis: () => 55_000 };
  let cloud: Cloud;
  let clock: FakeClock;
  let log: HeardLog;
  /** What happened, in its order. */
  let order: string[];
  /** By target: what its run is. */
  let fates: Readonly<Record<string, "up" | "failed" | "down">>;

  beforeEach(async () => {
    cloud = await startCloud();
    clock = createFakeClock();
    order = [];
    log = hearLog();
    fates = {};
  });
  afterEach(() => cloud.close());

  function runtimeOf(tookMs = 0): Runtime {
    let letIn: () => void = () => {};
    const othersAreIn = new Promise<void>((resolve) => {
      letIn = resolve;
    });
    return new Runtime({
      environment: ENVIRONMENT,
      config: configOf(2),
      clock,
      historyOf: () => cloud.historyOf(clock),
      sinks: {
        ...cloud.sinks,
        pager: {
          async tell(told) {
            if (told.kind === "state-change") order.push(`page ${told.target} ${told.to}`);
            return null;
          },
        },
        log,
      },
      log,
      async probe({ name: target }, options) {
        order.push(`probe ${target}`);
        if (target === "t1") letIn();
        clock.advance(tookMs);
        const fate = fates[target] ?? "up";
        const status = fate === "up" ? "up" : "down";
        return ended({ ...recordOf({ ...options, target, status }), confirmed: fate === "down" });
      },
      prove: ({ record }: { readonly record: RunRecord }, { name }: Target) =>
        record.status === "up"
          ? null
          : async (withinMs) => {
              await othersAreIn;
              order.push(`look for ${name} within ${withinMs} ms`);
              return { ...record, coldStart: true };
            },
      gate: oneByOne(),
      randomId: () => crypto.randomUUID(),
    });
  }

  const tick = () => ({ shard: 0, scheduledAt: new Date(clock.now()).toISOString() });

  it("holds up no other run, has what is left of the time for runs, and is in what is kept", async () => {
    await runtimeOf().invoke(tick(), PLENTY);
    clock.advance(60_000);
    order = [];
    fates = { t0: "failed" };
    await runtimeOf(5_000).invoke(tick(), PLENTY);
    expect(order).toEqual(["probe t0", "probe t1", "look for t0 within 40000 ms"]);
    const last = await cloud.historyOf(clock).lastRun("t0");
    expect(last).toMatchObject({ status: "down", confirmed: false, coldStart: true });
    expect(log.runs.at(-1)).toMatchObject({ target: "t0", coldStart: true });
  });

  it("is not for a confirmed failure, whose page goes at once", async () => {
    fates = { t0: "down" };
    await runtimeOf().invoke(tick(), PLENTY);
    expect(order).toEqual(["probe t0", "page t0 down", "probe t1"]);
  });

  it("is not for any other run that somebody is told of", async () => {
    fates = { t0: "failed" };
    const runtime = runtimeOf();
    for (const fate of ["up", "up", "failed", "failed", "failed"] as const) {
      fates = { t0: fate };
      await runtime.invoke(tick(), PLENTY);
      clock.advance(60_000);
    }
    const told = order.filter((what) => what.includes("t0") && !what.startsWith("probe"));
    expect(told.map((what) => what.replace(/ within.*/, ""))).toEqual([
      "look for t0",
      "look for t0",
      "page t0 degraded",
    ]);
  });
});

/** Lets one run in at a time, in their order. */
function oneByOne() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    enter<T>(run: () => Promise<T>): Promise<T> {
      const entered = last.then(run);
      last = entered;
      return entered;
    },
  };
}

describe("the deployed function", () => {
  const LOG_GROUP = "/aws/lambda/McpServer";
  const servers: RunningServer[] = [];
  let deployed: Deployed | null = null;
  afterEach(async () => {
    await deployed?.close();
    for (const server of servers.splice(0)) await server.close();
  });

  async function serve(script: Script): Promise<RunningServer> {
    const server = await startServer(script);
    servers.push(server);
    return server;
  }

  /** A function that names its requests; its second conversation meets a cold start and is cut off. */
  function lambda(lines: LogEvent[]): Script {
    const sound = soundLegacy();
    let conversation = 0;
    return (request) => {
      const answer = sound(request);
      const method = request.rpc?.method;
      if (method === "initialize") conversation += 1;
      if (method === "tools/list" && conversation === 2) return { kind: "hang" };
      return answer.kind === "respond" ? named(answer, method, conversation === 2) : answer;
    };

    function named(answer: Extract<Answer, { kind: "respond" }>, method = "", isCold = false) {
      const id = crypto.randomUUID();
      const opens = method === "initialize" && isCold;
      const message = `REPORT RequestId: ${id}\tDuration: 2.81 ms\t${opens ? "Init Duration: 90.5 ms\t" : ""}`;
      lines.push({ logGroup: LOG_GROUP, timestamp: Date.now(), message });
      const headers = [...answer.headers, ["x-amzn-requestid", id] as const];
      return { ...answer, headers, delayMs: opens ? 120 : 0 };
    }
  }

  it("reads the REPORT lines of a target that asks for it, and only where they may tell", async () => {
    const lines: LogEvent[] = [];
    const server = await serve(lambda(lines));
    const logs = await serve(cloudWatchLogs({ events: () => lines }));
    const target = {
      name: "orders",
      url: server.url,
      era: "legacy",
      region: "us-east-1",
      clientTimeoutMs: 2_000,
      lambda: { functionName: "McpServer", reportLines: true },
    };
    deployed = await deploy({
      targets: [target],
      env: { AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: new URL(logs.url).origin },
    });
    const minute = (n: number) => new Date(Date.now() + n * 60_000).toISOString();
    await deployed.invoke({ shard: 0, scheduledAt: minute(0) });
    expect(await deployed.history().lastRun("orders")).toMatchObject({ status: "up" });
    expect(logs.requests).toEqual([]);
    await deployed.invoke({ shard: 0, scheduledAt: minute(1) });
    expect(await deployed.history().lastRun("orders")).toMatchObject({
      confirmed: false,
      coldStart: true,
      failures: [{ mode: "cold-start-timeout" }],
    });
    expect(logs.requests).toHaveLength(1);
  }, 60_000);
});
