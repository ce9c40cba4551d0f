import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { FAULT_NAMES } from "../src/faults/index.ts";
import { readSettings } from "../src/settings.ts";
import { connect } from "./harness.ts";
import { bundleScript, type Child, firstLine, listen, run, scriptPath } from "./processes.ts";

bundleScript("server");

const SOON_MS = 2_000;

/** How a process ended, or "still there" when it did not end soon. */
async function endOf({ ended }: Pick<Child, "ended">): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, SOON_MS, "still there");
  });
  const end = ended.then(({ code, signal, stderr }) => ({ code, signal, stderr }));
  return await Promise.race([end, late]).finally(() => clearTimeout(timer));
}

const CLEAN = { code: 0, signal: null, stderr: "" };

/** A port that something else holds until the test has finished. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("the server's process", () => {
  it("says in one line where it listens and what is broken", async () => {
    const child = run("server", [], { PORT: "0", HOST: "0.0.0.0", DEMO_FAULT: "tools-empty" });
    expect(JSON.parse(await firstLine(child))).toEqual({
      event: "listening",
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/),
      fault: "tools-empty",
      faults: FAULT_NAMES,
    });
  });

  it("tells every wrong setting at once, and starts nothing", async () => {
    const env = { PORT: "http", MCP_ERA: "new", MCP_SESSIONS: "no", DEMO_FAULT: "all" };
    expect(await run("server", [], env).ended).toEqual({
      code: 2,
      signal: null,
      stdout: "",
      stderr: `demo server: DEMO_FAULT: there is no fault "all" (npm run demo:break -- --list tells all)
demo server: PORT is "http"; use a whole number from 0 to 65535
demo server: MCP_ERA is "new"; use one of: dual, legacy, modern
demo server: MCP_SESSIONS is "no"; use one of: memory, stateless, dynamodb
`,
    });
  });

  it("says that its port is in use", async () => {
    const port = await takenPort();
    expect(await run("server", [], { PORT: String(port) }).ended).toEqual({
      code: 2,
      signal: null,
      stdout: "",
      stderr: `demo server: port ${port} is in use (EADDRINUSE); stop what listens there or set PORT\n`,
    });
  });

  it("ends on SIGINT, also while it minds its standard input", async () => {
    const server = await listen({ DEMO_EXIT_WITH_PARENT: "1" });
    server.process.kill("SIGINT");
    expect(await endOf(server)).toEqual(CLEAN);
  });

  it.each([
    ["legacy", "memory"],
    ["legacy", "stateless"],
    ["modern", "stateless"],
  ] as const)("ends on SIGTERM in the midst of a count (%s, %s)", async (era, sessions) => {
    const server = await listen({ MCP_SESSIONS: sessions });
    const client = await connect[era](server.url);
    await new Promise<void>((counting) => {
      client.call("progress", { steps: 50, delayMs: 2_000 }, () => counting()).catch(() => {});
    });
    server.process.kill("SIGTERM");
    expect(await endOf(server)).toEqual(CLEAN);
  });

  it("ends on SIGTERM in the midst of a cold start", async () => {
    const server = await listen({ DEMO_FAULT: "cold-start" });
    const waiting = fetch(server.url, { method: "POST", body: "{}" }).catch(() => "cut off");
    // The health answer comes after the first request was taken in.
    await fetch(new URL("/health", server.url));
    server.process.kill("SIGTERM");
    expect(await endOf(server)).toEqual(CLEAN);
    expect(await waiting).toBe("cut off");
  });

  it("ends when its standard input does, if asked to", async () => {
    const server = await listen({ DEMO_EXIT_WITH_PARENT: "1" });
    server.process.stdin?.end();
    expect(await endOf(server)).toEqual(CLEAN);
  });

  it("does not mind its standard input otherwise, and ends on SIGTERM", async () => {
    const server = await listen();
    server.process.stdin?.end();
    expect((await fetch(new URL("/health", server.url))).status).toBe(200);
    server.process.kill("SIGTERM");
    expect(await endOf(server)).toEqual(CLEAN);
  });

  it("goes when its parent is killed", async () => {
    const parent = spawn(process.execPath, ["--input-type=module", "-e", PARENT], {
      env: { SCRIPT: scriptPath("server") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void parent.kill("SIGKILL"));
    const output = { process: parent, ended: new Promise<never>(() => {}) };
    const { url } = JSON.parse(await firstLine(output)) as { url: string };
    // The grandchild holds the pipe too: its end is the grandchild's.
    const gone = new Promise((resolve) => parent.stdout.once("close", resolve));
    parent.kill("SIGKILL");
    await gone;
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  });
});

/** Starts the server as `vigil watch` does: at the other end of its standard input. */
const PARENT = `
  import { spawn } from "node:child_process";
  spawn(process.execPath, [process.env.SCRIPT], {
    env: { PORT: "0", DEMO_EXIT_WITH_PARENT: "1" },
    stdio: ["pipe", "inherit", "inherit"],
    detached: true,
  });
  setInterval(() => {}, 60_000);
`;

function settingsOf(env: Record<string, string>) {
  const read = readSettings(env);
  if (!read.ok) throw new Error(read.problems.join("\n"));
  const { faults, ...settings } = read.settings;
  return { ...settings, fault: faults.fault, delayMs: faults.takeDelayMs() };
}

const DEFAULTS = {
  port: 8080,
  host: "127.0.0.1",
  era: "dual",
  sessions: { kind: "memory" },
  lookup: null,
  initType: "local",
  inLambda: false,
  exitWithParent: false,
  fault: null,
  delayMs: 0,
  deployment: { gapMs: 45_000, coldMs: 20_000 },
};

describe("the settings", () => {
  it.each([
    ["nothing is set", {}],
    [
      "all is set to nothing",
      {
        PORT: "",
        HOST: "",
        MCP_ERA: "",
        MCP_SESSIONS: "",
        DEMO_FAULT: "",
        DEMO_COLD_MS: "",
        DEMO_COLD_REQUESTS: "",
        DEMO_GAP_MS: "",
        DEMO_EXIT_WITH_PARENT: "",
      },
    ],
  ])("have their defaults when %s", (_name, env) => {
    expect(settingsOf(env)).toEqual(DEFAULTS);
  });

  it("are read from the environment", () => {
    const env = {
      PORT: "0",
      HOST: "0.0.0.0",
      MCP_ERA: "legacy",
      MCP_SESSIONS: "stateless",
      DEMO_FAULT: "cold-start",
      DEMO_COLD_MS: "250",
      DEMO_COLD_REQUESTS: "3",
      DEMO_GAP_MS: "9000",
      DEMO_EXIT_WITH_PARENT: "1",
    };
    expect(settingsOf(env)).toEqual({
      ...DEFAULTS,
      port: 0,
      host: "0.0.0.0",
      era: "legacy",
      sessions: { kind: "stateless" },
      fault: "cold-start",
      delayMs: 250,
      deployment: { gapMs: 9_000, coldMs: 250 },
      exitWithParent: true,
    });
  });

  it.each([
    [
      "sessions",
      { MCP_SESSIONS: "dynamodb", SESSIONS_TABLE: "s" },
      { kind: "dynamodb", table: "s" },
    ],
    ["lookup", { LOOKUP_TABLE: "items" }, { table: "items", keyName: "id" }],
    ["lookup", { LOOKUP_TABLE: "items", LOOKUP_KEY: "pk" }, { table: "items", keyName: "pk" }],
  ])("take the tables of %s from the environment", (name, env, expected) => {
    expect(settingsOf(env)).toEqual({ ...DEFAULTS, [name]: expected });
  });

  it("know Lambda by its own variables", () => {
    const env = {
      AWS_LAMBDA_FUNCTION_NAME: "McpServer",
      AWS_LAMBDA_INITIALIZATION_TYPE: "provisioned-concurrency",
    };
    const expected = { ...DEFAULTS, inLambda: true, initType: "provisioned-concurrency" };
    expect(settingsOf(env)).toEqual(expected);
  });

  it.each([
    ["PORT", "65536", 'PORT is "65536"; use a whole number from 0 to 65535'],
    ["PORT", "0x50", 'PORT is "0x50"; use a whole number from 0 to 65535'],
    ["PORT", "-1", 'PORT is "-1"; use a whole number from 0 to 65535'],
    ["DEMO_COLD_MS", "20s", 'DEMO_COLD_MS is "20s"; use a whole number from 0 to 900000'],
    [
      "DEMO_COLD_REQUESTS",
      "1.5",
      'DEMO_COLD_REQUESTS is "1.5"; use a whole number from 0 to 1000000',
    ],
    ["MCP_ERA", "both", 'MCP_ERA is "both"; use one of: dual, legacy, modern'],
    ["MCP_SESSIONS", "none", 'MCP_SESSIONS is "none"; use one of: memory, stateless, dynamodb'],
    [
      "MCP_SESSIONS",
      "dynamodb",
      "MCP_SESSIONS is dynamodb, and SESSIONS_TABLE is not set; set it to a table whose partition key is sessionId, a string",
    ],
    ["DEMO_EXIT_WITH_PARENT", "true", 'DEMO_EXIT_WITH_PARENT is "true"; use one of: 0, 1'],
    [
      "DEMO_FAULT",
      "cold",
      'DEMO_FAULT: there is no fault "cold"; did you mean cold-start? (npm run demo:break -- --list tells all)',
    ],
  ])("%s=%s is refused", (name, value, problem) => {
    expect(readSettings({ [name]: value })).toEqual({ ok: false, problems: [problem] });
  });
});
