import { fork } from "node:child_process";
import { once } from "node:events";
import { judge, type Target, targetFromUrl } from "@vigil/core";
import { type ProbeDeps, runProbe, systemClock } from "@vigil/probe";

export interface OverheadOptions {
  readonly rounds: number;
  /** Path of the server's script. */
  readonly server: string;
}

export interface Overhead {
  readonly probeMs: number;
  readonly fetchMs: number;
  readonly ratio: number;
}

const WARM_UP = 50;

/** A full probe against the bare requests that it makes; both on a fresh connection each time. */
export async function measureOverhead({ rounds, server }: OverheadOptions): Promise<Overhead> {
  const child = fork(server);
  try {
    const [port] = (await once(child, "message")) as [number];
    const url = `http://127.0.0.1:${port}/mcp`;
    const target = targetOf(url);
    const probeMs: number[] = [];
    const fetchMs: number[] = [];
    for (let round = 0; round < WARM_UP + rounds; round += 1) {
      // Which goes first changes, so that neither always runs in the other's wake.
      const probed = () => timed(() => probeOnce(target));
      const fetched = () => timed(() => fetchOnce(url));
      const [probe, bare] =
        round % 2 === 0
          ? [await probed(), await fetched()]
          : ([await fetched(), await probed()].reverse() as [number, number]);
      if (round < WARM_UP) continue;
      probeMs.push(probe);
      fetchMs.push(bare);
    }
    const [probe, bare] = [median(probeMs), median(fetchMs)];
    return { probeMs: probe, fetchMs: bare, ratio: probe / bare };
  } finally {
    child.disconnect();
  }
}

const DEPS: ProbeDeps = {
  vantage: "local",
  clock: systemClock,
  secrets: async () => null,
  version: "0.0.0",
  randomId: () => "0123456789abcdef0123456789abcdef",
};

function targetOf(url: string): Target {
  const read = targetFromUrl(url, {
    era: "legacy",
    sentinels: [{ tool: "sentinel", expect: { equals: "ok" } }],
  });
  if (!read.ok) throw new Error(JSON.stringify(read.findings));
  return read.target;
}

async function probeOnce(target: Target): Promise<void> {
  const run = await runProbe(target, DEPS, {
    runId: DEPS.randomId(),
    deadline: systemClock.monotonic() + target.runTimeoutMs,
    timeoutMs: target.clientTimeoutMs,
    eraHint: null,
  });
  const { status, depth } = judge(run, target);
  if (status !== "up" || depth !== "sentinel") throw new Error(`the probe is ${status}, ${depth}`);
}

const INITIALIZE = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "bench", version: "1.0.0" },
};
const REQUESTS = [
  { id: 0, method: "initialize", params: INITIALIZE },
  { method: "notifications/initialized" },
  { id: 1, method: "tools/list", params: {} },
  { id: 2, method: "tools/call", params: { name: "sentinel", arguments: {} } },
];

/** The last request ends the connection, so that the next round opens a fresh one, as a probe does. */
async function fetchOnce(url: string): Promise<void> {
  for (const [index, request] of REQUESTS.entries()) {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...(index === REQUESTS.length - 1 ? { connection: "close" } : {}),
      },
      body: JSON.stringify({ jsonrpc: "2.0", ...request }),
    });
    await response.text();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted[middle] ?? Number.NaN;
}
