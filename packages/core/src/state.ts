import { CLEAN_RUNS } from "./clean-runs.ts";
import { type ExtrasTaken, hidesFailure, nextExtras } from "./due-extras.ts";
import { EXTRA_STEPS, type ExtraStep } from "./extra-steps.ts";
import type { FailureCode, Status } from "./failure-modes.ts";
import type { Era } from "./run.ts";
import type { Drift, RunRecord } from "./verdict.ts";
import { effectiveStatus } from "./verdict-order.ts";

/** Degraded is shown once this many of the last {@link DEGRADED_WINDOW} runs were not clean. */
export const DEGRADED_RUNS = 3;
export const DEGRADED_WINDOW = 5;
/** Unknown runs in a row after which what was known is too old to be shown. */
export const UNKNOWN_RUNS = 3;

/** What a run that could judge its target says of it. */
export type KnownStatus = Exclude<Status, "unknown">;

/** What is known of a target, whatever unknown runs have come since. */
export interface Known {
  readonly status: KnownStatus;
  readonly since: string;
  /** Modes of the last run that bore `status` out; empty when up. */
  readonly modes: readonly FailureCode[];
}

/** What people see of a target from one vantage, carried from run to run. */
export interface TargetState {
  readonly target: string;
  readonly vantage: string;
  /** `known.status`, or `unknown` when there is none or it is stale. */
  readonly status: Status;
  /** When `status` began; a spell of unknown runs does not restart what is known. */
  readonly since: string;
  /** Why: of `known`, or of the last run when that was unknown; empty when up. */
  readonly modes: readonly FailureCode[];
  /** Null until a first run could judge the target. */
  readonly known: Known | null;
  /** Unknown runs since the last one that could judge; stale from {@link UNKNOWN_RUNS} on. */
  readonly unknownRuns: number;
  /** The last runs that could judge, newest last, at most {@link DEGRADED_WINDOW}; see `effectiveStatus`. */
  readonly recent: readonly KnownStatus[];
  readonly lastRunAt: string;
  /** The last clean run. */
  readonly lastGoodRunAt: string | null;
  /** Era that the last negotiated run spoke: the hint for the next one. */
  readonly era: Era | null;
  /** When each further step was last taken, and how it went. */
  readonly extras: ExtrasTaken;
  /** The tools as the last run that listed them all saw them. */
  readonly tools: SeenTools | null;
}

export interface SeenTools {
  readonly toolsHash: string;
  readonly toolCount: number;
  /** Since when they have been the same. */
  readonly since: string;
}

export type StateEvent =
  | {
      /** `known-again`: a run could judge after `unknown` was shown, and nothing has changed. */
      readonly kind:
        | "first-good-run"
        | "went-down"
        | "degraded"
        | "recovered"
        | "became-unknown"
        | "known-again";
      readonly at: string;
      /** The status shown before; null when this is the first run. */
      readonly from: Status | null;
      readonly to: Status;
      readonly modes: readonly FailureCode[];
    }
  | { readonly kind: "era-changed"; readonly at: string; readonly from: Era; readonly to: Era }
  | {
      /** The list is another one; a change that breaks callers is also a failure of the run. */
      readonly kind: "tools-changed";
      readonly at: string;
      /** Hashes over the lists. */
      readonly from: string;
      readonly to: string;
      /** Against the accepted tools; null when these are they, or none are accepted. */
      readonly drift: Drift | null;
    };

export interface StateChange {
  readonly state: TargetState;
  readonly events: readonly StateEvent[];
}

/**
 * The state after a run, and what is worth telling. Pass scheduled runs only: the rules count minutes.
 *
 * Down at once on a confirmed failure; degraded when {@link DEGRADED_RUNS} of the last
 * {@link DEGRADED_WINDOW} runs were not clean (degraded, or failed and well on a repeat); up after
 * {@link CLEAN_RUNS} clean runs; from down to degraded after as many usable runs of which the last
 * was not clean. The first run that can judge sets the status at once: there is nothing else to go
 * by. Unknown runs count for neither side, nor do runs that look well for want of a further step
 * which failed before. A run no newer than the last one changes nothing. `configured` are the
 * target's further steps, {@link extrasOf}.
 */
export function nextState(
  previous: TargetState | null,
  record: RunRecord,
  configured: readonly ExtraStep[] = EXTRA_STEPS,
): StateChange {
  if (previous !== null && !isNewer(record, previous)) return { state: previous, events: [] };
  const state = advance(previous, record, configured);
  const events = [
    ...firstGoodRun(previous, state),
    ...changeOfStatus(previous, state),
    ...changeOfEra(previous, state),
    ...changeOfTools(previous, state, record),
  ];
  return { state, events };
}

function isNewer(record: RunRecord, { lastRunAt }: TargetState): boolean {
  return Date.parse(record.scheduledAt) > Date.parse(lastRunAt);
}

function advance(
  previous: TargetState | null,
  record: RunRecord,
  configured: readonly ExtraStep[],
): TargetState {
  const at = record.scheduledAt;
  const extras = previous?.extras ?? {};
  const before = previous?.known ?? null;
  const status = effectiveStatus(record);
  const partial = hidesFailure(extras, record, configured);
  const seen = partial && looksBetter(status, before) ? null : status;
  const counted = seen === "unknown" ? null : seen;
  const recent =
    counted === null
      ? (previous?.recent ?? [])
      : [...(previous?.recent ?? []), counted].slice(-DEGRADED_WINDOW);
  const known = counted === null ? before : nextKnown({ before, recent, seen: counted, record });
  const unknownRuns = seen === "unknown" ? (previous?.unknownRuns ?? 0) + 1 : 0;
  return {
    target: record.target,
    vantage: record.vantage,
    ...shown({ previous, known, unknownRuns, record }),
    known,
    unknownRuns,
    recent,
    lastRunAt: at,
    lastGoodRunAt: seen === "up" ? at : (previous?.lastGoodRunAt ?? null),
    era: eraSpoken(record) ?? previous?.era ?? null,
    extras: nextExtras(extras, record, configured),
    tools: toolsSeen(record, previous?.tools ?? null),
  };
}

/** A run that speaks for the target more than what is known of it does. */
function looksBetter(status: Status, before: Known | null): boolean {
  return status === "up" || (status === "degraded" && before?.status === "down");
}

interface KnownInput {
  readonly before: Known | null;
  readonly recent: readonly KnownStatus[];
  readonly seen: KnownStatus;
  readonly record: RunRecord;
}

function nextKnown({ before, recent, seen, record }: KnownInput): Known {
  const status = before === null ? seen : nextStatus(before.status, recent);
  const modes = status === "up" ? [] : modesOf(record);
  if (status !== before?.status) return { status, since: record.scheduledAt, modes };
  return seen === status ? { ...before, modes } : before;
}

/** `recent` ends with the run that is being counted. */
function nextStatus(before: KnownStatus, recent: readonly KnownStatus[]): KnownStatus {
  if (recent.at(-1) === "down") return "down";
  const last = recent.slice(-CLEAN_RUNS);
  if (last.length === CLEAN_RUNS && last.every((status) => status === "up")) return "up";
  const notClean = recent.filter((status) => status !== "up").length;
  switch (before) {
    case "up":
      return notClean >= DEGRADED_RUNS ? "degraded" : "up";
    case "degraded":
      return "degraded";
    case "down":
      return last.includes("down") || recent.at(-1) === "up" ? "down" : "degraded";
    default:
      return before satisfies never;
  }
}

interface ShownInput {
  readonly previous: TargetState | null;
  readonly known: Known | null;
  readonly unknownRuns: number;
  readonly record: RunRecord;
}

function shown({
  previous,
  known,
  unknownRuns,
  record,
}: ShownInput): Pick<TargetState, "status" | "since" | "modes"> {
  if (known !== null && unknownRuns < UNKNOWN_RUNS) return { ...known };
  const since = previous?.status === "unknown" ? previous.since : record.scheduledAt;
  return { status: "unknown", since, modes: modesOf(record) };
}

function modesOf({ failures }: RunRecord): readonly FailureCode[] {
  return [...new Set(failures.map(({ mode }) => mode))];
}

/** Only a handshake proves an era; "both" leaves nothing to guess next time. */
function eraSpoken({ era, depth }: RunRecord): Era | null {
  return depth === "none" || era === "both" ? null : era;
}

function toolsSeen(record: RunRecord, before: SeenTools | null): SeenTools | null {
  const { depth, toolsHash, toolCount, scheduledAt: since } = record;
  const listed = depth === "tools" || depth === "sentinel";
  if (!listed || toolsHash === null || toolCount === null) return before;
  return before?.toolsHash === toolsHash ? before : { toolsHash, toolCount, since };
}

function changeOfTools(
  previous: TargetState | null,
  { tools, lastRunAt: at }: TargetState,
  { drift }: RunRecord,
): readonly StateEvent[] {
  const from = previous?.tools?.toolsHash ?? null;
  const to = tools?.toolsHash ?? null;
  if (from === null || to === null || from === to) return [];
  return [{ kind: "tools-changed", at, from, to, drift }];
}

function firstGoodRun(previous: TargetState | null, state: TargetState): readonly StateEvent[] {
  const isFirst = (previous?.lastGoodRunAt ?? null) === null && state.lastGoodRunAt !== null;
  return isFirst ? [event("first-good-run", previous, state)] : [];
}

function changeOfStatus(previous: TargetState | null, state: TargetState): readonly StateEvent[] {
  if (previous?.status === state.status) return [];
  const before = previous?.known?.status ?? null;
  if (state.status === "unknown") return [event("became-unknown", previous, state)];
  if (previous?.status === "unknown" && before === state.status) {
    return [event("known-again", previous, state)];
  }
  switch (state.status) {
    case "down":
      return [event("went-down", previous, state)];
    case "degraded":
      return [event("degraded", previous, state)];
    case "up":
      // Up from nothing is told as the first good run.
      return before === null ? [] : [event("recovered", previous, state)];
    default:
      return state.status satisfies never;
  }
}

function changeOfEra(previous: TargetState | null, state: TargetState): readonly StateEvent[] {
  const from = previous?.era ?? null;
  const { era: to, lastRunAt: at } = state;
  return from === null || to === null || from === to ? [] : [{ kind: "era-changed", at, from, to }];
}

/** What tells of a status, and not of the target's era or tools. */
export type StatusEvent = Extract<StateEvent, { readonly modes: readonly FailureCode[] }>;

function event(
  kind: StatusEvent["kind"],
  previous: TargetState | null,
  { lastRunAt: at, status: to, modes }: TargetState,
): StatusEvent {
  return { kind, at, from: previous?.status ?? null, to, modes };
}
