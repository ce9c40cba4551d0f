import { capacity, type RunRecord } from "@vigil/core";
import { recordedStep, runRecord } from "@vigil/testkit/records";
import { afterEach, expect, it, vi } from "vitest";
import { createLog } from "../src/log.ts";

/** As a real run against a server with a session and one sentinel looks. */
const RUN: RunRecord = runRecord({
  runId: "0b6a4a36-6b1f-4a3c-9a43-5d5c2f6f7d11",
  target: "orders-production",
  depth: "sentinel",
  server: { name: "orders-mcp-server", version: "1.1.2" },
  coldStart: false,
  coldSampleMs: 812.4,
  steps: [
    recordedStep("connect", { startMs: 0, durationMs: 92.4 }),
    recordedStep("authorize", { startMs: 0, durationMs: 0 }),
    recordedStep("negotiate", { startMs: 92.6, durationMs: 180.4, firstByteMs: 171.1 }),
    recordedStep("listTools", { startMs: 273.0, durationMs: 61.5, firstByteMs: 60.2 }),
    recordedStep("callTool", { label: "query_table", startMs: 334.6, durationMs: 70.2 }),
    recordedStep("stream", { outcome: "skipped", skipped: "not-requested" }),
    recordedStep("close", { startMs: 404.9, durationMs: 8.1, firstByteMs: 7.9 }),
  ],
  attempts: [{ startedAt: "2026-11-22T08:00:00.412Z", durationMs: 412.1, status: "up", modes: [] }],
});
/** CloudWatch counts so much beside each line. */
const EVENT_BYTES = 26;

afterEach(() => vi.restoreAllMocks());

it("logs as much as the bill counts", () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const log = createLog("ap-southeast-1");
  log.run(RUN);
  const sum = { runs: 100, recorded: 100, duplicates: 0, spilled: 0, unknown: 0, sinkFailures: 0 };
  log.done({ ...sum });
  vi.restoreAllMocks();
  const [run = 0, done = 0] = written.map((line) => Buffer.byteLength(line) + EVENT_BYTES);
  for (const [real, counted] of [
    [run, capacity.RUN_LOG_BYTES],
    [done, capacity.DONE_LOG_BYTES],
  ] as const) {
    expect(counted).toBeGreaterThanOrEqual(real);
    expect(counted).toBeLessThanOrEqual(real * 1.15);
  }
});
