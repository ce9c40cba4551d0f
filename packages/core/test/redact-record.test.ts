import { describe, expect, it } from "vitest";
import { createRedactor, redactRecord } from "../src/redact.ts";
import type { RunRecord } from "../src/verdict.ts";

describe("redactRecord", () => {
  const K = "hunter22";
  const RECORD: RunRecord = {
    schema: 1,
    runId: "4f1d",
    kind: "scheduled",
    target: "orders",
    vantage: "eu-west-1",
    scheduledAt: "2026-11-22T08:00:00.000Z",
    startedAt: "2026-11-22T08:00:00.120Z",
    status: "down",
    confirmed: true,
    depth: "tools",
    era: "legacy",
    protocolVersion: `v${K}`,
    server: { name: `n${K}`, version: `${K}.1` },
    toolCount: 0,
    toolsHash: "sha256:00",
    drift: null,
    coldStart: null,
    coldSampleMs: null,
    durationMs: 213.5,
    sessionLeft: false,
    steps: [
      {
        step: "callTool",
        label: `t${K}`,
        outcome: "ok",
        startMs: 1,
        durationMs: 2,
        firstByteMs: 3,
      },
      { step: "close", outcome: "ok", startMs: 1, durationMs: 2, firstByteMs: 3 },
    ],
    failures: [
      {
        mode: "rpc-error",
        step: "callTool",
        era: "legacy",
        summary: `said ${K}`,
        remedy: "Look at the log.",
        evidence: {
          httpStatus: 200,
          contentType: `text/${K}`,
          headers: { [`x-amz-${K}`]: K, server: "demo" },
          body: `{"key":"${K}"}`,
          bytes: 18,
          rpcMethod: `call/${K}`,
          rpcError: {
            code: -32000,
            message: `bad ${K}`,
            data: { [K]: [K, { deep: [`a ${K}`, 1, null, true] }] },
          },
          sseEventsMs: [1.5],
          networkCode: null,
          detail: `got ${K}`,
        },
      },
    ],
    attempts: [
      {
        startedAt: "2026-11-22T08:00:00.120Z",
        durationMs: 213.5,
        status: "down",
        modes: ["rpc-error"],
      },
    ],
    notes: [`note ${K}`],
    gap: null,
  };

  it("blanks every text that can be a server's, at every depth, keys too", () => {
    const blank: unknown = JSON.parse(JSON.stringify(RECORD).replaceAll(K, "[redacted]"));
    expect(redactRecord(RECORD, createRedactor([K]))).toEqual(blank);
  });

  it("leaves its own names, times and counts, whatever the secrets are", () => {
    const words = [
      "down",
      "orders",
      "tools",
      "scheduled",
      "callTool",
      "2026-11-22",
      "sha256",
      "bytes",
    ];
    const out = redactRecord(RECORD, createRedactor(words));
    expect({ ...out, failures: [] }).toEqual({ ...RECORD, failures: [] });
    expect(out.failures[0]).toMatchObject({ mode: "rpc-error", step: "callTool" });
    expect(Object.keys(out.failures[0]?.evidence ?? {})).toEqual(
      Object.keys(RECORD.failures[0]?.evidence ?? {}),
    );
  });

  it("takes what was not reached as it is", () => {
    const [first] = RECORD.failures;
    if (first === undefined) throw new Error("the record has a failure");
    const evidence = {
      ...first.evidence,
      contentType: null,
      body: null,
      rpcMethod: null,
      rpcError: null,
      detail: null,
    };
    const bare: RunRecord = {
      ...RECORD,
      protocolVersion: null,
      server: null,
      failures: [{ ...first, evidence }],
    };
    const out = redactRecord(bare, createRedactor(["not-in-there"]));
    expect(out).toEqual(bare);
  });

  it("finds a secret of digits that comes as a number, or an error without data", () => {
    const [first] = RECORD.failures;
    if (first === undefined) throw new Error("the record has a failure");
    const withError = (rpcError: { code: number; message: string; data?: unknown }) => ({
      ...RECORD,
      failures: [{ ...first, evidence: { ...first.evidence, rpcError } }],
    });
    const redact = createRedactor(["48151623"]);
    const found = redactRecord(withError({ code: 1, message: "", data: [48_151_623, 7] }), redact);
    expect(found.failures[0]?.evidence.rpcError?.data).toEqual(["[redacted]", 7]);
    const plain = redactRecord(withError({ code: 48_151_623, message: "m" }), redact);
    expect(plain.failures[0]?.evidence.rpcError).toEqual({ code: 48_151_623, message: "m" });
  });
});
