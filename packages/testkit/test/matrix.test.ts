import { ERAS, FAILURE_MODES, type FailureEvidence } from "@vigil/core";
import { beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../src/answer.ts";
import { headerOf, toldBy } from "../src/expected-evidence.ts";
import { PLAYS, type Play, stepOf } from "../src/matrix.ts";
import { soundStage } from "../src/stage.ts";
import { TOLERATED, type Tolerated } from "../src/tolerated.ts";
import { pool, resultOf } from "./pool.ts";
import { type Played, runPlay } from "./run-play.ts";

/** Plays wait more than they work, so many go at once. */
const AT_ONCE = 8;
const MATRIX_TIMEOUT_MS = 600_000;

const SHARED_STEPS = new Set(["connect", "authorize"]);

function expectedOf(play: Play) {
  const step = stepOf(play);
  // The connection and its credentials are shared by the eras of a target.
  return { mode: play.fault.code, step, era: SHARED_STEPS.has(step) ? null : play.spot.era };
}

/** Headers of the answer that any reader of a failure needs, if it has them. */
const SHOWN_HEADERS = [
  "x-amzn-requestid",
  "x-amzn-errortype",
  "x-amz-apigw-id",
  "apigw-requestid",
  "www-authenticate",
  "retry-after",
  "location",
  "server",
];

function shownHeaders(answer: Answer | null): Readonly<Record<string, string>> {
  if (answer?.kind !== "respond") return {};
  const shown = SHOWN_HEADERS.map((name) => [name, headerOf(answer, name)] as const);
  return Object.fromEntries(shown.filter((entry): entry is [string, string] => entry[1] !== null));
}

type Compared = Omit<FailureEvidence, "headers" | "sseEventsMs">;

function expectedEvidence({ fault, spot }: Play, played: Played): Partial<Compared> {
  const told = toldBy(fault.shows === "nothing" ? null : played.struck, spot);
  const given = fault.evidence?.(spot) ?? {};
  const expected: Record<string, unknown> = { detail: null, ...told, ...given };
  for (const field of fault.unchecked ?? []) delete expected[field];
  return expected;
}

function checkEvidence(play: Play, played: Played): void {
  const evidence = played.failures[0]?.evidence;
  const expected = expectedEvidence(play, played);
  const found = Object.fromEntries(
    Object.keys(expected).map((field) => [field, evidence?.[field as keyof FailureEvidence]]),
  );
  expect(found).toEqual(expected);
  if (play.fault.shows === "nothing") return;
  expect(evidence?.headers).toMatchObject(shownHeaders(played.struck));
}

/** What must not have been asked, sent elsewhere, or left behind. */
function checkRestraint({ fault }: Play, { requests, stray, leftOpen }: Played): void {
  const called = requests.map(({ rpc }) => rpc?.method ?? "");
  const forbidden = called.filter((method) => fault.forbids?.includes(method));
  expect({ forbidden, stray, leftOpen }).toEqual({ forbidden: [], stray: [], leftOpen: 0 });
}

function checkPlay(play: Play, played: Played): void {
  const { fault } = play;
  expect(played.failures.map(({ mode, step, era }) => ({ mode, step, era }))).toEqual([
    expectedOf(play),
  ]);
  expect(played.status).toBe(FAILURE_MODES[fault.code].status);
  checkEvidence(play, played);
  checkRestraint(play, played);
}

function titleOf({ fault, spot }: Play): string {
  return `${fault.title}, at ${spot.moment} (${spot.era})`;
}

/** The first run of each era loads its SDK, which takes longer than some plays wait. */
async function warmUp(): Promise<void> {
  for (const era of ERAS) await runPlay(soundStage, { moment: "connect", era });
}

const CODES = [...new Set(PLAYS.map(({ fault }) => fault.code))];
const HEAVY = PLAYS.filter(({ fault }) => fault.heavy === true);
const LIGHT = PLAYS.filter(({ fault }) => fault.heavy !== true);

describe("every fault is named, and nothing else is", () => {
  const played = new Map<Play, PromiseSettledResult<Played>>();

  beforeAll(async () => {
    await warmUp();
    const run = ({ fault, spot }: Play) => runPlay(fault.start, spot, fault);
    for (const [play, result] of await pool(LIGHT, AT_ONCE, run)) played.set(play, result);
    for (const [play, result] of await pool(HEAVY, 1, run)) played.set(play, result);
  }, MATRIX_TIMEOUT_MS);

  for (const code of CODES) {
    describe(code, () => {
      for (const play of PLAYS.filter(({ fault }) => fault.code === code)) {
        test(titleOf(play), () => checkPlay(play, resultOf(played, play)));
      }
    });
  }
});

/** One twin for each fault and era: what differs between its moments is the fault alone. */
const TWINS = PLAYS.filter(
  ({ fault, spot }) => spot === fault.spots.find(({ era }) => era === spot.era),
);

function runTwin({ fault, spot }: Play): Promise<Played> {
  const { secrets } = fault.monitor ?? {};
  const { start = soundStage, target = fault.target, monitor } = fault.twin ?? {};
  return runPlay(start, spot, {
    ...(target !== undefined && { target }),
    monitor: { secrets: { ...secrets, ORDERS_TOKEN: "0rders-t0ken-4711" }, ...monitor },
  });
}

describe("the sound twin of every fault is up", () => {
  let played: ReadonlyMap<Play, PromiseSettledResult<Played>>;

  beforeAll(async () => {
    await warmUp();
    played = await pool(TWINS, AT_ONCE, runTwin);
  }, MATRIX_TIMEOUT_MS);

  for (const twin of TWINS) {
    test(`${twin.fault.code}: ${twin.fault.title} (${twin.spot.era})`, () => {
      const { status, failures } = resultOf(played, twin);
      expect({ status, failures }).toEqual({ status: "up", failures: [] });
    });
  }
});

interface ToleratedPlay {
  readonly tolerated: Tolerated;
  readonly spot: Tolerated["spots"][number];
}

const TOLERATED_PLAYS: readonly ToleratedPlay[] = TOLERATED.flatMap((tolerated) =>
  tolerated.spots.map((spot) => ({ tolerated, spot })),
);

describe("what is unusual and sound is up", () => {
  let played: ReadonlyMap<ToleratedPlay, PromiseSettledResult<Played>>;

  beforeAll(async () => {
    await warmUp();
    played = await pool(TOLERATED_PLAYS, AT_ONCE, ({ tolerated, spot }) =>
      runPlay(tolerated.start, spot, tolerated),
    );
  }, MATRIX_TIMEOUT_MS);

  for (const play of TOLERATED_PLAYS) {
    const { tolerated, spot } = play;
    test(`${tolerated.title}, at ${spot.moment} (${spot.era})`, () => {
      const { status, failures, sessionLeft, leftOpen } = resultOf(played, play);
      expect({ status, failures, sessionLeft, leftOpen }).toEqual({
        status: "up",
        failures: [],
        sessionLeft: tolerated.sessionLeft ?? false,
        leftOpen: 0,
      });
    });
  }
});
