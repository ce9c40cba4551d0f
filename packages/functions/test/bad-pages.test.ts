import { awsError, snsError } from "@vigil/testkit/aws-endpoint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bad, type BadWorld, type Came, startBadWorld } from "./bad-world.ts";

let world: BadWorld;

beforeAll(async () => {
  world = await startBadWorld();
}, 120_000);
afterAll(() => world.close());

const iso = (aheadMs = 0) => new Date(Date.now() + aheadMs).toISOString();
const change = (target: string) => ({
  schema: 1,
  kind: "state-change",
  target,
  vantage: "eu-west-1",
  at: iso(),
  from: "up",
  to: "down",
  modes: ["tools-empty"],
  runId: "run",
  summary: null,
  remedy: null,
  lastGoodRunAt: null,
});
const test = () => ({ schema: 1, kind: "test", at: iso(), by: "ada" });
const sweep = () => ({ schema: 1, kind: "sweep", at: iso() });
/** CloudWatch's, of the datapoint's minute. */
const alarm = (target: string) => ({
  source: "aws.cloudwatch",
  alarmData: {
    alarmName: `vigil-test-${target}-eu-west-1-down`,
    state: { value: "ALARM", timestamp: iso() },
    configuration: {
      metrics: [
        { metricStat: { metric: { dimensions: { Target: target, Vantage: "eu-west-1" } } } },
      ],
    },
  },
});

const play = (bad: Bad): Promise<Came> => world.play({ entry: "pager", ...bad });
const failed = (name: string, message: unknown) => ({
  failed: expect.objectContaining({ name, message }),
});
const containing = (problem: string) => expect.stringContaining(problem);
const line = (code: string, details: object = {}) =>
  expect.objectContaining({ level: "ERROR", message: code, ...details });
const pages = (target: string) => [`ALARM: ${target} is down: `];
/** Without what broke, which is the message's own matter. */
const subjects = ({ paged }: Came) =>
  paged.map((subject) => subject.replace(/(?<=is down: ).*$/, ""));

describe("a sound pager", () => {
  it("sends one page of an outage that is told of three times and by its alarm", async () => {
    let name = "";
    const came = await play({
      events: (target) => {
        name = target;
        return [change(target), change(target), change(target), alarm(target)];
      },
    });
    expect(came.seen).toEqual(Array(4).fill({ returned: { outcome: "looked" } }));
    expect([subjects(came), came.troubles]).toEqual([pages(name), []]);
  });

  it("sweeps and sends a test", async () => {
    const came = await play({ events: () => [sweep(), test()] });
    expect(came.seen).toEqual([
      { returned: { outcome: "swept" } },
      { returned: { outcome: "tested" } },
    ]);
    expect([came.paged.length, came.troubles]).toEqual([1, []]);
  });
});

describe("an event that is none of the pager's fails by name, and pages nobody", () => {
  const ROWS: readonly (readonly [string, () => unknown, string])[] = [
    ["nothing", () => undefined, "event: Invalid input: expected object, received undefined"],
    ["null", () => null, "event: Invalid input: expected object, received null"],
    ["text", () => "page", "event: Invalid input: expected object, received string"],
    ["a list", () => [test()], "event: Invalid input: expected object, received array"],
    ["empty", () => ({}), "schema: Invalid input"],
    ["of a queue", () => ({ Records: [] }), 'Unrecognized key: "Records"'],
    ["a shard's minute", () => ({ shard: 0, scheduledAt: iso() }), "schema: Invalid input"],
    ["another schema's", () => ({ ...test(), schema: 2 }), "schema: Invalid input: expected 1"],
    ["another kind", () => ({ schema: 1, kind: "page" }), "kind: Invalid input"],
    ["a sweep without its time", () => ({ schema: 1, kind: "sweep" }), "at: Invalid input"],
    [
      "a sweep whose time the Scheduler did not fill in",
      () => ({ ...sweep(), at: "<aws.scheduler.scheduled-time>" }),
      "at: Invalid ISO datetime",
    ],
    ["a test by nobody", () => ({ ...test(), by: "" }), "by: Too small"],
    ["a test with a stray key", () => ({ ...test(), x: 1 }), 'Unrecognized key: "x"'],
    ["a change to what is none", () => ({ ...change("x"), to: "gone" }), "to: Invalid option"],
    ["an alarm without data", () => ({ source: "aws.cloudwatch" }), "alarmData: Invalid input"],
    [
      "an alarm of no target's",
      () => ({
        ...alarm("x"),
        alarmData: { ...alarm("x").alarmData, configuration: { metrics: [] } },
      }),
      "alarmData.configuration.metrics: Too small",
    ],
  ];
  let came: Came;
  beforeAll(async () => {
    came = await play({ events: () => ROWS.map(([, event]) => event()) });
  }, 60_000);

  it.each(ROWS.map(([title, , problem], row) => ({ title, row, problem })))(
    "$title",
    ({ row, problem }) => {
      expect(came.seen[row]).toEqual(failed("InvocationError", containing(problem)));
      expect(came.troubles[row]).toEqual(
        line("bad-event", { reason: "bad-event", problem: containing(problem) }),
      );
    },
  );

  it("and nothing is sent", () => {
    expect([came.paged, came.troubles.length]).toEqual([[], ROWS.length]);
  });

  it("but a minute that is over is dropped, and a target that is gone is told of", async () => {
    const late = { ...sweep(), at: iso(-61_000) };
    const { seen, troubles, paged } = await play({ events: () => [late, change("gone")] });
    expect(seen).toEqual([{ returned: { outcome: "stale" } }, { returned: { outcome: "looked" } }]);
    expect([troubles, paged]).toEqual([[line("stale-event"), line("unknown-target")], []]);
  });
});

describe("a pager that was deployed wrong fails at init, by name", () => {
  it.each<readonly [string, Pick<Bad, "env" | "config">, string]>([
    ["no VIGIL_PAGES_TOPIC", { env: { VIGIL_PAGES_TOPIC: undefined } }, "_TOPIC is not set"],
    ["no VIGIL_STAGE", { env: { VIGIL_STAGE: undefined } }, "VIGIL_STAGE is not set"],
    [
      "a VIGIL_PAGES_TOPIC that is none",
      { env: { VIGIL_PAGES_TOPIC: "pages" } },
      "VIGIL_PAGES_TOPIC is not the ARN of an SNS topic",
    ],
    ["no VIGIL_TABLE", { env: { VIGIL_TABLE: undefined } }, "VIGIL_TABLE is not set"],
    ["a config cut short", { config: '{"targets":[' }, "it cannot be read (no JSON)"],
  ])("%s", async (_title, bad, problem) => {
    const came = await play({ ...bad, events: () => [test()] });
    expect(came.seen).toEqual([failed("EnvironmentError", containing(problem))]);
    expect(came.troubles).toEqual([line("start-failed", { problem: containing(problem) })]);
    expect(came.paged).toEqual([]);
  });
});

describe("where something refuses", () => {
  it.each([
    ["the topic is gone", snsError(404, "NotFound"), "NotFoundException"],
    ["SNS denies access", snsError(403, "AuthorizationError"), "AuthorizationErrorException"],
  ])(
    "a page that is not taken fails the invocation, and the platform calls again: %s",
    async (_, sns, code) => {
      const came = await play({ answers: { sns }, events: () => [test()] });
      expect(came.seen).toEqual([failed("PageError", containing(code))]);
      expect(came.troubles).toContainEqual(line("page-failed"));
    },
  );

  it("history's denial is no reason to keep an outage from people", async () => {
    let name = "";
    const came = await play({
      answers: { dynamodb: awsError(400, "AccessDeniedException") },
      events: (target) => {
        name = target;
        return [change(target), sweep()];
      },
    });
    expect(came.seen).toEqual([
      { returned: { outcome: "looked" } },
      failed("HistoryError", expect.any(String)),
    ]);
    expect(subjects(came)).toEqual(pages(name));
    expect(came.troubles).toEqual([line("paged-without-history"), line("invocation-failed")]);
  });
});
