import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { onTestFinished } from "vitest";
import { AMPLE_MS } from "./support.ts";

/**
 * Runs `source`, written as if it stood in src, in a process of its own, and waits for that to end
 * by itself. It finds `argument` as JSON in `process.argv[2]`; what it prints is JSON too.
 */
export async function runChild(
  source: string,
  argument: unknown,
  environment: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), "vigil-connection-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const outfile = join(folder, "child.mjs");
  const resolveDir = join(import.meta.dirname, "../../src");
  await build({
    stdin: { contents: source, resolveDir, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
  });
  const options = { timeout: AMPLE_MS, env: { ...process.env, ...environment } };
  const run = promisify(execFile)(process.execPath, [outfile, JSON.stringify(argument)], options);
  return JSON.parse((await run).stdout);
}
