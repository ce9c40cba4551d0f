import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * `npm run test:aws`: the real handlers and the real SDK clients against moto, an emulator of AWS
 * from PyPI, which is installed beside the other packages the first time.
 */
const MOTO = "moto[server,dynamodb,sqs,ssm,secretsmanager,cloudwatch,sts]==5.2.5";
const root = join(import.meta.dirname, "../../..");
const cache = join(root, "node_modules/.cache/vigil-aws");
const python = join(cache, "bin/python");
/** Written last, so that a half-made one is made anew. */
const ready = join(cache, "ready");
const START_WITHIN_MS = 60_000;

function install() {
  if (existsSync(ready)) return;
  process.stderr.write(`test:aws: installing ${MOTO}, once, which takes a minute or two\n`);
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  try {
    execFileSync("python3", ["-m", "venv", cache], { stdio: ["ignore", "ignore", "inherit"] });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", MOTO];
    execFileSync(python, pip, { stdio: ["ignore", "ignore", "inherit"] });
  } catch {
    throw new Error("the emulator cannot be installed: it needs python3 with venv, and PyPI");
  }
  writeFileSync(ready, MOTO);
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function answers(url, emulator) {
  const until = Date.now() + START_WITHIN_MS;
  while (Date.now() < until && emulator.exitCode === null) {
    const answered = await fetch(`${url}/moto-api/`).catch(() => null);
    if (answered !== null) return;
    await sleep(100);
  }
  throw new Error("the emulator does not answer");
}

async function main() {
  install();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)];
  const emulator = spawn(python, server, { stdio: "ignore" });
  const stop = () => emulator.kill();
  process.on("exit", stop);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));
  await answers(url, emulator);
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const config = join(import.meta.dirname, "vitest.config.ts");
  const args = [vitest, "run", "--config", config, ...process.argv.slice(2)];
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    // moto reads no compressed metrics.
    AWS_DISABLE_REQUEST_COMPRESSION: "true",
  };
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit", env, cwd: root });
  process.exitCode = status ?? 1;
  stop();
}

try {
  await main();
} catch (error) {
  process.stderr.write(`test:aws: ${error.message}\n`);
  process.exit(1);
}
