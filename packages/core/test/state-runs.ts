import { recordedFailure, runRecord } from "@vigil/testkit/records";
import type { FailureCode } from "../src/failure-modes.ts";
import { nextState, type StateEvent, type TargetState } from "../src/state.ts";
import type { Failure, RunRecord } from "../src/verdict.ts";

/**
 * Runs as letters. U: up. D: down, confirmed. F: failed, well on a repeat. T: timed out, well on a
 * repeat, so renamed and degraded. G: degraded. ?: unknown.
 */
export const OUTCOMES = {
  U: { status: "up", confirmed: false, modes: [] },
  D: { status: "down", confirmed: true, modes: ["tools-empty"] },
  F: { status: "down", confirmed: false, modes: ["connection-reset"] },
  T: { status: "degraded", confirmed: false, modes: ["transient-timeout"] },
  G: { status: "degraded", confirmed: false, modes: ["slow"] },
  "?": { status: "unknown", confirmed: false, modes: ["secret-unavailable"] },
} as const satisfies Record<
  string,
  Pick<RunRecord, "status" | "confirmed"> & { modes: FailureCode[] }
>;
export type Outcome = keyof typeof OUTCOMES;

export const HASH = `sha256:${"0".repeat(64)}`;

export function minute(n: number): string {
  return new Date(Date.UTC(2026, 10, 22, 8, n)).toISOString();
}

export function failure(mode: FailureCode): Failure {
  return recordedFailure(mode, { summary: "", remedy: "" });
}

export function run(outcome: Outcome, n: number, changes: Partial<RunRecord> = {}): RunRecord {
  const { status, confirmed, modes } = OUTCOMES[outcome];
  return runRecord({
    runId: `run-${n}`,
    scheduledAt: minute(n),
    status,
    confirmed,
    depth: outcome === "U" ? "tools" : "none",
    server: null,
    toolCount: outcome === "U" ? 3 : null,
    toolsHash: outcome === "U" ? HASH : null,
    durationMs: 100,
    failures: modes.map(failure),
    ...changes,
  });
}

export interface Told {
  readonly states: readonly TargetState[];
  readonly events: readonly StateEvent[];
}

/** Plays the letters of `outcomes` (blanks aside), a minute each, from minute `from` on. */
export function play(outcomes: string, from = 0, start: TargetState | null = null): Told {
  const states: TargetState[] = [];
  const events: StateEvent[] = [];
  let state = start;
  for (const [n, letter] of [...outcomes.replaceAll(" ", "")].entries()) {
    const change = nextState(state, run(letter as Outcome, from + n));
    state = change.state;
    states.push(state);
    events.push(...change.events);
  }
  return { states, events };
}

const LETTERS = { up: "U", degraded: "G", down: "D", unknown: "?" } as const;

export function statusLine({ states }: Told): string {
  return states.map(({ status }) => LETTERS[status]).join(" ");
}

/** `2 went-down U>D`: minute, kind and the statuses shown before and after. */
export function eventLine(event: StateEvent): string {
  const at = new Date(event.at).getUTCMinutes();
  if (event.kind === "era-changed" || event.kind === "tools-changed") {
    return `${at} ${event.kind} ${event.from}>${event.to}`;
  }
  const from = event.from === null ? "" : LETTERS[event.from];
  return `${at} ${event.kind} ${from}>${LETTERS[event.to]}`;
}
