import type { FailureCode } from "../failure-modes.ts";
import type { Known, TargetState } from "../state.ts";
import type { RunRecord } from "../verdict.ts";
import { effectiveStatus } from "../verdict-order.ts";

export type IncidentStatus = "degraded" | "down";

/** A target not being well, from one vantage, from its state's change until the next good one. */
export interface Incident {
  readonly target: string;
  readonly vantage: string;
  /** When people began to see it; names the incident. */
  readonly openedAt: string;
  /** Null while it goes on. */
  readonly closedAt: string | null;
  /** The worst that was seen. */
  readonly status: IncidentStatus;
  /** All that were seen, in the order in which they came. */
  readonly modes: readonly FailureCode[];
  /** Of the first failure that was seen; null when only the state tells of the incident. */
  readonly summary: string | null;
  readonly remedy: string | null;
  /** What in the function's setting explains it, as pages told it; absent when nothing is known to. */
  readonly likelyCause?: string;
  /** Runs that were not well while it went on. */
  readonly runsFailed: number;
  /** Scheduled time of the last run that is in. */
  readonly lastRunAt: string;
}

export interface IncidentInput {
  /** The run, and the state after it. */
  readonly record: RunRecord;
  readonly state: TargetState;
}

/**
 * The incident after a run: the same one while nothing is new, with `closedAt` once the target is
 * well again, null when there is none. It looks at what is known and not at how that came about, so
 * that an incident whose beginning or end could not be written is put right by the next run. Unknown
 * runs leave what is known as it is, and so neither open an incident nor close one.
 */
export function nextIncident(open: Incident | null, input: IncidentInput): Incident | null {
  const { record, state } = input;
  const { known } = state;
  if (known === null) return open;
  if (known.status === "up") {
    return open && { ...open, closedAt: known.since, lastRunAt: state.lastRunAt };
  }
  if (open === null) return withRun(opened(known, known.status, state), known.status, record);
  const isNew = Date.parse(state.lastRunAt) > Date.parse(open.lastRunAt);
  return isNew ? withRun({ ...open, lastRunAt: state.lastRunAt }, known.status, record) : open;
}

function opened(
  { since, modes }: Known,
  status: IncidentStatus,
  { target, vantage, lastRunAt }: TargetState,
): Incident {
  return {
    target,
    vantage,
    openedAt: since,
    closedAt: null,
    status,
    modes,
    summary: null,
    remedy: null,
    runsFailed: 0,
    lastRunAt,
  };
}

function withRun(incident: Incident, status: IncidentStatus, record: RunRecord): Incident {
  const worst = incident.status === "down" ? "down" : status;
  const seen = effectiveStatus(record);
  if (seen === "up" || seen === "unknown") return { ...incident, status: worst };
  const [first] = record.failures;
  return {
    ...incident,
    status: worst,
    modes: [...new Set([...incident.modes, ...record.failures.map(({ mode }) => mode)])],
    summary: incident.summary ?? first?.summary ?? null,
    remedy: incident.remedy ?? first?.remedy ?? null,
    runsFailed: incident.runsFailed + 1,
  };
}
