import { probe } from "./harness.ts";

/** Runs one probe, tells what came of it, and has nothing else to do. */
const [url = "", era] = process.argv.slice(2);
const collect = (globalThis as { gc?: () => void }).gc;
const collecting = collect === undefined ? undefined : setInterval(collect, 20);
// More patience than elsewhere: a process of its own starts cold, and collects garbage all the time.
const { modes, tookMs } = await probe(
  url,
  { era: era === "modern" || era === "auto" ? era : "legacy", clientTimeoutMs: 1_000, slowMs: 999 },
  { runTimeoutMs: 2_000 },
);
clearInterval(collecting);
process.stdout.write(JSON.stringify({ modes, runMs: tookMs, endedAt: Date.now() }));
