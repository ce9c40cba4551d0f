import type { Clock, RunRecord, Target } from "@vigil/core";
import { startAwsEndpoint } from "@vigil/testkit/aws-endpoint";
import { expect, it, onTestFinished, vi } from "vitest";
import { createCauseFinder } from "../src/cause-finder.ts";
import { DOWN } from "./records.ts";

it("gives up, once its time is over, on an AWS that never answers", async () => {
  const aws = await startAwsEndpoint(() => ({ kind: "silence" }));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    return aws.close();
  });
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_ENDPOINT_URL_LAMBDA", aws.url);
  const timers: { readonly ms: number; readonly run: () => void }[] = [];
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    after: (ms, run) => {
      timers.push({ ms, run });
      return () => undefined;
    },
  };
  const target = {
    name: "orders",
    url: "https://abc.execute-api.us-east-1.amazonaws.com/mcp",
    region: "us-east-1",
    auth: { type: "none" },
    clientTimeoutMs: 10_000,
    lambda: { functionName: "orders", qualifier: "live" },
  } as Target;
  const record: RunRecord = { ...DOWN, status: "down", confirmed: true };
  const finding = createCauseFinder(clock)(record, target);
  await vi.waitFor(() => expect(aws.calls.length).toBe(1), 10_000);
  expect(timers.map(({ ms }) => ms)).toEqual([5_000]);
  timers[0]?.run();
  expect(await finding).toEqual([
    "the function's setting could not be read whole: AWS did not answer (TimeoutError)",
  ]);
});
