import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["stacks/test-deploy/**/*.test.ts"],
    // Each waits for commands that take a core for ten seconds and more.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
  },
});
