import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["stacks/test-deploy/**/*.test.ts"],
    // Some take four commands, each of which may take a core for ten seconds and has its own limit.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // One file mostly waits for a minute to come.
    maxWorkers: 3,
  },
});
