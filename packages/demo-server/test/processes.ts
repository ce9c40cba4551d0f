import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { afterAll, beforeAll, onTestFinished } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "vigil-demo-"));

type Script = "server" | "break" | "deploy";

/** Bundles what runs as a process of its own, once for a test file. */
export function bundleScript(name: Script): void {
  beforeAll(() =>
    build({
      absWorkingDir: join(import.meta.dirname, "../src"),
      entryPoints: [`${name}.ts`],
      outdir: folder,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      platform: "node",
      format: "esm",
      // As the build does: what is imported late is a file of its own.
      splitting: true,
      banner: {
        js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
      },
    }),
  );
  afterAll(() => rmSync(folder, { recursive: true }));
}

export const scriptPath = (name: Script): string => join(folder, `${name}.mjs`);

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Child {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

export function run(
  name: Script,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Child {
  const child = spawn(process.execPath, [scriptPath(name), ...args], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { process: child, ended };
}

export interface Listening extends Child {
  readonly url: string;
  readonly fault: string;
  readonly port: number;
}

/** A demo server in a process of its own, on a free port. */
export async function listen(env: Readonly<Record<string, string>> = {}): Promise<Listening> {
  const child = run("server", [], { PORT: "0", ...env });
  const { url, fault } = JSON.parse(await firstLine(child)) as { url: string; fault: string };
  return { ...child, url, fault, port: Number(new URL(url).port) };
}

export async function firstLine({ process: { stdout }, ended }: Child): Promise<string> {
  if (stdout === null) throw new Error("the child has no standard output");
  const line = new Promise<string>((resolve) => {
    createInterface({ input: stdout }).once("line", resolve);
  });
  const early = ended.then(({ code, stderr }) => {
    throw new Error(`ended with ${code}: ${stderr}`);
  });
  return await Promise.race([line, early]);
}
