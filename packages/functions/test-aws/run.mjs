import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { startEmulator } from "./emulators.mjs";
import { install } from "./install.mjs";

/**
 * `npm run test:aws`: the real handlers and the real SDK clients against moto, and the built bundle
 * as scheduled functions of ministack, both at once. Both are emulators of AWS from PyPI, installed
 * the first time.
 */
const root = join(import.meta.dirname, "../../..");
const cache = join(root, "node_modules/.cache/vigil-aws");

const running = [];
process.on("exit", () => {
  for (const { stop } of running) stop();
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

async function start(name) {
  const python = await install(name, cache);
  const emulator = await startEmulator(name, { python });
  running.push(emulator);
  return { ...emulator, python };
}

async function main() {
  const [moto, ministack] = await Promise.all([start("moto"), start("ministack")]);
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const config = join(import.meta.dirname, "vitest.config.ts");
  const args = [vitest, "run", "--config", config, ...process.argv.slice(2)];
  const env = {
    ...process.env,
    VIGIL_TEST_MOTO: moto.url,
    VIGIL_TEST_MINISTACK: ministack.url,
    VIGIL_TEST_PYTHON: ministack.python,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    // moto reads no compressed metrics.
    AWS_DISABLE_REQUEST_COMPRESSION: "true",
  };
  const tests = spawn(process.execPath, args, { stdio: "inherit", env, cwd: root });
  const [code] = await once(tests, "exit");
  // Each ends the functions that it runs, which takes it a moment.
  for (const { stop } of running) stop();
  await Promise.all(running.map(({ stopped }) => stopped));
  return code ?? 1;
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`test:aws: ${error.message}\n`);
  process.exit(1);
}
