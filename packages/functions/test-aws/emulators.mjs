import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const START_WITHIN_MS = 60_000;
const LOG_LINES = 20;

/** How each is started on a port, and what answers once it has. */
export const EMULATORS = {
  moto: {
    args: (port) => ["-m", "moto.server", "-H", "127.0.0.1", "-p", port],
    env: () => ({}),
    health: "/moto-api/",
  },
  ministack: {
    args: () => ["-m", "ministack"],
    env: ({ port, folder, node }) => ({
      GATEWAY_PORT: port,
      BIND_HOST: "127.0.0.1",
      MINISTACK_HOST: "127.0.0.1",
      TMPDIR: folder,
      STATE_DIR: join(folder, "state"),
      S3_DATA_DIR: join(folder, "s3"),
      LAMBDA_EXECUTOR: "local",
      // Where the functions find their Node.
      PATH: `${dirname(node)}:${process.env.PATH}`,
    }),
    health: "/_ministack/health",
  },
};

/**
 * Starts an emulator on a free port of loopback, with a folder of its own for all that it writes.
 * Functions run in `node`, which is the suite's own unless it is given.
 */
export async function startEmulator(name, { python, node = process.execPath }) {
  const folder = mkdtempSync(join(tmpdir(), `vigil-${name}-`));
  const port = String(await freePort());
  const log = join(folder, "log");
  const out = openSync(log, "w");
  const { args, env, health } = EMULATORS[name];
  const child = spawn(python, args(port), {
    stdio: ["ignore", out, out],
    cwd: folder,
    env: { ...process.env, ...env({ port, folder, node }) },
  });
  closeSync(out);
  const stopped = once(child, "exit").catch(() => {});
  const stop = () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const url = `http://127.0.0.1:${port}`;
  if (!(await answers(url + health, child))) {
    const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-LOG_LINES).join("\n");
    stop();
    throw new Error(`${name} does not answer; the end of what it wrote:\n${lines}`);
  }
  return { url, stop, stopped };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function answers(url, child) {
  let failed = false;
  child.on("error", () => {
    failed = true;
  });
  const until = Date.now() + START_WITHIN_MS;
  while (!failed && Date.now() < until && child.exitCode === null) {
    const answered = await fetch(url).catch(() => null);
    if (answered !== null) return true;
    await sleep(100);
  }
  return false;
}
