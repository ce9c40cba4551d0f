import { describe, expect, it } from "vitest";
import {
  functionRequests,
  judge,
  mayBeCold,
  type ProbeRun,
  type ReportLine,
  readReports,
  relabelTimeouts,
  toRunRecord,
  withColdStart,
} from "../../src/index.ts";
import { callTool, EXPECTATIONS, exchange, leg, listTools, negotiate, run } from "./build.ts";

const [A, B] = [
  "79b4f56e-95b1-4643-9700-2807f4e68189",
  "12a4f56e-95b1-4643-9700-2807f4e68189",
] as const;

const named = (id: string, more: object = {}) => ({ headers: { "x-amzn-requestid": id, ...more } });

/** Two answered requests, each after 20 ms. */
const ANSWERED = run({ legs: [leg({ steps: [negotiate(named(A)), listTools(named(B))] })] });
const UNANSWERED = run({
  legs: [leg({ steps: [negotiate(named(A)), listTools({ status: null, end: "timed-out" })] })],
});

function report(requestId: string, over: Partial<ReportLine> = {}): ReportLine {
  return {
    requestId,
    durationMs: 5,
    initDurationMs: null,
    restoreDurationMs: null,
    succeeded: true,
    ...over,
  };
}

describe("functionRequests", () => {
  it.each<[string, ProbeRun, readonly string[], number]>([
    ["takes the function's ids", ANSWERED, [A, B], 0],
    ["has none for a request that was not answered", UNANSWERED, [A], 1],
    [
      "has none for an answer of API Gateway's: a REST API's id is the gateway's own",
      run({ legs: [leg({ steps: [negotiate(named(A, { "x-amz-apigw-id": "Xyz=" }))] })] }),
      [],
      1,
    ],
    [
      "nor an HTTP API's",
      run({ legs: [leg({ steps: [negotiate(named(A, { "apigw-requestid": "Xyz=" }))] })] }),
      [],
      1,
    ],
    [
      "takes nothing that is no id: it is to be asked for",
      run({ legs: [leg({ steps: [negotiate(named(`${A}" || "`)), listTools(named("7"))] })] }),
      [],
      2,
    ],
    [
      "takes the id of an answer whose body stalled: its headers had come",
      run({ legs: [leg({ steps: [negotiate({ ...named(A), end: "timed-out" })] })] }),
      [A],
      0,
    ],
    ["finds none where nobody got through", run({ legs: [] }), [], 0],
  ])("%s", (_name, attempt, ids, nameless) => {
    const found = functionRequests(attempt);
    expect(found.requests.map(({ requestId }) => requestId)).toEqual(ids);
    expect(found.requests.every(({ waitedMs }) => waitedMs === 20)).toBe(true);
    expect(found.nameless).toBe(nameless);
  });
});

describe("readReports", () => {
  const cold = { kind: "cold", requestId: A, setUpMs: 12 };
  it.each<[string, ProbeRun, readonly ReportLine[], object]>([
    ["an Init Duration proves it", ANSWERED, [report(A, { initDurationMs: 12 })], cold],
    ["a Restore Duration does", ANSWERED, [report(A, { restoreDurationMs: 12 })], cold],
    [
      "one cold request is enough, whatever became of another",
      UNANSWERED,
      [report(A, { initDurationMs: 12 })],
      cold,
    ],
    [
      "also of an invocation that failed",
      ANSWERED,
      [report(A, { initDurationMs: 12, succeeded: false }), report(B)],
      cold,
    ],
    [
      "every line without one proves the contrary",
      ANSWERED,
      [report(A), report(B)],
      { kind: "warm" },
    ],
    [
      "a set-up longer than the wait was over before: provisioned, so not met cold",
      ANSWERED,
      [report(A, { initDurationMs: 21 }), report(B)],
      { kind: "warm" },
    ],
    ["a line has not come", ANSWERED, [report(A)], { kind: "missing" }],
    ["no line has come", ANSWERED, [], { kind: "missing" }],
    ["lines of others prove nothing", ANSWERED, [report(A.replace("7", "8"))], { kind: "missing" }],
    [
      "a request that was not answered may be the cold one",
      UNANSWERED,
      [report(A)],
      { kind: "unclear" },
    ],
    [
      "two lines that contradict each other",
      ANSWERED,
      [report(A), report(A, { initDurationMs: 12 }), report(B)],
      { kind: "unclear" },
    ],
    [
      "the same line twice, as FilterLogEvents may give it",
      ANSWERED,
      [report(A), report(A), report(B)],
      { kind: "warm" },
    ],
    [
      "an invocation that failed does not say that it was warm",
      ANSWERED,
      [report(A, { succeeded: false }), report(B)],
      { kind: "unclear" },
    ],
    [
      "one as long as an init that was done again",
      ANSWERED,
      [report(A, { durationMs: 10_000 }), report(B)],
      { kind: "unclear" },
    ],
    ["nothing was asked", run({ legs: [] }), [], { kind: "unclear" }],
  ])("%s", (_name, attempt, reports, proof) => {
    expect(readReports(functionRequests(attempt), reports)).toEqual(proof);
  });
});

describe("withColdStart", () => {
  const slowCall = callTool({ status: null, end: "timed-out", reply: { kind: "none" } });
  const late = run({ legs: [leg({ steps: [negotiate(), listTools(), slowCall] })] });
  const sentinels = [{ tool: "lookup", arguments: {}, expect: {}, allowWrites: true }];

  function recordOf(attempt: ProbeRun, repeatWasWell: boolean) {
    const verdict = relabelTimeouts(judge(attempt, { ...EXPECTATIONS, sentinels }), repeatWasWell);
    return toRunRecord({
      attempts: [{ run: attempt, verdict }],
      kind: "scheduled",
      scheduledAt: "2026-11-22T08:00:00.000Z",
      confirmed: !repeatWasWell,
      gap: null,
    });
  }
  const summed = ({ status, coldStart, failures, attempts }: ReturnType<typeof recordOf>) => ({
    status,
    coldStart,
    modes: failures.map(({ mode }) => mode),
    attempts: attempts.map((attempt) => [attempt.status, ...attempt.modes]),
  });

  it("calls a passing time-out a cold start's, with its status and remedy", () => {
    const before = recordOf(late, true);
    expect(summed(before)).toEqual({
      status: "degraded",
      coldStart: null,
      modes: ["transient-timeout"],
      attempts: [["degraded", "transient-timeout"]],
    });
    const after = withColdStart(before, true);
    expect(summed(after)).toEqual({
      status: "down",
      coldStart: true,
      modes: ["cold-start-timeout"],
      attempts: [["down", "cold-start-timeout"]],
    });
    expect(after.failures[0]?.remedy).toMatch(/^The first request to a fresh environment/u);
  });

  it("is as if the server had said so itself", () => {
    const { headers } = exchange({ headers: { "x-lambda-init": "cold" } }).response ?? {};
    const said = run({
      legs: [leg({ steps: [negotiate(headers && { headers }), listTools(), slowCall] })],
    });
    expect(withColdStart(recordOf(late, true), true)).toEqual(recordOf(said, true));
  });

  it("names no confirmed time-out anew, but says what it met", () => {
    const before = recordOf(late, false);
    expect(withColdStart(before, true)).toEqual({ ...before, coldStart: true });
  });

  it("changes no verdict when it was warm", () => {
    const before = recordOf(late, true);
    expect(withColdStart(before, false)).toEqual({ ...before, coldStart: false });
  });

  it("is asked for where it matters alone", () => {
    const sound = recordOf(run({ legs: [leg({ steps: [negotiate(), listTools()] })] }), false);
    expect([recordOf(late, true), recordOf(late, false), sound].map(mayBeCold)).toEqual([
      true,
      true,
      false,
    ]);
    expect(mayBeCold(withColdStart(recordOf(late, true), false))).toBe(false);
  });
});
