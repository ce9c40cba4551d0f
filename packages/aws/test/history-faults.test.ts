import {
  type AwsAnswer,
  type AwsCall,
  type AwsEndpoint,
  awsError,
  awsOk,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHistory, type History, historyClient } from "../src/index.ts";
import { CLOCK, healthyRun, state } from "./fixtures.ts";

/** How long a silent endpoint is waited for, each try. */
const PATIENCE_MS = 150;
const TRIES = 3;

let endpoint: AwsEndpoint | null = null;

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await endpoint?.close();
  endpoint = null;
});

type Script = (call: AwsCall, nth: number) => AwsAnswer | Promise<AwsAnswer>;

async function open(script: Script, timeoutMs = PATIENCE_MS): Promise<History> {
  endpoint = await startAwsEndpoint(script);
  const client = historyClient({ region: "eu-west-1", endpoint: endpoint.url, timeoutMs });
  return createHistory({ client, tableName: "vigil", clock: CLOCK });
}

const calls = () => endpoint?.calls ?? [];

/** As DynamoDB answers what went well. */
const sound = ({ operation }: AwsCall): AwsAnswer =>
  awsOk(operation === "Query" ? { Items: [], Count: 0 } : {});

const DENIED = "history-denied";
const AWAY = "history-unavailable";
/** What may be wrong with DynamoDB, and the code by which it is told. */
const TROUBLES: readonly (readonly [string, AwsAnswer, string])[] = [
  ["throttles the table", awsError(400, "ProvisionedThroughputExceededException"), AWAY],
  ["throttles the account", awsError(400, "ThrottlingException"), AWAY],
  ["has too many requests", awsError(400, "RequestLimitExceeded"), AWAY],
  ["fails", awsError(500, "InternalServerError"), AWAY],
  ["is away for a moment", awsError(503, "ServiceUnavailable"), AWAY],
  ["denies", awsError(400, "AccessDeniedException"), DENIED],
  ["is silent", { kind: "silence" }, AWAY],
  ["breaks off", { kind: "reset" }, AWAY],
];
const PASSING = TROUBLES.filter(([, , code]) => code === AWAY);

/** What the probe asks of history, in the order of a minute. */
const ASKED: readonly (readonly [string, (history: History) => Promise<unknown>, unknown])[] = [
  ["reads states", (history) => history.states(), []],
  ["reads a baseline", (history) => history.getBaseline("orders"), null],
  ["records a run", (history) => history.recordRun(healthyRun()), "written"],
  ["writes a state", (history) => history.putState(state(), null), "written"],
  [
    "claims a burst",
    (history) =>
      history.claimBurst({ target: "orders", vantage: "eu-west-1", holder: "a", forMs: 1_000 }),
    "claimed",
  ],
];

describe.each(ASKED)("who %s", (_asked, ask, expected) => {
  it.each(TROUBLES)("is told by a code when DynamoDB %s", async (_title, answer, code) => {
    const history = await open(() => answer);
    await expect(ask(history)).rejects.toMatchObject({ name: "HistoryError", code });
    expect(calls()).toHaveLength(code === DENIED ? 1 : TRIES);
  });

  it.each(PASSING)("has it at the second try when DynamoDB %s once", async (_title, answer) => {
    const history = await open((call, nth) => (nth === 0 ? answer : sound(call)));
    expect(await ask(history)).toEqual(expected);
  });

  it("has it at the first try when DynamoDB is slow, but in time", async () => {
    const slow = new Set<string>();
    const history = await open(async (call) => {
      slow.add(call.operation);
      await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
      return sound(call);
    }, 20 * PATIENCE_MS);
    expect(await ask(history)).toEqual(expected);
    expect(calls()).toHaveLength(slow.size);
  });
});

it("waits for a silent DynamoDB as long as all its tries, and no longer", async () => {
  const history = await open(() => ({ kind: "silence" }));
  const began = performance.now();
  await expect(history.lastRun("orders")).rejects.toMatchObject({ code: AWAY });
  expect(performance.now() - began).toBeGreaterThanOrEqual(TRIES * PATIENCE_MS * 0.95);
  expect(calls()).toHaveLength(TRIES);
});
