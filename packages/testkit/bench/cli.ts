import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Figures, type MeasureOptions, median, progress } from "./measure.ts";
import { startServer } from "./servers.ts";

/** The command from start to exit, in a new process each time; `node` does nothing, for comparison. */
export async function measure(options: MeasureOptions): Promise<Figures> {
  const rounds = options.smoke ? 1 : Math.min(options.rounds, 15);
  const vigil = join(options.folder, "../../cli/bin/vigil.js");
  const server = await startServer("slow-server.mjs", options, {
    fromMs: 0,
    toMs: 0,
    notifications: false,
  });
  const commands = {
    node: ["-e", "0"],
    version: [vigil, "--version"],
    check: [vigil, "check", `http://127.0.0.1:${server.port}/mcp`, "--json"],
  };
  const samples = { node: [] as number[], version: [] as number[], check: [] as number[] };
  const names = ["node", "version", "check"] as const;
  try {
    progress(`cli: ${rounds} rounds`);
    for (let round = 0; round < rounds; round += 1) {
      for (const name of names) samples[name].push(await timeToExit(commands[name]));
    }
  } finally {
    server.stop();
  }
  const [node, version, check] = names.map((name) => median(samples[name]));
  return { cliColdMs: { version, check, node }, cli: { rounds } };
}

async function timeToExit(args: readonly string[]): Promise<number> {
  const from = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`node ${args.join(" ")}: exit code ${code}`);
  return performance.now() - from;
}
