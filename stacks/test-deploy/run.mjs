import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { startEmulator } from "../../packages/functions/test-aws/emulators.mjs";
import { install } from "../../packages/functions/test-aws/install.mjs";
import { setup as fetchPlatform } from "../platform.mjs";
import { installNode } from "./node.mjs";

/**
 * `npm run test:deploy`: the real sst deploys, diffs and removes the whole app, offline. An emulator
 * of AWS keeps what sst keeps in an account; Pulumi's engine is a stand-in (stand-in/engine.mjs).
 */
const root = join(import.meta.dirname, "../..");
const cache = join(root, "node_modules/.cache/vigil-aws");

let emulator;
let tests;
process.on("exit", () => {
  tests?.kill();
  emulator?.stop();
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

async function main() {
  fetchPlatform();
  const [python, node] = await Promise.all([install("ministack", cache), installNode()]);
  emulator = await startEmulator("ministack", { python, node });
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const config = join(import.meta.dirname, "vitest.config.ts");
  const args = [vitest, "run", "--config", config, ...process.argv.slice(2)];
  const env = {
    ...process.env,
    VIGIL_TEST_PYTHON: python,
    VIGIL_TEST_NODE: node,
    AWS_ENDPOINT_URL: emulator.url,
    // The emulator takes it for the account, and this is the one of the stand-in's ARNs.
    AWS_ACCESS_KEY_ID: "123456789012",
    AWS_SECRET_ACCESS_KEY: "secret",
  };
  tests = spawn(process.execPath, args, { stdio: "inherit", env, cwd: root });
  const [code] = await once(tests, "exit");
  // It ends the functions that it runs, which takes it a moment.
  emulator.stop();
  await emulator.stopped;
  return code ?? 1;
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`test:deploy: ${error.message}\n`);
  process.exit(1);
}
