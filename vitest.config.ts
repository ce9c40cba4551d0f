import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Faults that end by a time-out of under a second: they want the machine to themselves. */
const AGAINST_THE_CLOCK = ["packages/testkit/test/matrix.test.ts"];

/** Half of the cores, as vitest would take, leaves one idle where there are two. */
const WORKERS = Math.max(2, Math.floor(availableParallelism() / 2));

export default defineConfig({
  test: {
    globalSetup: ["packages/cli/test/build-once.ts"],
    setupFiles: ["packages/testkit/src/property-seed.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: "tests",
          include: ["packages/*/test/**/*.test.ts"],
          exclude: AGAINST_THE_CLOCK,
          maxWorkers: WORKERS,
        },
      },
      {
        extends: true,
        test: {
          name: "clock",
          include: AGAINST_THE_CLOCK,
          // After all others, which are group 0.
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
        },
      },
      {
        resolve: {
          alias: [
            {
              find: /^@pulumi\/(.*)$/,
              replacement: join(import.meta.dirname, ".sst/platform/node_modules/@pulumi/$1"),
            },
            {
              find: /^\.\.\/vigil\.config\.ts$/,
              replacement: join(import.meta.dirname, "stacks/test/operator.ts"),
            },
          ],
        },
        test: {
          name: "stacks",
          include: ["stacks/test/**/*.test.ts"],
          globalSetup: ["stacks/platform.mjs"],
          maxWorkers: WORKERS,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
