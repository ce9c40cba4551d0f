import { bearer, type SecretReference, secret } from "@vigil/core";
import { awsError } from "@vigil/testkit/aws-endpoint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bad, type BadWorld, type Came, startBadWorld } from "./bad-world.ts";

let world: BadWorld;

beforeAll(async () => {
  world = await startBadWorld();
}, 120_000);
afterAll(() => world.close());

const iso = (aheadMs = 0) => new Date(Date.now() + aheadMs).toISOString();
const tick = () => ({ shard: 0, scheduledAt: iso() });
const TICK: Bad = { events: () => [tick()] };
const burst = (over: object) => ({ targets: ["x"], everyMs: 1_000, untilMs: 1, ...over });
const DENIED = awsError(400, "AccessDeniedException");

/** No run is told of anywhere, and none was made. */
function expectNoRun({ seen: _, troubles: __, ...rest }: Came): void {
  expect(rest).toEqual({
    logged: 0,
    recorded: 0,
    spilled: 0,
    paged: [],
    isAsked: false,
    metrics: {},
  });
}
/** What Lambda counts as an error of the function. */
const failed = (name: string, code: string, message: unknown = expect.any(String)) => ({
  failed: { name, code, message },
});
const line = (code: string, details: object) =>
  expect.objectContaining({ level: "ERROR", message: code, code, ...details });
/** Codes and reasons, each once. */
const told = ({ troubles }: Came) => [
  ...new Set(troubles.map(({ message, reason }) => `${message} (${reason})`)),
];

describe("a sound deployment", () => {
  it("probes, and is not found fault with", async () => {
    expect(await world.play(TICK)).toMatchObject({
      seen: [{ returned: { outcome: "probed", runs: 1, recorded: 1, sinkFailures: 0 } }],
      troubles: [],
      logged: 1,
      recorded: 1,
      isAsked: true,
      metrics: { ProbeSuccess: [1], TargetsProbed: [1] },
    });
  });
});

describe("an event that cannot be carried out fails, by a name that its line in the log has too", () => {
  const NO_OBJECT = "event: Invalid input: expected object, received";
  const NO_SHARD = "shard: Invalid input: expected number, received undefined";
  const NO_TIME = "scheduledAt: Invalid input: expected string, received undefined";
  const ROWS: readonly (readonly [string, () => unknown, string, string])[] = [
    ["nothing", () => undefined, "bad-event", `${NO_OBJECT} undefined`],
    ["null", () => null, "bad-event", `${NO_OBJECT} null`],
    ["text", () => "tick", "bad-event", `${NO_OBJECT} string`],
    ["a number", () => 5, "bad-event", `${NO_OBJECT} number`],
    ["a list", () => [tick()], "bad-event", `${NO_OBJECT} array`],
    ["empty", () => ({}), "bad-event", `${NO_SHARD}; ${NO_TIME}`],
    ["of a queue", () => ({ Records: [] }), "bad-event", 'event: Unrecognized key: "Records"'],
    ["without a minute", () => ({ shard: 0 }), "bad-event", NO_TIME],
    [
      "of a minute that the Scheduler did not fill in",
      () => ({ shard: 0, scheduledAt: "<aws.scheduler.scheduled-time>" }),
      "bad-event",
      "scheduledAt: Invalid ISO datetime",
    ],
    [
      "of a minute far from come",
      () => ({ shard: 0, scheduledAt: iso(6 * 60_000) }),
      "bad-event",
      "is more than 5 minutes ahead of this machine's clock",
    ],
    ["of a shard in text", () => ({ ...tick(), shard: "0" }), "bad-event", "expected number"],
    ["of half a shard", () => ({ ...tick(), shard: 0.5 }), "bad-event", "shard: Invalid input"],
    ["of a shard below 0", () => ({ ...tick(), shard: -1 }), "bad-event", "shard: Too small"],
    ["with a stray key", () => ({ ...tick(), x: 1 }), "bad-event", 'Unrecognized key: "x"'],
    [
      "of an unknown shard",
      () => ({ ...tick(), shard: 7 }),
      "unknown-shard",
      "there is no shard 7: the config has 1 shard(s), numbered from 0",
    ],
    ["a burst of none", () => burst({ targets: [] }), "bad-event", "targets: Too small"],
    ["a burst of text", () => burst({ targets: "x" }), "bad-event", "targets: Invalid input"],
    ["too fast a burst", () => burst({ everyMs: 1 }), "bad-event", "everyMs: Too small"],
    ["a burst of no end", () => burst({ untilMs: "soon" }), "bad-event", "untilMs: Invalid input"],
    ["a burst of a shard", () => burst({ shard: 0 }), "bad-event", 'Unrecognized key: "shard"'],
    [
      "a burst of unknown targets",
      () => burst({ targets: ["x", "y"] }),
      "unknown-target",
      "the config has no target x, y",
    ],
  ];
  let came: Came;
  beforeAll(async () => {
    came = await world.play({ events: () => ROWS.map(([, event]) => event()) });
  }, 60_000);

  it.each(ROWS.map(([title, , code, problem], row) => ({ title, row, code, problem })))(
    "$title",
    ({ row, code, problem }) => {
      const { seen, troubles } = came;
      expect(seen[row]).toEqual(failed("InvocationError", code, expect.stringContaining(problem)));
      const whole = expect.stringContaining(problem);
      expect(troubles[row]).toEqual(line("bad-event", { reason: code, problem: whole }));
    },
  );

  it("and no run is told of that was not made", () => {
    expectNoRun(came);
    expect(came.troubles).toHaveLength(ROWS.length);
  });

  it("but one that comes too late is dropped, and counted by its line", async () => {
    const late = await world.play({ events: () => [{ shard: 0, scheduledAt: iso(-61_000) }] });
    expectNoRun(late);
    expect(late.seen).toEqual([{ returned: { outcome: "stale" } }]);
    expect(late.troubles).toEqual([line("stale-event", {})]);
  });
});

/** Each makes init fail, and so every invocation. */
const MISDEPLOYED: readonly (readonly [string, Pick<Bad, "env" | "config">, string])[] = [
  ...[
    "AWS_REGION",
    "VIGIL_HOME",
    "VIGIL_TABLE",
    "VIGIL_SPILL_QUEUE_URL",
    "VIGIL_CONFIG",
    "VIGIL_VERSION",
  ].map((name) => [`no ${name}`, { env: { [name]: undefined } }, `${name} is not set`] as const),
  ["an empty VIGIL_TABLE", { env: { VIGIL_TABLE: "" } }, "VIGIL_TABLE is not set"],
  [
    "a VIGIL_HOME that is no region",
    { env: { VIGIL_HOME: "Ireland" } },
    "VIGIL_HOME is not an AWS region",
  ],
  [
    "a VIGIL_TABLE that names none",
    { env: { VIGIL_TABLE: "a b" } },
    "VIGIL_TABLE is not the name of a DynamoDB table",
  ],
  [
    "a VIGIL_SPILL_QUEUE_URL that is none",
    { env: { VIGIL_SPILL_QUEUE_URL: "spill" } },
    "VIGIL_SPILL_QUEUE_URL is not the URL of an SQS queue",
  ],
  [
    "a VIGIL_PAGER that names none",
    { env: { VIGIL_PAGER: "a b" } },
    "VIGIL_PAGER is not the name or ARN of a Lambda function",
  ],
  [
    "two mistakes",
    { env: { VIGIL_TABLE: undefined, VIGIL_HOME: "Ireland" } },
    "VIGIL_HOME is not an AWS region; VIGIL_TABLE is not set",
  ],
  [
    "an absent config",
    { env: { VIGIL_CONFIG: "none.json" } },
    "none.json: it cannot be read (ENOENT)",
  ],
  ["a folder for a config", { env: { VIGIL_CONFIG: "." } }, "it cannot be read (EISDIR)"],
  ["an empty file", { config: "" }, "it cannot be read (no JSON)"],
  ["a config cut short", { config: '{"targets":[' }, "it cannot be read (no JSON)"],
  ["a config of null", { config: "null" }, "it is null, not an object"],
  ["an empty config", { config: "{}" }, "profile is missing; targets is missing"],
  ["a config without targets", { config: '{"profile":"lean","targets":[]}' }, "targets is empty"],
  ["targets that are none", { config: '{"profile":"lean","targets":{}}' }, "targets is an object"],
  ["a null target", { config: '{"profile":"lean","targets":[null]}' }, "targets[0] is null"],
  ["a bare target", { config: '{"profile":"lean","targets":[{}]}' }, "targets[0].name is missing"],
];

describe("a function that was deployed wrong fails at init, by name", () => {
  it.each(MISDEPLOYED)("%s", async (_title, bad, problem) => {
    const came = await world.play({ ...TICK, ...bad });
    const whole = expect.stringContaining(problem);
    expectNoRun(came);
    expect(came.seen).toEqual([failed("EnvironmentError", "bad-environment", whole)]);
    expect(came.troubles).toEqual([
      line("start-failed", { reason: "bad-environment", problem: whole }),
    ]);
  });
});

describe("a sink that refuses fails the invocation once everything else is done", () => {
  const absent = awsError(400, "ResourceNotFoundException");
  const noQueue = awsError(400, "QueueDoesNotExist");
  const kept = { logged: 1, recorded: 1, spilled: 0, paged: [], isAsked: true };
  const spilled = { ...kept, recorded: 0, spilled: 1 };
  const good = { ProbeSuccess: [1], TargetsProbed: [1] };
  const bad = { ...good, ProbeSuccess: [0] };
  const unread = (reason: string) => [`history-unread (${reason})`, `history-failed (${reason})`];

  it.each<readonly [string, Omit<Bad, "events">, readonly string[], object]>([
    [
      "the table is absent",
      { env: { VIGIL_TABLE: "absent" } },
      unread("history-table-missing"),
      { ...spilled, metrics: { ...good, SinkFailures: [5] } },
    ],
    [
      "DynamoDB denies access",
      { answers: { dynamodb: DENIED } },
      unread("history-denied"),
      { ...spilled, metrics: { ...good, SinkFailures: [5] } },
    ],
    [
      "the credentials have run out",
      { answers: { dynamodb: awsError(400, "ExpiredTokenException") } },
      unread("history-denied"),
      { ...spilled, metrics: { ...good, SinkFailures: [5] } },
    ],
    [
      "CloudWatch denies access: the heartbeat's silence is the metric",
      { answers: { monitoring: DENIED } },
      ["publish-failed (AccessDeniedException)"],
      { ...kept, metrics: {} },
    ],
    [
      "DynamoDB and SQS deny access: the log alone has the run",
      { answers: { dynamodb: DENIED, sqs: DENIED } },
      [...unread("history-denied"), "spill-failed (AccessDeniedException)"],
      { ...spilled, spilled: 0, metrics: { ...good, SinkFailures: [6] } },
    ],
    [
      "DynamoDB denies access and the queue is absent",
      { answers: { dynamodb: DENIED, sqs: noQueue } },
      [...unread("history-denied"), "spill-failed (QueueDoesNotExist)"],
      { ...spilled, spilled: 0, metrics: { ...good, SinkFailures: [6] } },
    ],
    [
      "Lambda denies the pager",
      { answers: { lambda: DENIED }, isDown: true },
      ["pager-failed (AccessDeniedException)"],
      { ...kept, metrics: { ...bad, SinkFailures: [1] } },
    ],
    [
      "the pager is absent",
      { answers: { lambda: absent }, isDown: true },
      ["pager-failed (ResourceNotFoundException)"],
      { ...kept, metrics: { ...bad, SinkFailures: [1] } },
    ],
  ])("%s", async (_title, wrong, troubles, expected) => {
    const came = await world.play({ ...TICK, ...wrong });
    expect(told(came)).toEqual(troubles);
    const { seen, troubles: _, ...rest } = came;
    expect(rest).toEqual(expected);
    const message = `The deployment is wrong: ${troubles.join(", ")}. Every run is in the log.`;
    const whole = expect.stringContaining(message);
    expect(seen).toEqual([failed("RefusedError", "sink-refused", whole)]);
  });

  it("in a burst, too", async () => {
    const came = await world.play({
      events: (target) => [
        burst({ targets: [target], everyMs: 60_000, untilMs: Date.now() + 40_000 }),
      ],
      answers: { dynamodb: DENIED },
    });
    expect(told(came)).toEqual([
      "burst-unguarded (history-denied)",
      "history-failed (history-denied)",
    ]);
    expect(came).toMatchObject({ ...spilled, seen: [failed("RefusedError", "sink-refused")] });
    expect(came.metrics).toEqual({ SinkFailures: [2] });
  });

  it.each<readonly [string, SecretReference]>([
    ["ssm", "ssm:/vigil/token"],
    ["secretsmanager", "secretsmanager:vigil"],
  ])(
    "but where %s denies a secret, its target is unknown and was not asked",
    async (service, ref) => {
      const auth = bearer(secret(ref));
      const came = await world.play({ ...TICK, answers: { [service]: DENIED }, config: { auth } });
      expect(came.troubles).toEqual([
        line("secret-failed", { reason: "AccessDeniedException", reference: ref }),
      ]);
      expect(came).toMatchObject({ ...kept, isAsked: false });
      expect(came.seen).toMatchObject([{ returned: { outcome: "probed", unknown: 1 } }]);
      expect(came.metrics).toEqual({ TargetsProbed: [1], ProbeUnknown: [1] });
    },
  );
});
