import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextState, type TargetState } from "../src/state.ts";
import { eventLine, OUTCOMES, type Outcome, play, run, type Told } from "./state-runs.ts";

describe("whatever the runs", () => {
  const outcomes = fc
    .array(fc.constantFrom(...(Object.keys(OUTCOMES) as Outcome[])), {
      minLength: 1,
      maxLength: 30,
    })
    .map((letters) => letters.join(""));

  it("goes on from a saved state as from a remembered one", () => {
    fc.assert(
      fc.property(outcomes, outcomes, (before, after) => {
        const saved: TargetState = JSON.parse(JSON.stringify(play(before).states.at(-1)));
        const whole = play(before + after);
        const rest = play(after, before.length, saved);
        expect(rest.states).toEqual(whole.states.slice(before.length));
        expect(rest.events).toEqual(whole.events.slice(whole.events.length - rest.events.length));
      }),
    );
  });

  it("is down after a confirmed failure, and not up after the next run either", () => {
    fc.assert(
      fc.property(outcomes, fc.constantFrom(..."UFTG?"), (before, next) => {
        const { states } = play(`${before}D${next}`);
        expect(states.slice(-2).map(({ status }) => status)).toEqual(["down", "down"]);
      }),
    );
  });

  it("never gets worse by a clean run, nor well by one that is not", () => {
    const rank = { up: 0, degraded: 1, down: 2 };
    fc.assert(
      fc.property(outcomes, fc.constantFrom(..."UFTGD"), (before, next) => {
        const [was, is] = play(before + next)
          .states.slice(-2)
          .map(({ known }) => known?.status);
        fc.pre(was !== undefined && is !== undefined && /[^?]/.test(before));
        if (next === "U") expect(rank[is]).toBeLessThanOrEqual(rank[was]);
        else expect(is === "up" && was !== "up").toBe(false);
      }),
    );
  });

  it("knows the same with unknown runs and without them", () => {
    fc.assert(
      fc.property(outcomes, (letters) => {
        const judging = letters.replaceAll("?", "");
        fc.pre(judging !== "");
        const pick = ({ states }: Told) => [states.at(-1)?.known?.status, states.at(-1)?.recent];
        expect(pick(play(letters))).toEqual(pick(play(judging)));
      }),
    );
  });

  it("tells every change of the shown status once, and no other", () => {
    fc.assert(
      fc.property(outcomes, (letters) => {
        let state: TargetState | null = null;
        for (const [n, letter] of [...letters].entries()) {
          const change = nextState(state, run(letter as Outcome, n));
          const moves = change.events.filter((e) => e.kind !== "era-changed" && e.from !== e.to);
          // The first good run is told beside a move; from nothing to up it is the move.
          const others = moves.filter(({ kind }) => kind !== "first-good-run");
          const told = others.length > 0 ? others : moves;
          const changed = change.state.status !== (state?.status ?? null);
          expect(told.map(eventLine)).toHaveLength(changed ? 1 : 0);
          state = change.state;
        }
      }),
    );
  });
});
