import type { ReportAnswer, ReportLine, ReportQuestion, RunRecord, Target } from "@vigil/core";
import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import { type ColdStartProof, type ConfirmedRun, proveColdStart } from "../src/index.ts";
import { type Fate, requestId, runAs, untilDone, WATCHED } from "./cold-runs.ts";

let clock: FakeClock;
beforeEach(() => {
  clock = createFakeClock();
});

const LOG = "/aws/lambda/McpServer in us-east-1";
const run = (fate: Fate) => runAs(fate, clock);

const MISSING: ReportAnswer = { ok: true, reports: [] };

interface Looked {
  readonly record: RunRecord;
  readonly questions: readonly ReportQuestion[];
  readonly tookMs: number;
}

/** What comes of a run when its look-ups are answered so, the last answer again and again. */
async function prove(
  confirmed: ConfirmedRun,
  answers: readonly ((question: ReportQuestion) => ReportAnswer | Promise<ReportAnswer>)[],
  more: Partial<ColdStartProof> = {},
): Promise<Looked> {
  const questions: ReportQuestion[] = [];
  const reportLines = async (question: ReportQuestion) => {
    questions.push(question);
    return (answers[questions.length - 1] ?? answers.at(-1) ?? (() => MISSING))(question);
  };
  const startedMs = clock.monotonic();
  const given = { target: WATCHED, clock, reportLines, ...more };
  const record = await untilDone(proveColdStart(confirmed, given), clock);
  return { record, questions, tookMs: clock.monotonic() - startedMs };
}

const reports =
  (over: Partial<ReportLine> = {}) =>
  ({ requestIds }: ReportQuestion): ReportAnswer => ({
    ok: true,
    reports: requestIds.map((id, i) => ({
      requestId: id,
      durationMs: 5,
      initDurationMs: null,
      restoreDurationMs: null,
      succeeded: true,
      ...(i === 0 ? over : {}),
    })),
  });

const cold = reports({ initDurationMs: 450 });
const problem = (name: Extract<ReportAnswer, { ok: false }>["problem"]) => (): ReportAnswer => ({
  ok: false,
  problem: name,
});

function told({ record }: Looked): object {
  const { status, coldStart, failures } = record;
  return { status, coldStart, modes: failures.map(({ mode }) => mode) };
}

const noProof = (why: string) => [`no proof of a cold start: ${why}`];

describe("proveColdStart", () => {
  it("calls a passing time-out a cold start's once a REPORT line shows one", async () => {
    const looked = await prove(await run("late"), [cold]);
    expect(told(looked)).toEqual({
      status: "down",
      coldStart: true,
      modes: ["cold-start-timeout"],
    });
    expect(looked.record.attempts.map(({ modes }) => modes)).toEqual([["cold-start-timeout"], []]);
    expect(looked.record.notes).toContain(
      `cold start: request ${requestId(1)} waited 450 ms for its environment, by its REPORT line`,
    );
    expect(looked.tookMs).toBeLessThanOrEqual(1_100);
  });

  it("asks for the function's ids of the first attempt alone, around its time", async () => {
    const confirmed = await run("late");
    const startedMs = Date.parse(confirmed.record.startedAt);
    const { questions } = await prove(confirmed, [cold]);
    const totalMs = confirmed.attempts[0]?.run.totalMs ?? 0;
    expect(questions).toEqual([
      {
        region: "us-east-1",
        logGroup: "/aws/lambda/McpServer",
        requestIds: questions[0]?.requestIds.map((_, i) => requestId(i + 1)),
        fromMs: startedMs - 60_000,
        toMs: startedMs + totalMs + 70_000,
        timeoutMs: 3_000,
      },
    ]);
    expect(questions[0]?.requestIds.length).toBeGreaterThan(1);
  });

  it("names a slow run's cold start, and leaves its verdict", async () => {
    expect(told(await prove(await run("slow"), [cold]))).toEqual({
      status: "degraded",
      coldStart: true,
      modes: ["slow"],
    });
  });

  it("takes a slow run to have met warm environments when every line says so", async () => {
    const looked = await prove(await run("slow"), [reports()]);
    expect(told(looked)).toEqual({ status: "degraded", coldStart: false, modes: ["slow"] });
    expect(looked.record.notes).not.toContainEqual(expect.stringContaining("cold start"));
  });

  it("waits for lines that come late", async () => {
    const looked = await prove(await run("late"), [() => MISSING, () => MISSING, cold]);
    expect(told(looked)).toMatchObject({ coldStart: true });
    expect(looked.questions).toHaveLength(3);
    expect(looked.tookMs).toBeLessThanOrEqual(10_000);
  });

  it("does not take silence for a warm start: the unanswered request may be the cold one", async () => {
    const looked = await prove(await run("late"), [reports()]);
    expect(told(looked)).toMatchObject({ coldStart: null, modes: ["transient-timeout"] });
    expect(looked.record.notes).toEqual(
      expect.arrayContaining(noProof(`the REPORT lines in ${LOG} do not tell of every request`)),
    );
    expect(looked.questions).toHaveLength(1);
  });

  it.each<[string, Parameters<typeof prove>[1], number, string]>([
    [
      "lines that never come",
      [() => MISSING],
      3,
      `${LOG} has not all REPORT lines of this attempt's requests yet`,
    ],
    [
      "a permission that is missing is not asked for again",
      [problem("access-denied"), cold],
      1,
      `${LOG} could not be read: this machine's AWS credentials do not allow logs:FilterLogEvents on it`,
    ],
    [
      "a log group that is not there",
      [problem("no-log-group"), cold],
      1,
      `${LOG} could not be read: there is no such log group; name the function's in lambda.logGroup`,
    ],
    [
      "throttling that does not end",
      [problem("throttled")],
      3,
      `${LOG} could not be read: CloudWatch Logs throttles the reading`,
    ],
    [
      "an adapter that never answers",
      [() => new Promise<ReportAnswer>(() => {})],
      2,
      `${LOG} could not be read: CloudWatch Logs did not answer in time`,
    ],
    [
      "an adapter that throws",
      [() => Promise.reject(new Error("AKIAEXAMPLE"))],
      3,
      `${LOG} could not be read: CloudWatch Logs answers with an error`,
    ],
  ])("%s: no proof, and one note that says why, within 10 s", async (_name, answers, asks, why) => {
    const confirmed = await run("late");
    const looked = await prove(confirmed, answers);
    expect(looked.record).toEqual({
      ...confirmed.record,
      notes: [...confirmed.record.notes, ...noProof(why)],
    });
    expect(looked.questions).toHaveLength(asks);
    expect(looked.tookMs).toBeLessThanOrEqual(10_000);
  });

  it("goes on after throttling", async () => {
    const looked = await prove(await run("late"), [problem("throttled"), cold]);
    expect(told(looked)).toMatchObject({ coldStart: true });
  });

  it("cannot ask for a run of which nothing was answered, and never guesses", async () => {
    const looked = await prove(await run("silent"), [cold]);
    expect(told(looked)).toEqual({
      status: "degraded",
      coldStart: null,
      modes: ["transient-timeout"],
    });
    expect(looked.questions).toEqual([]);
    expect(looked.record.notes).toEqual(
      expect.arrayContaining(
        noProof("no answer of this attempt carries the function's own request id"),
      ),
    );
  });

  it.each<[string, Fate, Partial<ColdStartProof>]>([
    ["a run that is well", "sound", {}],
    [
      "a target that did not opt in",
      "late",
      {
        target: {
          ...WATCHED,
          lambda: { ...(WATCHED.lambda as NonNullable<Target["lambda"]>), reportLines: false },
        },
      },
    ],
    ["a target of no function", "late", { target: { ...WATCHED, lambda: null } }],
  ])("does not ask for %s", async (_name, fate, more) => {
    expect((await prove(await run(fate), [cold], more)).questions).toEqual([]);
  });

  it("says when there was no time to look", async () => {
    const looked = await prove(await run("late"), [cold], { withinMs: 1_000 });
    expect(looked.questions).toEqual([]);
    expect(looked.record.notes).toEqual(
      expect.arrayContaining(noProof(`there was no time to read ${LOG}`)),
    );
  });

  it("asks for a run that is well too, when it is always to", async () => {
    const looked = await prove(await run("sound"), [cold], { always: true });
    expect(told(looked)).toEqual({ status: "up", coldStart: true, modes: [] });
  });

  it("does not ask when the server has said it itself", async () => {
    const confirmed = await run("late");
    const said = { ...confirmed, record: { ...confirmed.record, coldStart: false } };
    expect((await prove(said, [cold], { always: true })).record).toBe(said.record);
  });

  it("keeps to the time that it is given", async () => {
    const looked = await prove(await run("late"), [() => MISSING], { withinMs: 5_000 });
    expect(looked.questions.map(({ timeoutMs }) => timeoutMs)).toEqual([3_000, 1_000]);
    expect(looked.tookMs).toBeLessThanOrEqual(5_000);
  });
});
