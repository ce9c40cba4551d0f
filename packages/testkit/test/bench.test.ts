import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");
const BENCH = join(ROOT, "packages/testkit/bench/run.mjs");
const CACHE = join(ROOT, "node_modules/.cache");

function bench(...args: readonly string[]) {
  return promisify(execFile)(process.execPath, [BENCH, ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

function leftFolders(): readonly string[] {
  return existsSync(CACHE) ? readdirSync(CACHE).filter((name) => name.startsWith("vigil-")) : [];
}

const some = expect.any(Number);
const FIGURES = {
  overhead: { overheadRatio: some, probeMs: some, fetchMs: some, rounds: 2 },
  truth: {
    truthErrorP95: some,
    truth: {
      errorP50: some,
      errorMax: some,
      medianExcessMs: some,
      targets: 3,
      steps: 9,
      atOncePeak: some,
      seconds: some,
    },
    pinned: expect.any(Boolean),
  },
  fanout: {
    fanout: { targets: 3, seconds: some, rssMb: some, atOncePeak: some, cpuSeconds: some },
    pinned: expect.any(Boolean),
  },
  shard: {
    shard: {
      targets: 3,
      healthyRssMb: some,
      healthySeconds: some,
      hangingRssMb: some,
      hangingSeconds: some,
      hangingUnknown: 0,
    },
  },
  cli: { cliColdMs: { version: some, check: some, node: some }, cli: { rounds: 1 } },
  page: {
    pageRenderMs: some,
    pageKb: some,
    page: { firstMs: some, medianMs: some, cpuMs: some, targets: 2, rounds: 2 },
  },
  widget: {
    widgetMs: some,
    widgetKb: some,
    widget: {
      medianMs: some,
      cpuMs: some,
      databaseCpuMs: some,
      initMs: some,
      firstMs: some,
      targets: 3,
      rounds: 2,
    },
  },
  history: {
    historyQueryMs: some,
    history: { firstMs: some, cpuMs: some, commandMs: some, hours: 48, rounds: 1 },
  },
};

/** What the figures are is for the machine to say, and no test of this suite. */
describe("the bench", () => {
  test.each(Object.entries(FIGURES))("%s comes to its figures and ends", async (name, figures) => {
    const { code, stdout } = await bench("--only", name, "--smoke", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(figures);
  });

  test("says which figure misses its goal; --strict fails on it", async () => {
    const { code, stdout } = await bench("--only", "truth", "--smoke", "--strict");
    const over = /truthErrorP95 +\S+ +goal at most 0.1: OVER\n/u.test(stdout);
    expect(stdout).toMatch(/truth\.seconds +\S+ +goal at most 30: ok\n/u);
    expect(code).toBe(over ? 1 : 0);
  });

  test.each([
    [["--only", "truth,speed"], 'bench: --only: there is no measure "speed"\n'],
    [["--rounds", "9"], "bench: --rounds wants a whole number of at least 10\n"],
    [["--fast"], "bench: Unknown option '--fast'"],
  ])("%s is refused", async (args, says) => {
    const { code, stdout, stderr } = await bench(...args);
    expect({ code, stdout, first: stderr.slice(0, says.length) }).toEqual({
      code: 2,
      stdout: "",
      first: says,
    });
  });

  test("leaves nothing behind when it is told to stop", async () => {
    const before = leftFolders();
    const child = spawn(process.execPath, [BENCH, "--only", "overhead"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await once(child.stderr, "data");
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    expect(leftFolders()).toEqual(before);
  });
});
