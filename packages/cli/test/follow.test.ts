import type { StoredGap } from "@vigil/aws";
import type { LookTrouble } from "@vigil/aws/deployments";
import { type GapEvent, type GapRecord, type Seen, targetFromUrl } from "@vigil/core";
import { createFakeClock } from "@vigil/testkit";
import { describe, expect, it } from "vitest";
import { eventLines, troubleText } from "../src/deployments/event-lines.ts";
import { type FollowTrouble, followDeployments } from "../src/deployments/follow.ts";
import { createPalette } from "../src/palette.ts";
import { OPEN_GAP } from "./states.ts";

const SECOND = 1_000;

function target(name: string, lambda = true) {
  const made = targetFromUrl("https://orders.example.com/mcp", {
    name,
    ...(lambda && { region: "us-east-1", lambda: { functionName: "Orders", qualifier: "live" } }),
  });
  if (!made.ok) throw new Error("not a target");
  const { lambda: watched } = made.target;
  return { ...made.target, lambda: watched && { ...watched, gapAllowanceMs: 10 * SECOND } };
}

/** A version and how its provisioned concurrency is, from a second on. */
type Moment = readonly [fromSecond: number, version: string, status: "ready" | "in-progress"];

const BEFORE: Moment = [0, "1", "ready"];
const MOVE: readonly Moment[] = [BEFORE, [70, "2", "in-progress"], [100, "2", "ready"]];

async function follow({ plan = MOVE, stored = [] as StoredGap[], refuse = false } = {}) {
  const clock = createFakeClock();
  const looks: number[] = [];
  const said: string[] = [];
  const gaps: GapRecord[] = [];
  let trouble: LookTrouble | null = null;
  const followed = await followDeployments({
    targets: [target("orders"), target("plain", false)],
    clock,
    history: {
      gapStates: async () => stored,
      putGapState: async () => {
        if (refuse) throw new Error("away");
        return "written";
      },
      putGap: async (gap) => void gaps.push(gap),
      putDeployment: async () => undefined,
      runs: () => Object.assign((async function* () {})(), { unreadable: [] }),
    },
    everyMs: 60 * SECOND,
    observerOf: () => ({
      async look() {
        const second = clock.monotonic() / SECOND;
        looks.push(second);
        const at = new Date(clock.now()).toISOString();
        if (trouble !== null) {
          return { observation: { kind: "unseen", at, reason: trouble.code }, trouble };
        }
        const [, version, status] = plan.findLast(([from]) => from <= second) ?? BEFORE;
        return { observation: seen(at, version, status), trouble: null };
      },
    }),
    onEvent: (name, { kind }) => said.push(`${name} ${kind}`),
    onTrouble: ({ code, details }) => said.push(`${code} ${String(details["code"])}`),
  });
  const fail = (one: LookTrouble | null) => {
    trouble = one;
  };
  return { clock, looks, said, gaps, followed, fail };
}

function seen(at: string, version: string, status: Moment[2]): Seen {
  const pc = { alias: "live", version: null, status, requested: 1, reason: null };
  return {
    kind: "seen",
    began: at,
    at,
    version,
    codeSha256: version,
    weights: {},
    provisioned: [{ ...pc, lastModified: null }],
  };
}

describe("a watch that follows deployments", () => {
  it("looks every minute, and knows a deployment that left no gap", async () => {
    const { clock, looks, said, gaps, followed } = await follow();
    await clock.run(119 * SECOND);
    expect(looks).toEqual([0, 60]);
    await clock.run(30 * SECOND);
    expect(looks).toEqual([0, 60, 120]);
    expect(said).toEqual(["orders deployed"]);
    expect(gaps).toEqual([]);
    await followed.stop();
  });

  it("sees a gap, holds it against its allowance, and sees it close", async () => {
    const plan: readonly Moment[] = [BEFORE, [50, "2", "in-progress"], [82, "2", "ready"]];
    const { clock, looks, said, gaps, followed } = await follow({ plan });
    await clock.run(62 * SECOND);
    expect(followed.gapOf("orders")).toMatchObject({ exposure: "exposed", version: "2" });
    await clock.run(30 * SECOND);
    expect(looks).toEqual([0, 60, 65, 70, 75, 80, 85]);
    expect(followed.gapOf("orders")).toBeNull();
    const kinds = ["deployed", "gap-opened", "gap-overdue", "gap-closed"];
    expect(said).toEqual(kinds.map((kind) => `orders ${kind}`));
    expect(gaps.map(({ end, overdueAt }) => [end === null, overdueAt === null])).toEqual([
      [true, true],
      [true, false],
      [false, false],
    ]);
    await followed.stop();
  });

  it("looks when it is asked to, out of turn, and at nothing that has no function", async () => {
    const plan: readonly Moment[] = [BEFORE, [10, "2", "in-progress"]];
    const { clock, looks, followed } = await follow({ plan });
    await clock.run(20 * SECOND);
    expect(await followed.lookNow("orders")).toMatchObject({ version: "2" });
    expect(await followed.lookNow("plain")).toBeNull();
    expect(followed.gapOf("plain")).toBeNull();
    expect(looks).toEqual([0, 20]);
    await followed.stop();
    expect(clock.pending).toBe(0);
    await followed.lookNow("orders");
    expect(looks).toEqual([0, 20]);
  });

  it("goes on from what the last watch wrote", async () => {
    const state = startState("1");
    const { clock, said, followed } = await follow({
      plan: [[0, "2", "ready"]],
      stored: [{ target: "orders", revision: 3, state, outbox: [] }],
    });
    await clock.run(SECOND);
    expect(said).toEqual(["orders deployed"]);
    await followed.stop();
  });

  it("tells once what is in the way, goes on, and tells of events that cannot be kept", async () => {
    const { clock, said, followed, fail } = await follow({ refuse: true });
    await clock.run(SECOND);
    expect(said).toEqual(["history-failed undefined"]);
    fail({ code: "denied", permission: "lambda:GetAlias" });
    await clock.run(120 * SECOND);
    fail(null);
    await clock.run(60 * SECOND);
    const told = said.filter((line) => !line.startsWith("history-failed"));
    expect(told).toEqual([
      "look-failed denied",
      "orders look-failed",
      "orders look-recovered",
      "orders deployed",
    ]);
    await followed.stop();
  });
});

function startState(version: string): StoredGap["state"] {
  const at = "2026-11-22T07:00:00.000Z";
  return {
    schema: 1,
    allowanceMs: 300_000,
    lastAt: at,
    seenAt: at,
    clearAt: at,
    serving: { version, codeSha256: version, weights: {} },
    configured: true,
    missingSince: null,
    readyRequested: 1,
    lastDeployment: null,
    open: null,
    hints: [],
    trouble: null,
  };
}

const AT = "2026-11-22T08:01:00.000Z";
const CLOSED = {
  ...OPEN_GAP,
  end: { notBefore: "2026-11-22T08:01:05.000Z", notAfter: "2026-11-22T08:01:10.000Z" },
  ended: "ready",
} as const;
const ref = (version: string) => ({ version, codeSha256: null });
const DEPLOYMENT = { at: AT, between: OPEN_GAP.start, from: ref("1"), to: ref("2") };

const EVENTS: readonly (readonly [GapEvent, string])[] = [
  [
    { kind: "deployed", deployment: { ...DEPLOYMENT, exposure: "covered" } },
    "          ✔ orders: version 2 is deployed (1 before)\n            provisioned concurrency is ready\n",
  ],
  [
    { kind: "gap-opened", window: OPEN_GAP },
    "          ▲ orders: a deployment GAP is open (version 2)\n            clients meet cold environments until provisioned concurrency is ready; pages wait for it, for at\n            most 5 m\n",
  ],
  [
    { kind: "gap-opened", window: { ...OPEN_GAP, exposure: "failed" } },
    "          ✖ orders: a deployment GAP is open (version 2)\n            its provisioned concurrency failed, so clients meet cold environments; it holds no pages\n",
  ],
  [
    { kind: "exposure-changed", window: { ...OPEN_GAP, exposure: "shielded" }, from: "exposed" },
    "          ▲ orders: the gap has changed\n            AWS holds its traffic on the old version until provisioned concurrency is ready\n",
  ],
  [
    { kind: "gap-overdue", window: { ...OPEN_GAP, overdueAt: AT } },
    "          ✖ orders: the gap is OVERDUE\n            open for more than 5 m: it holds no pages any more\n",
  ],
  [
    { kind: "gap-closed", window: CLOSED },
    "          ✔ orders: the gap is closed, after 40 s\n            provisioned concurrency is ready; vigil gaps orders tells what runs met\n",
  ],
  [
    { kind: "gap-closed", window: { ...CLOSED, ended: "gone" } },
    "          ▲ orders: the gap is closed, after 40 s\n            the function or its alias is gone; vigil gaps orders tells what runs met\n",
  ],
  [
    { kind: "provisioning-removed", at: AT },
    "          ▲ orders: provisioned concurrency is removed\n            clients meet cold environments from now on\n",
  ],
  [
    { kind: "absent", at: AT, what: "alias" },
    "          ? orders: the alias is gone\n            its deployments cannot be followed until it is there again\n",
  ],
  [{ kind: "look-recovered", at: AT }, "          ✔ orders: its function can be looked at again\n"],
  [{ kind: "look-failed", at: AT, reason: "denied" }, ""],
];

describe("what the terminal says of deployments", () => {
  it.each(EVENTS)("event %#", (event, text) => {
    const options = { palette: createPalette(false), width: 110, allowanceMs: 300_000 };
    expect(eventLines("orders", event, options)).toBe(text);
  });

  const TROUBLES: readonly (readonly [LookTrouble, string])[] = [
    [
      { code: "unknown-function" },
      "these AWS credentials find no function Orders in us-east-1. Put lambda.functionName, the region or AWS_PROFILE right",
    ],
    [
      { code: "alias-gone" },
      "Orders in us-east-1 has no alias or version live. Put lambda.qualifier right, or deploy it",
    ],
    [
      { code: "denied", permission: "lambda:GetAlias" },
      "these AWS credentials lack lambda:GetAlias on Orders in us-east-1. Allow it",
    ],
    [{ code: "throttled" }, "Lambda throttles the looks at Orders in us-east-1; they go on"],
    [
      { code: "unprovisionable" },
      "live of Orders in us-east-1 takes no provisioned concurrency, so it has no gaps. Name an alias or a version",
    ],
    [
      { code: "unreachable", reason: "CredentialsProviderError" },
      "there are no AWS credentials to look at Orders in us-east-1. Sign in with aws sso login, or set AWS_PROFILE",
    ],
    [
      { code: "unreachable", reason: "TimeoutError" },
      "Orders in us-east-1 cannot be looked at (TimeoutError); the looks go on",
    ],
  ];

  it.each(TROUBLES)("trouble %#", (trouble, text) => {
    expect(troubleText(troubled("look-failed", { ...trouble }))).toBe(
      `deployments of orders are not followed: ${text}.`,
    );
  });

  it("history that is away", () => {
    expect(troubleText(troubled("history-failed", { reason: "history-unavailable" }))).toBe(
      "what is known of orders's deployments could not be kept (history-unavailable).",
    );
  });
});

function troubled(code: FollowTrouble["code"], details: FollowTrouble["details"]): FollowTrouble {
  const followed = target("orders");
  const { lambda, region } = followed;
  if (lambda === null || region === null) throw new Error("not followed");
  return { target: { ...followed, lambda, region }, code, details };
}
