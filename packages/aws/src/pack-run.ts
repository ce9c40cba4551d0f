import { isDeepStrictEqual } from "node:util";
import {
  ERAS,
  type Era,
  type RecordedAttempt,
  type RecordedStep,
  type RunRecord,
} from "@vigil/core";
import { canonicalTime, type RunIdentity } from "./keys.ts";
import { isPlainObject } from "./shape.ts";

/**
 * The form in which history keeps a run: what the item says anyway and what is usual is left out, and
 * steps and attempts are tuples, so that a healthy run costs one write unit. A field that is unknown
 * here travels as it is, so a newer record loses nothing.
 */
export type PackedRun = Readonly<Record<string, unknown>>;

/** What the key and the attributes beside the packed run say. */
export interface Carried extends RunIdentity {
  readonly status: unknown;
  readonly kind: unknown;
  readonly durationMs: unknown;
}

/** What most runs hold. Left out when equal, put back on reading. */
const USUAL = {
  schema: 1,
  confirmed: false,
  drift: null,
  coldStart: null,
  coldSampleMs: null,
  sessionLeft: false,
  failures: [],
  notes: [],
  gap: null,
} as const satisfies Partial<RunRecord>;

const ERA_LETTERS: Readonly<Record<Era, string>> = { legacy: "L", modern: "M" };

/** Stands for an attempt that only repeats what the run says, as the first one does. */
const OWN_ATTEMPT = 0;

export function packRun(record: RunRecord): PackedRun {
  const { target, vantage, scheduledAt, status, kind, durationMs, ...rest } = record;
  const { steps, attempts, ...fields } = rest;
  const unusual = Object.entries(fields).filter(([name, value]) => !isUsual(name, value));
  return {
    ...Object.fromEntries(unusual),
    // The key holds the canonical form, which need not be the record's.
    ...(scheduledAt !== canonicalTime(scheduledAt) && { scheduledAt }),
    steps: steps.map(packStep),
    attempts: attempts.map((attempt) => packAttempt(attempt, record)),
  };
}

/** Undoes `packRun`. What it cannot make sense of it leaves as it is, for the check that follows. */
export function unpackRun(packed: PackedRun, carried: Carried): unknown {
  const { steps, attempts, ...fields } = packed;
  const run: Readonly<Record<string, unknown>> = { ...USUAL, ...carried, ...fields };
  return {
    ...run,
    steps: Array.isArray(steps) ? steps.map(unpackStep) : steps,
    attempts: Array.isArray(attempts)
      ? attempts.map((attempt) => unpackAttempt(attempt, run))
      : attempts,
  };
}

function isUsual(name: string, value: unknown): boolean {
  const usual: unknown = Object.hasOwn(USUAL, name) ? USUAL[name as keyof typeof USUAL] : undefined;
  if (Array.isArray(usual)) return Array.isArray(value) && value.length === 0;
  return usual !== undefined && usual === value;
}

/** Step, era, outcome, then the times without trailing nulls, then what else there is. */
function packStep(recorded: RecordedStep): unknown {
  const { step, era, outcome, startMs, durationMs, firstByteMs, ...rest } = recorded;
  const times = [startMs, durationMs, firstByteMs];
  while (times.at(-1) === null) times.pop();
  return withRest([step, era === undefined ? 0 : ERA_LETTERS[era], outcome, ...times], rest);
}

function unpackStep(packed: unknown): unknown {
  if (!Array.isArray(packed)) return packed;
  const [values, rest] = splitRest(packed);
  const [step, letter, outcome, startMs = null, durationMs = null, firstByteMs = null] = values;
  const era = ERAS.find((candidate) => ERA_LETTERS[candidate] === letter);
  return { step, ...(era && { era }), outcome, startMs, durationMs, firstByteMs, ...rest };
}

function packAttempt(attempt: RecordedAttempt, run: RunRecord): unknown {
  if (isDeepStrictEqual(attempt, ownAttempt({ ...run }))) return OWN_ATTEMPT;
  const { startedAt, durationMs, status, modes, ...rest } = attempt;
  return withRest([startedAt, durationMs, status, modes], rest);
}

function unpackAttempt(packed: unknown, run: Readonly<Record<string, unknown>>): unknown {
  if (packed === OWN_ATTEMPT) return ownAttempt(run);
  if (!Array.isArray(packed)) return packed;
  const [values, rest] = splitRest(packed);
  const [startedAt, durationMs, status, modes] = values;
  return { startedAt, durationMs, status, modes, ...rest };
}

function ownAttempt(run: Readonly<Record<string, unknown>>): unknown {
  const { startedAt, durationMs, status, failures } = run;
  const modes = Array.isArray(failures)
    ? failures.filter(isPlainObject).map(({ mode }) => mode)
    : [];
  return { startedAt, durationMs, status, modes: [...new Set(modes)] };
}

function withRest(tuple: readonly unknown[], rest: object): readonly unknown[] {
  return Object.keys(rest).length === 0 ? tuple : [...tuple, rest];
}

function splitRest(packed: readonly unknown[]): readonly [readonly unknown[], object] {
  const last = packed.at(-1);
  return isPlainObject(last) ? [packed.slice(0, -1), last] : [packed, {}];
}
