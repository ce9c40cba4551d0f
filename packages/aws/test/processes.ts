import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Inside the package, so that what stays outside of the bundle is found from there. */
const BUNDLES = fileURLToPath(new URL("../node_modules/.tmp/", import.meta.url));

export interface Bundle {
  readonly file: string;
  remove(): void;
}

/** Plain JavaScript of a file of these tests, for a process of its own. */
export async function bundle(name: string): Promise<Bundle> {
  mkdirSync(BUNDLES, { recursive: true });
  const dir = mkdtempSync(BUNDLES);
  const file = join(dir, "bundle.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // Builds that rename functions, or wrap them to keep their names, must not break the thread.
    minify: true,
    keepNames: true,
    external: ["@aws-sdk/*", "dynalite"],
    logLevel: "error",
  });
  return { file, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export interface Child {
  readonly process: ChildProcess;
  /** One JSON value a line; ends when the process does. */
  readonly lines: AsyncIterator<unknown>;
  readonly exited: Promise<Exit>;
}

export interface StartOptions {
  readonly bundle: Bundle;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A shell command that sets the process's limits, or nothing. */
  readonly before: string;
}

export function start({ bundle: { file }, args, env, before }: StartOptions): Child {
  const script = `${before === "" ? "" : `${before} && `}exec "$0" "$@"`;
  const child = spawn("sh", ["-c", script, process.execPath, file, ...args], {
    env: { ...process.env, ...env },
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const exited = new Promise<Exit>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, stderr }));
  });
  return { process: child, lines: parsedLines(child), exited };
}

async function* parsedLines({ stdout }: ChildProcess): AsyncGenerator<unknown> {
  if (stdout === null) return;
  for await (const line of createInterface({ input: stdout })) yield JSON.parse(line);
}

/** The next value that the process says. */
export async function next({ lines, exited }: Child): Promise<unknown> {
  const { value, done } = await lines.next();
  if (done === true) throw new Error(`The process ended: ${JSON.stringify(await exited)}`);
  return value;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "vigil-"));
}
