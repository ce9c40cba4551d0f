import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.test.ts"],
    globalSetup: ["packages/cli/test/build-once.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
