import * as z from "zod";
import { FAILURE_CODES, type FailureCode, STATUSES } from "./failure-modes.ts";
import type { StateEvent, TargetState } from "./state.ts";
import type { RunRecord } from "./verdict.ts";

/** Shortest time between two bursts of one target. */
export const MIN_BURST_MS = 1_000;
export const MAX_BURST_TARGETS = 100;

export const time = z.iso.datetime({ offset: true });

const scheduledSchema = z.strictObject({
  shard: z.int().min(0),
  /** The Scheduler's `<aws.scheduler.scheduled-time>`. */
  scheduledAt: time,
});

const burstSchema = z.strictObject({
  targets: z.array(z.string().min(1)).min(1).max(MAX_BURST_TARGETS),
  everyMs: z.int().min(MIN_BURST_MS).max(60_000),
  /** Epoch milliseconds; absolute, so that a late delivery bursts no longer than was meant. */
  untilMs: z.int().min(0),
});

/** What the probe function is asked to do. */
export type ProbeInvocation =
  | ({ readonly kind: "scheduled" } & z.output<typeof scheduledSchema>)
  | ({ readonly kind: "burst" } & z.output<typeof burstSchema>);

export const stateChangeSchema = z.strictObject({
  schema: z.literal(1),
  kind: z.literal("state-change"),
  target: z.string().min(1),
  vantage: z.string().min(1),
  at: time,
  from: z.enum(STATUSES).nullable(),
  to: z.enum(STATUSES),
  modes: z.array(z.enum(FAILURE_CODES as [FailureCode, ...FailureCode[]])),
  runId: z.string(),
  /** What the first failure says, and what to do. */
  summary: z.string().nullable(),
  remedy: z.string().nullable(),
  lastGoodRunAt: time.nullable(),
});

/** What a probe tells the pager of a confirmed change; the pager reads the rest from history. */
export type PagerInvocation = z.output<typeof stateChangeSchema>;

export const unwellSchema = z.strictObject({
  schema: z.literal(1),
  kind: z.literal("unwell"),
  at: time,
});

/** That a probe has a target that is not well, in a minute: what waits may be due. */
export type UnwellNotice = z.output<typeof unwellSchema>;

export type ReadInvocation<T> =
  | { readonly ok: true; readonly invocation: T }
  /** Every mistake, as `path: problem`. */
  | { readonly ok: false; readonly problems: readonly string[] };

export function readProbeInvocation(event: unknown): ReadInvocation<ProbeInvocation> {
  const isBurst = typeof event === "object" && event !== null && "targets" in event;
  return isBurst
    ? readInvocation(burstSchema, event, (burst): ProbeInvocation => ({ kind: "burst", ...burst }))
    : readInvocation(
        scheduledSchema,
        event,
        (tick): ProbeInvocation => ({ kind: "scheduled", ...tick }),
      );
}

/** Held against a schema, and passed on. */
export function readInvocation<T extends z.ZodType, U>(
  schema: T,
  event: unknown,
  then: (value: z.output<T>) => U,
): ReadInvocation<U> {
  const parsed = schema.safeParse(event);
  if (parsed.success) return { ok: true, invocation: then(parsed.data) };
  return {
    ok: false,
    problems: parsed.error.issues.map(({ path, message }) => {
      const at = path.map(String).join(".");
      return `${at === "" ? "event" : at}: ${message}`;
    }),
  };
}

/** The changes that people are told of; the others are for history. */
const TOLD: ReadonlySet<StateEvent["kind"]> = new Set(["went-down", "degraded", "recovered"]);

/** What the pager is told of a run; null when it changed nothing that anyone is told of. */
export function pagerInvocationOf(
  record: RunRecord,
  state: TargetState,
  events: readonly StateEvent[],
): PagerInvocation | null {
  const change = events.find(({ kind }) => TOLD.has(kind));
  if (change === undefined || !("modes" in change)) return null;
  const [failure = null] = record.failures;
  return {
    schema: 1,
    kind: "state-change",
    target: record.target,
    vantage: record.vantage,
    at: record.scheduledAt,
    from: change.from,
    to: change.to,
    modes: [...change.modes],
    runId: record.runId,
    summary: failure?.summary ?? null,
    remedy: failure?.remedy ?? null,
    lastGoodRunAt: state.lastGoodRunAt,
  };
}
