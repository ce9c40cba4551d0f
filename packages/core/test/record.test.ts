import { describe, expect, it } from "vitest";
import type { JudgedAttempt } from "../src/record.ts";
import type { Leg } from "../src/run.ts";
import type { Verdict } from "../src/verdict.ts";
import {
  EVIDENCE,
  FIRST,
  failure,
  LEG,
  RUN,
  record,
  STEP,
  VERDICT,
  withEvidence,
} from "./record-fixtures.ts";

describe("toRunRecord", () => {
  it("tells the first attempt in the form that everyone reads", () => {
    expect(JSON.parse(JSON.stringify(record([FIRST])))).toEqual({
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
      protocolVersion: "2025-11-25",
      server: { name: "orders", version: "1.4.0" },
      toolCount: 0,
      toolsHash: `sha256:${"0".repeat(64)}`,
      drift: null,
      coldStart: null,
      coldSampleMs: null,
      durationMs: 213.5,
      sessionLeft: false,
      steps: [
        { step: "connect", outcome: "ok", startMs: 0, durationMs: 2.4, firstByteMs: null },
        {
          step: "authorize",
          outcome: "skipped",
          startMs: null,
          durationMs: null,
          firstByteMs: null,
          skipped: "no-credentials",
        },
        {
          step: "negotiate",
          era: "legacy",
          outcome: "ok",
          startMs: 2.5,
          durationMs: 180,
          firstByteMs: 171.3,
        },
        {
          step: "listTools",
          era: "legacy",
          outcome: "failed",
          startMs: 182.5,
          durationMs: 31.1,
          firstByteMs: 30,
        },
        {
          step: "callTool",
          era: "legacy",
          label: "echo",
          outcome: "not-reached",
          startMs: null,
          durationMs: null,
          firstByteMs: null,
        },
      ],
      failures: [
        { ...failure("tools-empty"), evidence: { ...EVIDENCE, sseEventsMs: [200.4, 201] } },
      ],
      attempts: [
        {
          startedAt: "2026-11-22T08:00:00.120Z",
          durationMs: 213.5,
          status: "down",
          modes: ["tools-empty"],
        },
      ],
      notes: ["no sentinel is configured, so no tool was called"],
      gap: null,
    });
  });

  it("lists every attempt, each mode once, and keeps the first one's word", () => {
    const repeat: JudgedAttempt = {
      run: {
        ...RUN,
        runId: "other",
        startedAt: "2026-11-22T08:00:02.400Z",
        connect: { ...STEP, durationMs: 99 },
      },
      verdict: {
        ...VERDICT,
        status: "degraded",
        failures: [failure("slow"), failure("slow"), failure("stream-buffered")],
        durationMs: 3_100.04,
        toolCount: 7,
      },
    };
    const told = record([FIRST, repeat], {
      confirmed: false,
      kind: "manual",
      gap: "2026-11-22T07:59:30.000Z",
    });
    expect(told).toMatchObject({
      runId: "4f1d",
      kind: "manual",
      status: "down",
      confirmed: false,
      toolCount: 0,
      durationMs: 213.5,
      gap: "2026-11-22T07:59:30.000Z",
      attempts: [
        {
          startedAt: "2026-11-22T08:00:00.120Z",
          durationMs: 213.5,
          status: "down",
          modes: ["tools-empty"],
        },
        {
          startedAt: "2026-11-22T08:00:02.400Z",
          durationMs: 3_100,
          status: "degraded",
          modes: ["slow", "stream-buffered"],
        },
      ],
    });
    expect(told.steps[0]?.durationMs).toBe(2.4);
  });

  it("has the steps of both legs, in order", () => {
    const modern: Leg = {
      ...LEG,
      era: "modern",
      steps: LEG.steps.map((step) => ({ ...step, era: "modern" })),
    };
    const { steps } = record([{ ...FIRST, run: { ...RUN, legs: [LEG, modern] } }]);
    expect(steps.map(({ step, era }) => `${step} ${era ?? "-"}`)).toEqual([
      "connect -",
      "authorize -",
      "negotiate legacy",
      "listTools legacy",
      "callTool legacy",
      "negotiate modern",
      "listTools modern",
      "callTool modern",
    ]);
  });

  it.each([
    { name: "in the first leg", legs: [{ ...LEG, sessionLeft: true }, LEG], later: [LEG] },
    { name: "in the second leg", legs: [LEG, { ...LEG, sessionLeft: true }], later: [LEG] },
    { name: "by a repeat", legs: [LEG], later: [{ ...LEG, sessionLeft: true }] },
  ])("notes a session that was left: $name", ({ legs, later }) => {
    const repeat = { ...FIRST, run: { ...RUN, legs: later } };
    expect(record([{ ...FIRST, run: { ...RUN, legs } }, repeat]).sessionLeft).toBe(true);
  });

  it("leaves what was not reached null", () => {
    const verdict: Verdict = {
      ...VERDICT,
      depth: "none",
      era: null,
      protocolVersion: null,
      server: null,
      toolCount: null,
      toolsHash: null,
      drift: null,
    };
    const run = { ...RUN, legs: [] };
    expect(record([{ run, verdict }])).toMatchObject({
      era: null,
      protocolVersion: null,
      server: null,
      toolCount: null,
      toolsHash: null,
      drift: null,
      coldStart: null,
      coldSampleMs: null,
      sessionLeft: false,
    });
  });
});

describe("what a server can say at length is cut", () => {
  it("names and versions", () => {
    const long = "x".repeat(5_000);
    const verdict = { ...VERDICT, protocolVersion: long, server: { name: long, version: long } };
    const kept = `${"x".repeat(199)}…`;
    expect(record([{ run: RUN, verdict }])).toMatchObject({
      protocolVersion: kept,
      server: { name: kept, version: kept },
    });
  });

  it.each([
    {
      name: "content type and body",
      given: { contentType: "t".repeat(300), body: "b".repeat(3_000) },
      kept: { contentType: `${"t".repeat(199)}…`, body: `${"b".repeat(2_047)}…` },
    },
    {
      name: "a body of just 2 kB is whole",
      given: { body: "b".repeat(2_048) },
      kept: { body: "b".repeat(2_048) },
    },
    {
      name: "an error's message",
      given: { rpcError: { code: -32000, message: "m".repeat(9_000) } },
      kept: { rpcError: { code: -32000, message: `${"m".repeat(2_047)}…` } },
    },
    {
      name: "an error's data, as the beginning of its JSON",
      given: { rpcError: { code: 1, message: "m", data: { list: ["d".repeat(9_000)] } } },
      kept: { rpcError: { code: 1, message: "m", data: `{"list":["${"d".repeat(2_037)}…` } },
    },
    {
      name: "small data stays as it is",
      given: { rpcError: { code: 1, message: "m", data: { supported: ["2026-07-28"], n: null } } },
      kept: { rpcError: { code: 1, message: "m", data: { supported: ["2026-07-28"], n: null } } },
    },
  ])("$name", ({ given, kept }) => {
    expect(withEvidence(given)).toEqual({ ...EVIDENCE, sseEventsMs: [200.4, 201], ...kept });
  });

  it("data nested beyond any stack", () => {
    const data: unknown = JSON.parse("[".repeat(300_000) + "]".repeat(300_000));
    const evidence = withEvidence({ rpcError: { code: 1, message: "m", data } });
    expect(JSON.stringify(evidence).length).toBeLessThan(600);
  });
});
