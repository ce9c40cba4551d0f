import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { judge } from "@vigil/core";
import { runProbe } from "@vigil/probe";
import { describe, expect, it, onTestFinished } from "vitest";
import { PAIR_USAGE, readPairOptions } from "../src/pair-options.ts";
import { DEPS, targetOf } from "./vigil.ts";

/** As it is built: it starts the server that lies beside it, and finds dynalite from there. */
const SCRIPT = join(import.meta.dirname, "../dist/pair.js");

interface Pair {
  readonly process: ChildProcess;
  readonly url: string;
  readonly pids: readonly number[];
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

function run(...args: string[]): Omit<Pair, "url" | "pids"> & { readonly stdout: () => string } {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      said[name] += chunk;
    });
  }
  const ended: Pair["ended"] = new Promise((resolve) => {
    child.once("close", (code) => resolve({ code, ...said }));
  });
  return { process: child, ended, stdout: () => said.stdout };
}

async function startPair(...args: string[]): Promise<Pair> {
  const { process: child, ended, stdout } = run("--port", "0", ...args);
  const up = () => stdout().includes("Ctrl-C");
  await expect.poll(up, { timeout: 20_000 }).toBe(true);
  const [url = ""] = /http:\S+\/mcp/.exec(stdout()) ?? [];
  const pids = [...stdout().matchAll(/process (\d+)/g)].map(([, pid]) => Number(pid));
  return { process: child, url, pids, ended };
}

async function probe(url: string, clients?: number) {
  const target = targetOf(url, clients === undefined ? {} : { concurrency: { clients } });
  const run = await runProbe(target, DEPS, {
    runId: DEPS.randomId(),
    deadline: DEPS.clock.monotonic() + target.runTimeoutMs,
    timeoutMs: target.clientTimeoutMs,
    eraHint: null,
    extras: clients === undefined ? [] : ["concurrency"],
  });
  const { status, depth, failures } = judge(run, target);
  return { status, depth, modes: failures.map(({ mode }) => mode) };
}

const WELL = { status: "up", depth: "sentinel", modes: [] };
const LOST = { status: "down", depth: "none", modes: ["session-lost"] };
const LOST_TO_OTHERS = { status: "down", depth: "sentinel", modes: ["session-lost"] };

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function expectAllGone(pids: readonly number[]): Promise<void> {
  expect(pids).toHaveLength(2);
  await expect.poll(() => pids.filter(isThere), { timeout: 10_000 }).toEqual([]);
}

describe("two servers behind one address, to the probe", () => {
  it.each([
    ["in memory, by request: the session is lost", [], LOST],
    ["in DynamoDB, by request: either server knows it", ["--sessions", "dynamodb"], WELL],
    ["none, by request: none is lost", ["--sessions", "stateless"], WELL],
    ["in memory, by connection: one client alone loses none", ["--balance", "connection"], WELL],
  ])("sessions %s", async (_name, args, expected) => {
    const { url } = await startPair(...args);
    expect(await probe(url)).toEqual(expected);
    expect(await probe(url)).toEqual(expected);
  });
});

describe("a connection that keeps its server, to simultaneous clients in one session", () => {
  it.each([
    ["memory", LOST_TO_OTHERS],
    ["dynamodb", WELL],
  ])("sessions in %s", async (kept, expected) => {
    const { url } = await startPair("--balance", "connection", "--sessions", kept);
    expect(await probe(url)).toEqual(WELL);
    expect(await probe(url, 4)).toEqual(expected);
  });
});

describe("the pair's processes", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("end on %s, the database too", async (signal) => {
    const pair = await startPair("--sessions", "dynamodb");
    pair.process.kill(signal);
    expect(await pair.ended).toMatchObject({ code: 0, stderr: "" });
    await expectAllGone(pair.pids);
  });

  it("leave no server behind when they are killed", async () => {
    const pair = await startPair();
    pair.process.kill("SIGKILL");
    await pair.ended;
    await expectAllGone(pair.pids);
  });

  it("all end when one server does, and say so", async () => {
    const pair = await startPair();
    process.kill(pair.pids[1] ?? 0, "SIGKILL");
    expect(await pair.ended).toMatchObject({
      code: 1,
      stderr: "demo:pair: a demo server has ended (signal SIGKILL), so the pair ends too\n",
    });
    await expectAllGone(pair.pids);
  });
});

describe("demo:pair", () => {
  const told = async (...args: string[]) => run(...args).ended;

  it("says that its port is in use, and starts nothing", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    expect(await told("--port", String(port))).toEqual({
      code: 2,
      stdout: "",
      stderr: `demo:pair: port ${port} is in use (EADDRINUSE); stop what listens there, or choose another: --port ${port + 1}\n`,
    });
  });

  it("explains itself", async () => {
    expect(await told("--help")).toEqual({ code: 0, stdout: PAIR_USAGE, stderr: "" });
  });

  it.each([
    [["--sessions", "redis"], "--sessions redis: use one of: memory, stateless, dynamodb"],
    [["--balance", "random"], "--balance random: use one of: request, connection"],
    [["--port", "65536"], "--port 65536: use a number from 0 to 65535"],
    [["--port", "-1"], "Option '--port' argument is ambiguous."],
    [["--prot", "1"], "Unknown option '--prot'"],
    [["memory"], "Unexpected argument 'memory'"],
  ])("refuses %j", (args, problem) => {
    const read = readPairOptions(args);
    expect(read).toEqual({ kind: "problem", problem: expect.stringContaining(problem) });
  });

  it("ends with 2 at what it refuses, and shows how it is used", async () => {
    const { code, stdout, stderr } = await told("--prot", "1");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^demo:pair: Unknown option '--prot'/);
    expect(stderr.endsWith(`\n\n${PAIR_USAGE}\n`)).toBe(true);
  });
});
