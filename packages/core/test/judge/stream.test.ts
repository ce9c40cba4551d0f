import { describe, expect, it } from "vitest";
import type { Exchange, Expectations, SseEvent, StepRecord, ToolInfo } from "../../src/index.ts";
import { judge, toRunRecord } from "../../src/index.ts";
import { EXPECTATIONS, exchange, leg, listTools, negotiate, result, run, step } from "./build.ts";

const STREAMING: Expectations = {
  ...EXPECTATIONS,
  stream: {
    tool: "lookup",
    arguments: {},
    minEvents: 3,
    minSpreadMs: 200,
    allowWrites: false,
    everyMs: 60_000,
  },
};

interface Came {
  readonly atMs: readonly number[];
  /** Of the first event and of the last. */
  readonly lateMs?: readonly [first: number, last: number];
  readonly end?: Exchange["end"];
  readonly endMs?: number;
  /** If there were more than are given. */
  readonly count?: number;
}

const ANSWER = result({ content: [{ type: "text", text: "ok" }] });

function streamed(came: Came): Exchange {
  const { atMs, lateMs = [0, 0], end = "left-open", endMs } = came;
  const events = atMs.map(
    (at, i): SseEvent => ({
      atMs: at,
      lateMs: i === 0 ? lateMs[0] : i === atMs.length - 1 ? lateMs[1] : 0,
      type: "message",
      bytes: 80,
    }),
  );
  const count = came.count ?? events.length;
  const messages = { count, first: events[0] ?? null, last: events.at(-1) ?? null };
  const base = exchange({
    method: "tools/call",
    id: 2,
    contentType: "text/event-stream",
    reply: end === "timed-out" ? { kind: "none" } : ANSWER,
    end,
    sse: { events, eventCount: count, messages, resumable: false, endpointEvent: false },
  });
  return { ...base, startMs: 0, endMs: endMs ?? atMs.at(-1) ?? 0 };
}

function stream(exchanges: readonly Exchange[], parts: Partial<StepRecord> = {}): StepRecord {
  return step("stream", { label: "lookup", exchanges, ...parts });
}

function judged(taken: StepRecord, tools?: readonly ToolInfo[]) {
  const steps = [negotiate(), listTools(), taken];
  const verdict = judge(run({ legs: [leg({ steps, ...(tools && { tools }) })] }), STREAMING);
  return {
    status: verdict.status,
    failures: verdict.failures.map(({ mode, summary, evidence }) => ({
      mode,
      summary,
      sseEventsMs: evidence.sseEventsMs,
    })),
  };
}

interface Row {
  readonly name: string;
  readonly step: StepRecord;
  /** Mode and summary; none for what is up. */
  readonly told?: readonly [mode: string, summary: string];
}

const ROWS: readonly Row[] = [
  {
    name: "all events in one piece",
    step: stream([streamed({ atMs: [412, 412, 412] })]),
    told: [
      "stream-buffered",
      '3 events of tool "lookup" came within 0 ms of each other, 412 ms after the call',
    ],
  },
  {
    name: "a spread that is just too small",
    step: stream([streamed({ atMs: [12, 100, 211.9] })]),
    told: [
      "stream-buffered",
      '3 events of tool "lookup" came within 199 ms of each other, 12 ms after the call',
    ],
  },
  { name: "a spread that is just enough", step: stream([streamed({ atMs: [12, 12, 212] })]) },
  {
    name: "a first event that is late, and then a spread",
    step: stream([streamed({ atMs: [9_000, 9_100, 9_200] })]),
  },
  {
    name: "a probe that was away when the first event came",
    step: stream([streamed({ atMs: [412, 412, 412], lateMs: [200, 200] })]),
    told: [
      "probe-error",
      'the probe was too busy to time the events of tool "lookup": it was away for 200 ms while they came',
    ],
  },
  {
    name: "a probe that was away, yet not long enough to matter",
    step: stream([streamed({ atMs: [412, 412, 412], lateMs: [199, 0] })]),
    told: [
      "stream-buffered",
      '3 events of tool "lookup" came within 0 ms of each other, 412 ms after the call',
    ],
  },
  {
    name: "a spread that may be the probe's own absence",
    step: stream([streamed({ atMs: [0, 1, 300], lateMs: [0, 101] })]),
    told: [
      "probe-error",
      'the probe was too busy to time the events of tool "lookup": it was away for 101 ms while they came',
    ],
  },
  {
    name: "a spread that the probe's absence does not explain",
    step: stream([streamed({ atMs: [0, 1, 300], lateMs: [50, 100] })]),
  },
  {
    name: "many events, the last one late",
    step: stream([streamed({ atMs: [100, 101, 400], count: 80 })]),
  },
  {
    name: "one JSON body",
    step: stream([exchange({ method: "tools/call", id: 2, reply: ANSWER })]),
    told: ["stream-absent", 'tool "lookup" answered in one JSON body'],
  },
  {
    name: "the answer alone on a stream",
    step: stream([streamed({ atMs: [412] })]),
    told: ["stream-absent", 'tool "lookup" answered in a single event, with nothing before it'],
  },
  {
    name: "too few events",
    step: stream([streamed({ atMs: [12, 412] })]),
    told: ["stream-absent", 'tool "lookup" answered in 2 events, of at least 3 that were expected'],
  },
  {
    name: "a stream that is taken up again on another response",
    step: stream([streamed({ atMs: [12] }), streamed({ atMs: [300, 412] })]),
  },
  {
    name: "headers, then nothing",
    step: stream([streamed({ atMs: [], end: "timed-out", endMs: 10_000 })]),
    told: ["stream-stalled", "the stream opened, but no answer to tools/call came within 10000 ms"],
  },
  {
    name: "some events, then nothing",
    step: stream([streamed({ atMs: [12, 300, 600], end: "timed-out", endMs: 11_600 })]),
    told: [
      "stream-stalled",
      '3 events of tool "lookup" came, then nothing for 11000 ms, and no answer',
    ],
  },
  {
    name: "events all at once, then nothing",
    step: stream([streamed({ atMs: [600, 600, 600], end: "timed-out", endMs: 11_600 })]),
    told: [
      "stream-stalled",
      '3 events of tool "lookup" came, then nothing for 11000 ms, and no answer',
    ],
  },
  {
    name: "a stream that still ran when its time was up",
    step: stream([streamed({ atMs: [1_000, 2_000, 3_000], end: "timed-out", endMs: 4_500 })]),
  },
  {
    name: "a stream that still ran, with too few events to tell",
    step: stream([streamed({ atMs: [1_000, 2_000], end: "timed-out", endMs: 2_500 })]),
    told: [
      "stream-stalled",
      '2 events of tool "lookup" came, then nothing for 500 ms, and no answer',
    ],
  },
  {
    name: "a tool that is not to be called",
    step: stream([], { outcome: "skipped", skipped: "tool-not-read-only", durationMs: null }),
  },
];

describe("the stream step", () => {
  it.each(ROWS)("$name", ({ step: taken, told }) => {
    const { failures } = judged(taken);
    const found = failures.map(({ mode, summary }) => [mode, summary]);
    expect(found).toEqual(told === undefined ? [] : [told]);
  });

  it("shows when the events came", () => {
    const { status, failures } = judged(stream([streamed({ atMs: [412, 413, 415.5] })]));
    expect([status, failures[0]?.sseEventsMs]).toEqual(["degraded", [412, 413, 415.5]]);
  });

  it("says why a tool was not called", () => {
    const skipped = stream([], { outcome: "skipped", skipped: "tool-not-read-only" });
    const annotations = { destructiveHint: true };
    const wiping: ToolInfo = { name: "lookup", inputSchema: { type: "object" }, annotations };
    const { status, failures } = judged(skipped, [wiping]);
    expect({ status, failures }).toEqual({
      status: "unknown",
      failures: [
        {
          mode: "sentinel-unsuitable",
          summary: 'tool "lookup" is annotated as destructive, so it was not called',
          sseEventsMs: null,
        },
      ],
    });
  });

  it("misses a tool that is not listed, once", () => {
    const skipped = stream([], { outcome: "skipped", skipped: "tool-missing" });
    const other: ToolInfo = { name: "other", inputSchema: { type: "object" }, annotations: null };
    expect(judged(skipped, [other]).failures.map(({ mode }) => mode)).toEqual(["tools-missing"]);
  });

  it("takes none of the run's time", () => {
    const taken = stream([streamed({ atMs: [0, 1_000, 9_000] })], { durationMs: 9_000 });
    const steps = [negotiate(), listTools(), taken];
    expect(judge(run({ legs: [leg({ steps })] }), STREAMING).durationMs).toBe(90);
  });

  it("notes that the modern era has no stream for a GET to open", () => {
    const wanting = { ...EXPECTATIONS, expect: { ...EXPECTATIONS.expect, getStream: true } };
    const told = judge(run({ legs: [leg({ era: "modern" })] }), wanting).notes;
    expect(told).toContain(
      "expect.getStream is about the legacy era: the modern one has no such stream",
    );
    expect(judge(run(), wanting).notes).toEqual([
      "no sentinel is configured, so no tool was called",
    ]);
  });

  it("notes that it left a stream that still ran", () => {
    const cut = streamed({ atMs: [1_000, 2_000, 3_000], end: "timed-out", endMs: 4_500 });
    const steps = [negotiate(), listTools(), stream([cut])];
    expect(judge(run({ legs: [leg({ steps })] }), STREAMING).notes).toEqual([
      "the stream was left while it still ran: its time was up",
      "no sentinel is configured, so no tool was called",
    ]);
  });
});

describe("the record of a stream", () => {
  function recorded(taken: StepRecord) {
    const probed = run({ legs: [leg({ steps: [negotiate(), listTools(), taken] })] });
    const verdict = judge(probed, STREAMING);
    const { steps } = toRunRecord({
      attempts: [{ run: probed, verdict }],
      kind: "manual",
      scheduledAt: probed.startedAt,
      confirmed: false,
      gap: null,
    });
    return steps.find(({ step: name }) => name === "stream")?.events;
  }

  it("tells when the events came", () => {
    const taken = stream([streamed({ atMs: [12, 212.06, 412] })]);
    expect(recorded(taken)).toEqual({ count: 3, atMs: [12, 212.1, 412] });
  });

  it("keeps the first few of many, and the last", () => {
    const atMs = Array.from({ length: 40 }, (_, i) => i * 10);
    const events = { count: 40, atMs: [0, 10, 20, 30, 40, 50, 60, 390] };
    expect(recorded(stream([streamed({ atMs })]))).toEqual(events);
  });

  it("tells nothing where none came", () => {
    expect(recorded(stream([exchange({ method: "tools/call", reply: ANSWER })]))).toBeUndefined();
  });
});
