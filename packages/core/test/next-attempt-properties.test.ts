import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FailureCode, Status } from "../src/failure-modes.ts";
import {
  type AttemptSummary,
  CONFIRM_RESERVE_MS,
  type NextAttemptInput,
  nextAttempt,
} from "../src/next-attempt.ts";
import { attempt, POLICY, type Spell, TIMED_OUT } from "./attempts.ts";

interface Play {
  readonly attempts: readonly AttemptSummary[];
  readonly waits: readonly number[];
  readonly confirmed: boolean;
}

/** Carries the decisions out on paper: `fates` says how each repeat goes and how much it takes. */
function play(
  input: Omit<NextAttemptInput, "attempts" | "remainingMs"> & { readonly runTimeoutMs: number },
  first: AttemptSummary,
  fates: readonly { readonly spell: Spell; readonly share: number }[],
): Play {
  const attempts = [first];
  const waits: number[] = [];
  for (;;) {
    const now = attempts.at(-1)?.endMs ?? 0;
    const next = nextAttempt({ ...input, attempts, remainingMs: input.runTimeoutMs - now });
    if (next.kind === "stop") return { attempts, waits, confirmed: next.confirmed };
    const fate = fates[attempts.length - 1] ?? { spell: { to: 0 }, share: 1 };
    const from = now + next.delayMs;
    expect(next.timeoutMs).toBeLessThanOrEqual(next.budgetMs);
    expect(next.timeoutMs).toBeLessThanOrEqual(input.clientTimeoutMs);
    expect(next.cutTimeout).toBe(next.timeoutMs < input.clientTimeoutMs);
    waits.push(next.delayMs);
    attempts.push(attempt({ ...fate.spell, from, to: from + fate.share * next.budgetMs }));
  }
}

describe("whatever comes", () => {
  const ms = (max: number) => fc.double({ min: 0, max, noNaN: true });
  const mode = fc.constantFrom<FailureCode>("timeout", "connect-refused", "http-throttled");
  const status = fc.constantFrom<Status>("down", "down", "down", "unknown", "up");
  const spell = fc.record({ status, mode, to: fc.constant(0), retryAfterMs: ms(30_000) });
  const fates = fc.array(fc.record({ spell, share: fc.double({ min: 0, max: 1, noNaN: true }) }), {
    maxLength: 5,
  });
  const input = fc.record({
    policy: fc.record({ delaysMs: fc.array(ms(10_000), { maxLength: 4 }), withinMs: ms(40_000) }),
    clientTimeoutMs: fc.integer({ min: 1, max: 20_000 }),
    runTimeoutMs: ms(60_000),
    knownDown: fc.boolean(),
    enabled: fc.boolean(),
  });
  const first = fc
    .record({ spell, took: ms(20_000) })
    .map(({ spell: told, took }) => attempt({ ...told, to: took }));

  it("ends within the policy's time and before the deadline's reserve", () => {
    fc.assert(
      fc.property(input, first, fates, (given, start, told) => {
        const { attempts } = play(given, start, told);
        if (attempts.length === 1) return;
        const end = attempts.at(-1)?.endMs ?? 0;
        expect(end).toBeLessThanOrEqual(given.policy.withinMs);
        expect(end).toBeLessThanOrEqual(given.runTimeoutMs - CONFIRM_RESERVE_MS);
      }),
    );
  });

  it("repeats no more often than the policy says, and never before Retry-After", () => {
    fc.assert(
      fc.property(input, first, fates, (given, start, told) => {
        const { attempts, waits } = play(given, start, told);
        expect(waits.length).toBeLessThanOrEqual(given.policy.delaysMs.length);
        for (const [i, wait] of waits.entries()) {
          expect(wait).toBeGreaterThanOrEqual(attempts[i]?.retryAfterMs ?? 0);
        }
      }),
    );
  });

  it("confirms only what failed at first and was never seen well", () => {
    fc.assert(
      fc.property(input, first, fates, (given, start, told) => {
        const { attempts, confirmed } = play(given, start, told);
        if (!confirmed) return;
        expect(attempts[0]?.status).toBe("down");
        expect(attempts.some(({ status: seen }) => seen === "up")).toBe(false);
      }),
    );
  });

  it.each([
    { name: "the standard 20 s", runTimeoutMs: 60_000, ends: [10_000, 18_000, 20_000] },
    { name: "a deadline of 15 s", runTimeoutMs: 15_000, ends: [10_000, 12_800, 14_800] },
  ])(
    "confirms an outage in which every attempt times out, within $name",
    ({ runTimeoutMs, ends }) => {
      const given = { policy: POLICY, clientTimeoutMs: 10_000, knownDown: false, enabled: true };
      const spent = { spell: { mode: "timeout", to: 0 }, share: 1 } as const;
      const told = play({ ...given, runTimeoutMs }, attempt(TIMED_OUT), [spent, spent]);
      expect(told.attempts.map(({ endMs }) => endMs)).toEqual(ends);
      expect(told.confirmed).toBe(true);
    },
  );
});
