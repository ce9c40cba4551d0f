import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/cli/test-browser/**/*.test.ts"],
    globalSetup: ["packages/cli/test/build-once.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
  },
});
