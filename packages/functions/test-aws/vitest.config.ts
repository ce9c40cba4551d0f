import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/functions/test-aws/**/*.test.ts"],
    // One emulator, one account: the files would see each other's tables.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
