import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { findChromium } from "./chromium.mjs";

/**
 * `npm run test:browser`: walks the status page in a real browser, as a person would. Screenshots
 * are left in node_modules/.cache/vigil-browser.
 */
const root = join(import.meta.dirname, "../../..");

async function main() {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const config = join(import.meta.dirname, "vitest.config.ts");
  const env = {
    ...process.env,
    VIGIL_TEST_CHROMIUM: findChromium(),
    VIGIL_TEST_SHOTS: join(root, "node_modules/.cache/vigil-browser"),
  };
  const args = [vitest, "run", "--config", config, ...process.argv.slice(2)];
  const tests = spawn(process.execPath, args, { stdio: "inherit", env, cwd: root });
  const [code] = await once(tests, "exit");
  return code ?? 1;
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`test:browser: ${error.message}\n`);
  process.exit(1);
}
