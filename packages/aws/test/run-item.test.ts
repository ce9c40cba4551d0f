import { type RecordedStep, STEPS } from "@vigil/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SHORTENED_NOTE } from "../src/index.ts";
import { decodeRun, encodeRun, isExpired, itemBytes } from "../src/run-item.ts";
import { failedRun, failure, healthyRun, minute } from "./fixtures.ts";

const DYNAMODB_LIMIT = 400 * 1024;

function roundTrip(record: Parameters<typeof encodeRun>[0]) {
  return decodeRun({ ...encodeRun(record) });
}

describe("a run's item", () => {
  it.each([
    ["healthy", healthyRun()],
    ["failed, every field in use", failedRun()],
    ["nothing reached", healthyRun({ era: null, server: null, toolCount: null, steps: [] })],
    ["both eras", healthyRun({ era: "both" })],
    ["scheduled at a time in another form", healthyRun({ scheduledAt: "2026-11-22T08:00:00Z" })],
    ["a first attempt that began apart from the run", healthyRun({ startedAt: minute(0) })],
    [
      "a stream's events",
      healthyRun({
        steps: [
          {
            step: "stream",
            era: "legacy",
            label: "progress",
            outcome: "ok",
            startMs: 230,
            durationMs: 620,
            firstByteMs: 11,
            events: { count: 60, atMs: [230, 240.5, 830] },
          },
        ],
      }),
    ],
    ["no attempt", healthyRun({ attempts: [] })],
    [
      "other tools than accepted",
      healthyRun({ drift: { added: 1, removed: 2, changed: 3, breaking: true } }),
    ],
    [
      "broken text from the server",
      failedRun({ server: { name: "\ud800 \u0000 #", version: "" }, notes: ["", "\udfff"] }),
    ],
  ])("reads back as it was: %s", (_, record) => {
    expect(roundTrip(record)).toEqual({ kind: "ok", value: record });
  });

  it("keeps every step, in any outcome", () => {
    const outcomes = ["ok", "failed", "skipped", "not-reached"] as const;
    const steps = STEPS.flatMap((step) =>
      outcomes.flatMap((outcome) => [
        { step, outcome, startMs: 1.5, durationMs: null, firstByteMs: 0 },
        { step, outcome, startMs: null, durationMs: null, firstByteMs: null, label: "x" },
        { step, outcome, startMs: 0, durationMs: 7, firstByteMs: null, era: "modern" as const },
      ]),
    );
    const record = healthyRun({ steps });
    expect(roundTrip(record)).toEqual({ kind: "ok", value: record });
  });

  it("takes one write unit when the run is healthy", () => {
    expect(itemBytes(encodeRun(healthyRun()))).toBeLessThanOrEqual(1024);
  });

  it("takes one write unit when a healthy target is judged in both eras", () => {
    const { steps } = healthyRun();
    const modern = steps
      .filter(({ era }) => era)
      .map((step) => ({ ...step, era: "modern" as const }));
    const record = healthyRun({ era: "both", steps: [...steps, ...modern] });
    expect(itemBytes(encodeRun(record))).toBeLessThanOrEqual(1024);
  });

  it("expires 90 days after its scheduled time, in seconds", () => {
    const record = healthyRun({ scheduledAt: "2026-01-01T00:00:30.999Z" });
    expect(encodeRun(record).expiresAt).toBe(Date.UTC(2026, 3, 1, 0, 0, 30) / 1000);
  });

  it.each([
    ["before", -1, false],
    ["at", 0, true],
    ["after", 1, true],
  ])("counts as gone from its expiry on: %s", (_, offsetMs, expected) => {
    const item = { ...encodeRun(healthyRun()) };
    expect(isExpired(item, item.expiresAt * 1000 + offsetMs)).toBe(expected);
  });

  it("shows status, kind and duration beside the run", () => {
    const { status, kind, durationMs } = encodeRun(failedRun());
    expect({ status, kind, durationMs }).toEqual({
      status: "down",
      kind: "burst",
      durationMs: 412.1,
    });
  });
});

describe("a run too large for an item", () => {
  it("is cut in its longest texts only, and says so", () => {
    const record = failedRun({ failures: [failure({ body: "x".repeat(500_000) })] });
    const body = `${"x".repeat(2_048)}…`;
    expect(roundTrip(record)).toEqual({
      kind: "ok",
      value: {
        ...record,
        failures: [failure({ body })],
        notes: [...record.notes, SHORTENED_NOTE],
      },
    });
  });

  it("stays readable and under the limit, whatever is large in it", () => {
    const text = fc
      .tuple(fc.constantFrom("x", "\u0000", "😀", "\ud800"), fc.constantFrom(0, 50, 4_000))
      .map(([char, length]) => char.repeat(length));
    const count = fc.constantFrom(1, 60);
    const shape = { text, name: text, version: text, failures: count, steps: count, fields: count };
    fc.assert(
      fc.property(fc.record(shape), (size) => {
        const record = hugeRun(size);
        expect(itemBytes(encodeRun(record))).toBeLessThan(DYNAMODB_LIMIT);
        const { target, vantage, scheduledAt, runId } = record;
        expect(roundTrip(record)).toMatchObject({
          kind: "ok",
          value: { target, vantage, scheduledAt, runId },
        });
      }),
      { numRuns: 25 },
    );
  });
});

interface Size {
  readonly text: string;
  readonly name: string;
  readonly version: string;
  readonly failures: number;
  readonly steps: number;
  readonly fields: number;
}

function hugeRun(size: Size) {
  const step: RecordedStep = {
    step: "callTool",
    outcome: "ok",
    startMs: 1,
    durationMs: 2,
    firstByteMs: 3,
  };
  const { text, name, version } = size;
  const many = Array.from({ length: size.fields }, (_, n) => [`${n}${name.slice(0, 99)}`, "v"]);
  const data = { deep: [[[[text]]]], ...Object.fromEntries(many) };
  const big = failure({
    body: text,
    detail: text,
    headers: Object.fromEntries(many),
    rpcError: { code: 1, message: text, data },
    sseEventsMs: Array.from({ length: size.fields }, (_, n) => n),
  });
  return failedRun({
    target: "t".repeat(300),
    server: { name, version },
    failures: Array.from({ length: size.failures }, () => big),
    steps: Array.from({ length: size.steps }, () => ({ ...step, label: name.slice(0, 99) })),
  });
}

describe("an item that is no run", () => {
  const item = { ...encodeRun(healthyRun()) };
  const body = JSON.parse(item.run) as Record<string, unknown>;

  it.each([
    ["no body", { run: undefined }, "no body"],
    ["body cut off", { run: item.run.slice(0, -2) }, "body is not JSON"],
    ["body is a list", { run: "[]" }, "body is no object"],
    ["another key", { sk: "HOUR#2026-11-22T08" }, "not the key of a run"],
    ["a later schema", { run: JSON.stringify({ ...body, schema: 2 }) }, 'unexpected "schema"'],
    ["unknown status", { status: "ok" }, 'unexpected "status"'],
    ["no duration", { durationMs: undefined }, 'unexpected "durationMs"'],
    [
      "attempt cut off",
      { run: JSON.stringify({ ...body, attempts: [[1]] }) },
      'unexpected "attempts"',
    ],
    ["no steps", { run: JSON.stringify({ ...body, steps: null }) }, 'unexpected "steps"'],
    ["unknown step", { run: JSON.stringify({ ...body, steps: [["x"]] }) }, 'unexpected "steps"'],
    [
      "unknown failure mode",
      { run: JSON.stringify({ ...body, failures: [{ ...failure(), mode: "gremlins" }] }) },
      'unexpected "failures"',
    ],
  ])("is named as such: %s", (_, change, reason) => {
    expect(decodeRun({ ...item, ...change })).toEqual({ kind: "unreadable", reason });
  });
});
