import { second, seenAt } from "@vigil/testkit/deployments";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GapState, GapWindow, Observation, Provisioned } from "../../src/gap/index.ts";
import { eventLine, play } from "./play.ts";

const version = fc.constantFrom("1", "2", "3");
const status = fc.constantFrom<Provisioned["status"]>("ready", "in-progress", "failed");

const provisioned = fc.oneof(
  fc.constant(null),
  fc.constant([]),
  fc
    .record({ status, requested: fc.integer({ min: 1, max: 2 }), of: fc.option(version) })
    .map(({ of, ...rest }): readonly Provisioned[] => [
      {
        ...rest,
        alias: of === null ? "live" : null,
        version: of,
        reason: null,
        lastModified: null,
      },
    ]),
);
const weights = fc.oneof(
  fc.constant(null),
  fc.constant({}),
  version.map((other) => ({ [other]: 1 })),
  version.map((other) => ({ [other]: 0.1 })),
);

/** Steps of time, now and then backwards, from look to look. */
const steps = fc.integer({ min: -20, max: 400 });
const look = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("seen" as const), version, weights, provisioned }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "absent" as const, what: "function" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "unseen" as const, reason: "throttled" }) },
  { weight: 2, arbitrary: fc.constant({ kind: "hint" as const }) },
);

const sequences = fc.array(fc.tuple(steps, look), { maxLength: 60 }).map((moments) => {
  let at = 0;
  return moments.map(([step, made]): Observation => {
    at += step;
    if (made.kind !== "seen") return { ...made, at: second(at) };
    return seenAt(at, made.version, { weights: made.weights, pc: made.provisioned });
  });
});

const ms = (iso: string): number => Date.parse(iso);

/** The windows as they closed. */
function closed(observations: readonly Observation[]): readonly GapWindow[] {
  return play(observations).events.flatMap((event) =>
    event.kind === "gap-closed" ? [event.window] : [],
  );
}

describe("whatever AWS says, and whenever", () => {
  it("never closes a window before it opened, nor ends it before it starts", () => {
    fc.assert(
      fc.property(sequences, (observations) => {
        for (const { openedAt, start, end } of closed(observations)) {
          if (end === null) throw new Error("closed without an end");
          expect(ms(start.notAfter)).toBeLessThanOrEqual(ms(openedAt));
          if (start.notBefore !== null) {
            expect(ms(start.notBefore)).toBeLessThanOrEqual(ms(start.notAfter));
          }
          expect(ms(openedAt)).toBeLessThan(ms(end.notAfter));
          expect(ms(end.notBefore ?? "")).toBeLessThanOrEqual(ms(end.notAfter));
        }
      }),
    );
  });

  it("opens a window only after the one before was closed", () => {
    fc.assert(
      fc.property(sequences, (observations) => {
        let open: string | null = null;
        let lastEnd = Number.NEGATIVE_INFINITY;
        for (const event of play(observations).events) {
          if (event.kind === "gap-opened") {
            expect(open).toBeNull();
            expect(ms(event.window.openedAt)).toBeGreaterThan(lastEnd);
            open = event.window.openedAt;
          }
          if (event.kind === "gap-closed") {
            expect(event.window.openedAt).toBe(open);
            lastEnd = ms(event.window.end?.notAfter ?? "");
            open = null;
          }
        }
      }),
    );
  });

  it("goes on from a saved state as from a remembered one", () => {
    fc.assert(
      fc.property(sequences, fc.nat(60), (observations, cut) => {
        const saved: GapState | undefined =
          JSON.parse(JSON.stringify(play(observations.slice(0, cut)).states.at(-1) ?? null)) ??
          undefined;
        const whole = play(observations);
        const rest = play(observations.slice(cut), saved);
        expect(rest.states.at(-1) ?? saved).toEqual(whole.states.at(-1));
        const told = rest.events.map(eventLine);
        expect(told).toEqual(whole.events.slice(whole.events.length - told.length).map(eventLine));
      }),
    );
  });

  it("tells the same when every observation comes twice", () => {
    fc.assert(
      fc.property(sequences, (observations) => {
        const twice = observations.flatMap((one) => [one, one]);
        expect(play(twice).events).toEqual(play(observations).events);
      }),
    );
  });
});
