import { defineConfig } from "vitest/config";

const { VIGIL_TEST_MOTO: moto = "", VIGIL_TEST_MINISTACK: ministack = "" } = process.env;

/** The files of a project share one emulator, and run beside one another: each names its own things. */
const project = (name: string, endpoint: string) => ({
  test: {
    name,
    include: [`packages/functions/test-aws/${name}/**/*.test.ts`],
    env: { AWS_ENDPOINT_URL: endpoint },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default defineConfig({
  test: {
    projects: [project("moto", moto), project("ministack", ministack)],
    // One file waits for minutes to come, which no other should wait for.
    maxWorkers: 3,
  },
});
