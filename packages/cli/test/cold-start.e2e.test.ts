import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@vigil/core";
import {
  type Answer,
  awsError,
  cloudWatchLogs,
  type LogEvent,
  type RunningServer,
  type Script,
  soundLegacy,
  startServer,
} from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { inFolder, startVigil, vigil } from "./vigil.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const AWS = {
  AWS_ACCESS_KEY_ID: "AKIAEXAMPLE4711XYZ",
  AWS_SECRET_ACCESS_KEY: SECRET,
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/nonexistent/config",
  AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
};
const LOG_GROUP = "/aws/lambda/McpServer";

const servers: RunningServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(script: Script): Promise<RunningServer> {
  const server = await startServer(script);
  servers.push(server);
  return server;
}

/** A function that names its requests, sets up slowly, and keeps its first tool list to itself. */
function lambda(log: LogEvent[]): Script {
  const sound = soundLegacy();
  let lists = 0;
  return (request) => {
    const answer = sound(request);
    lists += request.rpc?.method === "tools/list" ? 1 : 0;
    if (request.rpc?.method === "tools/list" && lists === 1) return { kind: "hang" };
    if (answer.kind !== "respond") return answer;
    const id = crypto.randomUUID();
    const opens = log.length === 0;
    const message = `REPORT RequestId: ${id}\tDuration: 2.81 ms\t${opens ? "Init Duration: 90.5 ms\t" : ""}`;
    log.push({ logGroup: LOG_GROUP, timestamp: Date.now(), message, fromRequest: 2 });
    const headers = [...answer.headers, ["x-amzn-requestid", id] as const];
    return { ...answer, headers, delayMs: opens ? 120 : 0 };
  };
}

async function setUp(cwd: string, instead?: (n: number) => Answer | null) {
  const log: LogEvent[] = [];
  const server = await serve(lambda(log));
  const logs = await serve(cloudWatchLogs({ events: () => log, ...(instead && { instead }) }));
  const target = {
    name: "orders",
    url: server.url,
    era: "legacy",
    region: "us-east-1",
    clientTimeoutMs: 2_000,
    lambda: { functionName: "McpServer", reportLines: true },
  };
  const config = `export default ${JSON.stringify({ targets: [target] })};`;
  await writeFile(join(cwd, "vigil.config.ts"), config);
  return { logs, env: { ...AWS, AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: new URL(logs.url).origin } };
}

function told({ status, confirmed, coldStart, failures }: RunRecord) {
  return { status, confirmed, coldStart, modes: failures.map(({ mode }) => mode) };
}

const PROVEN = {
  status: "down",
  confirmed: false,
  coldStart: true,
  modes: ["cold-start-timeout"],
};

describe("a time-out that a repeat does not show", () => {
  it("is a cold start's for vigil check, by a line that comes late", async () => {
    await inFolder(async (cwd) => {
      const { logs, env } = await setUp(cwd);
      const { code, stdout, stderr } = await vigil(["check", "--json"], { cwd, env });
      const record = JSON.parse(stdout) as RunRecord;
      expect({ code, ...told(record) }).toEqual({ code: 0, ...PROVEN });
      expect(stderr).toContain("degraded: orders. --fail-on degraded makes this exit 3");
      expect(record.notes).toContainEqual(
        expect.stringMatching(/^cold start: request \S+ waited 91 ms for its environment/u),
      );
      expect(logs.requests).toHaveLength(2);
      expect(stdout).not.toContain(SECRET);
    });
  });

  it("stays transient when the log may not be read, and says why", async () => {
    await inFolder(async (cwd) => {
      const denied = () => awsError(400, "AccessDeniedException", "User: arn:aws:iam::1 is not");
      const { logs, env } = await setUp(cwd, denied);
      const { code, stdout } = await vigil(["check"], { cwd, env });
      expect(code).toBe(0);
      expect(stdout).toContain("transient-timeout at listTools");
      expect(stdout.replaceAll(/\s+/gu, " ")).toContain(
        "no proof of a cold start: /aws/lambda/McpServer in us-east-1 could not be read: this machine's AWS credentials do not allow logs:FilterLogEvents on it",
      );
      expect(logs.requests).toHaveLength(1);
    });
  });

  it("is a cold start's for vigil watch, in its line and in history", async () => {
    await inFolder(async (cwd) => {
      const { env } = await setUp(cwd);
      const watch = startVigil(["watch", "--json"], { cwd, env });
      await watch.sees('"runId"');
      watch.child.kill("SIGINT");
      const { stdout, stderr } = await watch.finished;
      expect(told(JSON.parse(stdout) as RunRecord)).toEqual(PROVEN);
      expect(stderr).not.toContain("Warning");
      const history = await vigil(["history", "orders", "--json"], { cwd });
      expect(JSON.parse(history.stdout)).toEqual(JSON.parse(stdout));
    });
  });

  it("is not lost when the watch is stopped while it reads the log", async () => {
    await inFolder(async (cwd) => {
      let asked = () => {};
      const reading = new Promise<void>((resolve) => {
        asked = resolve;
      });
      const { env } = await setUp(cwd, () => {
        asked();
        return { kind: "hang" };
      });
      const watch = startVigil(["watch", "--json"], { cwd, env });
      await reading;
      watch.child.kill("SIGINT");
      const { stdout } = await watch.finished;
      expect(told(JSON.parse(stdout) as RunRecord)).toMatchObject({ modes: ["transient-timeout"] });
      const history = await vigil(["history", "orders", "--json"], { cwd });
      expect(JSON.parse(history.stdout)).toEqual(JSON.parse(stdout));
    });
  });
});
