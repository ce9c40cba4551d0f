import { judge, type Target, targetFromUrl } from "@vigil/core";
import { type ProbeDeps, runProbe, systemClock } from "@vigil/probe";
import { type Figures, type MeasureOptions, median, progress } from "./measure.ts";
import { startServer } from "./servers.ts";

/** A full probe against the bare requests that it makes; both on a fresh connection each time. */
export async function measure(options: MeasureOptions): Promise<Figures> {
  const warmUp = options.smoke ? 1 : 50;
  const rounds = options.smoke ? 2 : options.rounds;
  const server = await startServer("server.mjs", options);
  try {
    progress(`overhead: ${rounds} rounds`);
    const samples = await takeSamples(`http://127.0.0.1:${server.port}/mcp`, warmUp + rounds);
    expectSameWork(await server.ask<Seen>(), warmUp + rounds);
    const probeMs = median(samples.map(({ probe }) => probe).slice(warmUp));
    const fetchMs = median(samples.map(({ bare }) => bare).slice(warmUp));
    return { overheadRatio: probeMs / fetchMs, probeMs, fetchMs, rounds };
  } finally {
    server.stop();
  }
}

interface Sample {
  readonly probe: number;
  readonly bare: number;
}

async function takeSamples(url: string, rounds: number): Promise<readonly Sample[]> {
  const target = targetOf(url);
  const FreshAgent = await agentOfNode();
  const probed = () => timed(() => probeOnce(target));
  const fetched = () => timed(() => fetchOnce(url, FreshAgent));
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // Which goes first changes, so that neither always runs in the other's wake.
    if (round % 2 === 0) {
      const probe = await probed();
      samples.push({ probe, bare: await fetched() });
    } else {
      const bare = await fetched();
      samples.push({ probe: await probed(), bare });
    }
  }
  return samples;
}

interface Seen {
  readonly connections: number;
  readonly requests: number;
}

/** A ratio of unlike things would say nothing. */
function expectSameWork({ connections, requests }: Seen, rounds: number): void {
  if (connections === 2 * rounds && requests === 2 * rounds * REQUESTS.length) return;
  throw new Error(
    `${rounds} rounds made ${connections} connections and ${requests} requests: each side should make 1 and ${REQUESTS.length} a round`,
  );
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
    extras: [],
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

type Agent = NonNullable<RequestInit["dispatcher"]>;
type AgentClass = new (options: { readonly connections: number }) => Agent;

/** The one inside Node, by which its own `fetch` goes: it is there once something was fetched. */
async function agentOfNode(): Promise<AgentClass> {
  await fetch("data:,");
  const agent = Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1"));
  return (agent as { constructor: AgentClass }).constructor;
}

/** An agent of its own opens a fresh connection, as a probe does, and keeps to it for the round. */
async function fetchOnce(url: string, FreshAgent: AgentClass): Promise<void> {
  const dispatcher = new FreshAgent({ connections: 1 });
  for (const request of REQUESTS) {
    const response = await fetch(url, {
      dispatcher,
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify({ jsonrpc: "2.0", ...request }),
    });
    await response.text();
  }
  // Not waited for: a run does not wait for its connection to be gone either.
  void dispatcher.destroy();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
