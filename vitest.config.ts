import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Faults that end by a time-out of under a second: they want the machine to themselves. */
const AGAINST_THE_CLOCK = ["packages/testkit/test/matrix.test.ts"];

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
          // Half of the cores, as vitest would take, leaves one idle where there are two.
          maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
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
    ],
  },
});
