import { describe, expect, it } from "vitest";
import {
  CONFIRM_RESERVE_MS,
  MIN_REPEAT_MS,
  type NextAttempt,
  type NextAttemptInput,
  nextAttempt,
} from "../src/next-attempt.ts";
import { attempt, POLICY, type Spell, TIMED_OUT } from "./attempts.ts";

/** Long before any deadline. */
const AMPLE = 60_000;

function decide(spells: readonly Spell[], changes: Partial<NextAttemptInput> = {}): NextAttempt {
  return nextAttempt({
    attempts: spells.map(attempt),
    policy: POLICY,
    clientTimeoutMs: 10_000,
    knownDown: false,
    enabled: true,
    remainingMs: AMPLE,
    ...changes,
  });
}

const CONFIRMED: NextAttempt = { kind: "stop", confirmed: true };
const UNCONFIRMED: NextAttempt = { kind: "stop", confirmed: false };

function repeat(delayMs: number, timeoutMs: number, budgetMs: number): NextAttempt {
  return { kind: "repeat", delayMs, timeoutMs, budgetMs, cutTimeout: timeoutMs < 10_000 };
}

interface Row {
  readonly name: string;
  readonly attempts: readonly Spell[];
  readonly changes?: Partial<NextAttemptInput>;
  readonly next: NextAttempt;
}

const REFUSED = { mode: "connect-refused", to: 100 } as const;
const THROTTLED = { mode: "http-throttled", to: 100 } as const;

const STOPS: readonly Row[] = [
  { name: "up", attempts: [{ status: "up", to: 300 }], next: UNCONFIRMED },
  {
    name: "degraded",
    attempts: [{ status: "degraded", mode: "slow", to: 4_000 }],
    next: UNCONFIRMED,
  },
  {
    name: "unknown",
    attempts: [{ status: "unknown", mode: "auth-required", to: 200 }],
    next: UNCONFIRMED,
  },
  {
    name: "up, although the target was down",
    attempts: [{ status: "up", to: 300 }],
    changes: { knownDown: true },
    next: UNCONFIRMED,
  },
  {
    name: "down, and known to be",
    attempts: [REFUSED],
    changes: { knownDown: true },
    next: CONFIRMED,
  },
  {
    name: "down, repeats switched off",
    attempts: [REFUSED],
    changes: { enabled: false },
    next: CONFIRMED,
  },
  {
    name: "down, a policy without repeats",
    attempts: [REFUSED],
    changes: { policy: { delaysMs: [], withinMs: 20_000 } },
    next: CONFIRMED,
  },
  {
    name: "well on the first repeat",
    attempts: [REFUSED, { status: "up", from: 2_100, to: 2_400 }],
    next: UNCONFIRMED,
  },
  {
    name: "usable on the first repeat",
    attempts: [REFUSED, { status: "degraded", mode: "slow", from: 2_100, to: 6_000 }],
    next: UNCONFIRMED,
  },
  {
    name: "well on the second repeat",
    attempts: [REFUSED, { from: 2_100, to: 2_200 }, { status: "up", from: 8_200, to: 8_400 }],
    next: UNCONFIRMED,
  },
  {
    name: "every repeat failed",
    attempts: [REFUSED, { from: 2_100, to: 2_200 }, { from: 8_200, to: 8_300 }],
    next: CONFIRMED,
  },
  {
    name: "one repeat failed, the other could not tell",
    attempts: [
      REFUSED,
      { from: 2_100, to: 2_200 },
      { status: "unknown", mode: "secret-unavailable", from: 8_200, to: 8_300 },
    ],
    next: CONFIRMED,
  },
  {
    name: "no repeat could tell",
    attempts: [
      REFUSED,
      { status: "unknown", mode: "secret-unavailable", from: 2_100, to: 2_200 },
      { status: "unknown", mode: "secret-unavailable", from: 8_200, to: 8_300 },
    ],
    next: UNCONFIRMED,
  },
  {
    name: "no time for any repeat bears nothing out",
    attempts: [{ mode: "timeout", to: 18_001 }],
    next: UNCONFIRMED,
  },
  {
    name: "no time for a second repeat, after the first failed",
    attempts: [TIMED_OUT, { mode: "timeout", from: 10_000, to: 18_001 }],
    next: CONFIRMED,
  },
  {
    name: "the deadline is too near",
    attempts: [REFUSED],
    changes: { remainingMs: MIN_REPEAT_MS + CONFIRM_RESERVE_MS - 1 },
    next: UNCONFIRMED,
  },
  {
    name: "the deadline has passed",
    attempts: [REFUSED],
    changes: { remainingMs: -5 },
    next: UNCONFIRMED,
  },
  {
    name: "429 that asks for more time than there is",
    attempts: [{ ...THROTTLED, retryAfterMs: 60_000 }],
    next: UNCONFIRMED,
  },
  {
    name: "429 that asks for no number",
    attempts: [{ ...THROTTLED, retryAfterMs: Number.NaN }],
    next: UNCONFIRMED,
  },
];

const REPEATS: readonly Row[] = [
  { name: "after the first delay", attempts: [REFUSED], next: repeat(2_000, 10_000, 15_900) },
  {
    name: "after the second delay",
    attempts: [REFUSED, { mode: "connect-refused", from: 2_100, to: 2_200 }],
    next: repeat(6_000, 10_000, 11_800),
  },
  {
    name: "after a repeat that could not tell",
    attempts: [REFUSED, { status: "unknown", mode: "secret-unavailable", from: 2_100, to: 2_200 }],
    next: repeat(6_000, 10_000, 11_800),
  },
  {
    name: "a time-out at once, cut to leave the second repeat its shortest time",
    attempts: [TIMED_OUT],
    next: repeat(0, 8_000, 8_000),
  },
  {
    name: "a second time-out at once, with what is left",
    attempts: [TIMED_OUT, { mode: "timeout", from: 10_000, to: 18_000 }],
    next: repeat(0, 2_000, 2_000),
  },
  {
    name: "a time-out at once, within a deadline of 15 s",
    attempts: [TIMED_OUT],
    changes: { remainingMs: 5_000 },
    next: repeat(0, 2_800, 2_800),
  },
  {
    name: "and again",
    attempts: [TIMED_OUT, { mode: "timeout", from: 10_000, to: 12_800 }],
    changes: { remainingMs: 2_200 },
    next: repeat(0, 2_000, 2_000),
  },
  {
    name: "one repeat has all the time where two do not fit",
    attempts: [TIMED_OUT],
    changes: { remainingMs: 4_100 },
    next: repeat(0, 3_900, 3_900),
  },
  {
    name: "a refusal that a time-out follows",
    attempts: [REFUSED, { mode: "timeout", from: 2_100, to: 12_100 }],
    next: repeat(0, 7_900, 7_900),
  },
  {
    name: "a time-out that a refusal follows waits as long as it can",
    attempts: [TIMED_OUT, { mode: "connect-refused", from: 10_000, to: 13_000 }],
    next: repeat(5_000, 2_000, 2_000),
  },
  {
    name: "a connection that is not accepted counts as a time-out",
    attempts: [{ mode: "connect-timeout", to: 10_000 }],
    next: repeat(0, 8_000, 8_000),
  },
  {
    name: "a stream that stalls counts as a time-out",
    attempts: [{ mode: "stream-stalled", to: 10_000 }],
    next: repeat(0, 8_000, 8_000),
  },
  {
    name: "a gateway that gave up does not",
    attempts: [{ mode: "gateway-timeout", to: 5_000 }],
    next: repeat(2_000, 10_000, 11_000),
  },
  {
    name: "429 without Retry-After",
    attempts: [THROTTLED],
    next: repeat(2_000, 10_000, 15_900),
  },
  {
    name: "429 not before Retry-After",
    attempts: [{ ...THROTTLED, retryAfterMs: 5_000 }],
    next: repeat(5_000, 10_000, 12_900),
  },
  {
    name: "429 with a Retry-After shorter than the delay",
    attempts: [{ ...THROTTLED, retryAfterMs: 1_000 }],
    next: repeat(2_000, 10_000, 15_900),
  },
  {
    name: "429 whose Retry-After just fits",
    attempts: [{ ...THROTTLED, retryAfterMs: 17_900 }],
    next: repeat(17_900, 2_000, 2_000),
  },
  {
    name: "a client with less patience than the shortest repeat",
    attempts: [{ mode: "timeout", to: 500 }],
    changes: { clientTimeoutMs: 500, policy: { delaysMs: [2_000], withinMs: 1_000 } },
    next: { kind: "repeat", delayMs: 0, timeoutMs: 500, budgetMs: 500, cutTimeout: false },
  },
  {
    name: "fractions of a millisecond never add up to more",
    attempts: [{ mode: "connect-refused", to: 100.4 }],
    next: repeat(2_000, 10_000, 15_899),
  },
];

describe("nextAttempt stops", () => {
  it.each(STOPS)("$name", ({ attempts, changes, next }) => {
    expect(decide(attempts, changes)).toEqual(next);
  });
});

describe("nextAttempt repeats", () => {
  it.each(REPEATS)("$name", ({ attempts, changes, next }) => {
    expect(decide(attempts, changes)).toEqual(next);
  });

  it("needs a first attempt", () => {
    expect(() => decide([])).toThrow("nextAttempt: there is no attempt to go by");
  });
});
