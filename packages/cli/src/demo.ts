import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { packageRoot } from "./package-root.ts";
import { bad, ok, type Result } from "./result.ts";

const START_WITHIN_MS = 15_000;
const STDERR_TAIL = 2_000;

export interface Demo {
  /** Where it speaks MCP. */
  readonly url: string;
  readonly pid: number;
  /** Resolves with how it ended, whenever that is. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface DemoOptions {
  readonly port: number;
  readonly script?: string;
}

/** Starts the demo server as a child that ends with this process, however this process ends. */
export async function startDemo(options: DemoOptions): Promise<Result<Demo>> {
  const script = options.script ?? join(packageRoot(), "../demo-server/dist/server.js");
  if (!existsSync(script)) {
    return bad(`The demo server is not built (${script} is missing). Run: npm run build`);
  }
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, PORT: String(options.port), DEMO_EXIT_WITH_PARENT: "1" },
    stdio: ["pipe", "pipe", "pipe"],
    // In a group of its own, so that Ctrl-C lets the last runs end before their server goes.
    detached: true,
  });
  const stderr = keepTail(child);
  const ended = endOf(child);
  const started = await Promise.race([listening(child), ended.then(() => null), tooLong()]);
  if (started === null) {
    child.kill("SIGKILL");
    return bad(whyNot(await ended, stderr(), options.port));
  }
  return ok({
    url: started,
    pid: child.pid ?? 0,
    ended,
    async stop() {
      child.kill("SIGTERM");
      const stubborn = setTimeout(() => child.kill("SIGKILL"), 2_000);
      await ended;
      clearTimeout(stubborn);
    },
  });
}

function keepTail(child: ChildProcess): () => string {
  let tail = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    tail = (tail + chunk).slice(-STDERR_TAIL);
  });
  return () => tail;
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`it could not be started: ${error.message}`));
    child.once("exit", (code, signal) =>
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
  });
}

/** The URL from the line that says so. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (child.stdout === null) {
      return;
    }
    createInterface({ input: child.stdout }).on("line", (line) => {
      const url = urlOf(line);
      if (url !== null) {
        resolve(url);
      }
    });
  });
}

function urlOf(line: string): string | null {
  try {
    const said: unknown = JSON.parse(line);
    const isListening =
      typeof said === "object" &&
      said !== null &&
      "event" in said &&
      said.event === "listening" &&
      "url" in said;
    return isListening ? String(said.url) : null;
  } catch {
    return null;
  }
}

function tooLong(): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), START_WITHIN_MS).unref();
  });
}

function whyNot(end: string, stderr: string, port: number): string {
  if (stderr.includes("EADDRINUSE")) {
    return `Port ${port} is in use, so the demo server cannot start. Stop what listens there, or choose another port: --demo-port ${port + 1}`;
  }
  const said = stderr.trim().split("\n").slice(-5).join("\n");
  return `The demo server did not start (${end}).${said === "" ? "" : `\n${said}`}`;
}
