import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const STOP_WITHIN_MS = 2_000;

/** A demo server in a process of its own. */
export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  /** How it ended, whenever that is. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts the demo server that is built beside this file, on a free port. We hold the other end of
 * its standard input, so that it goes however this process goes.
 * @throws Error when it ends before it listens; what it complains of is on standard error by then.
 */
export async function startServer(
  env: Readonly<Record<string, string | undefined>>,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "server.js")], {
    env: { ...env, PORT: "0", HOST: "127.0.0.1", DEMO_EXIT_WITH_PARENT: "1" },
    stdio: ["pipe", "pipe", "inherit"],
    // In a group of its own: Ctrl-C is ours, and we end it when what it answers has been passed on.
    detached: true,
  });
  const ended = endOf(child);
  const port = await Promise.race([portOf(child), ended.then(() => null)]);
  if (port === null) throw new Error(`a demo server did not start: ${await ended}`);
  return { port, pid: child.pid ?? 0, ended, stop: () => stop(child, ended) };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", ({ message }) => resolve(message));
    child.once("exit", (code, signal) =>
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
  });
}

/** From its first line, which says where it listens. */
function portOf({ stdout }: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    if (stdout === null) return;
    createInterface({ input: stdout }).once("line", (line) => {
      const { url } = JSON.parse(line) as { url: string };
      resolve(Number(new URL(url).port));
    });
  });
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill("SIGTERM");
  const stubborn = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
  await ended;
  clearTimeout(stubborn);
}
