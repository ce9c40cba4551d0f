import { type Incident, worstOf } from "@vigil/core";
import { MOST_URGENT_FIRST, type Shown } from "./looks.ts";
import type { TargetModel } from "./model.ts";

/** Runs that may be missing before what was seen is too old to be shown as how things are. */
const STALE_RUNS = 3;
const STALE_GRACE_MS = 30_000;

/** How a target stands now, all vantages together. */
export interface Standing {
  readonly shown: Shown;
  /** Since when; null before the first run. */
  readonly since: string | null;
  readonly lastRunAt: string | null;
  readonly modes: readonly string[];
  /** What was seen last, when that is too old. */
  readonly last: Shown | null;
}

export function standingOf({ states, everyMs }: TargetModel, now: number): Standing {
  if (states.length === 0) {
    return { shown: "waiting", since: null, lastRunAt: null, modes: [], last: null };
  }
  const worst = worstOf(states.map(({ status }) => status));
  const those = states.filter(({ status }) => status === worst);
  const since = earliest(those.map((state) => state.since));
  const lastRunAt = latest(states.map((state) => state.lastRunAt));
  const modes = [...new Set(those.flatMap((state) => state.modes))];
  const base = { since, lastRunAt, modes };
  const isStale = now - Date.parse(lastRunAt) > STALE_RUNS * everyMs + STALE_GRACE_MS;
  return isStale ? { ...base, shown: "stale", last: worst } : { ...base, shown: worst, last: null };
}

function earliest(times: readonly string[]): string {
  return times.reduce((a, b) => (Date.parse(b) < Date.parse(a) ? b : a));
}

function latest(times: readonly string[]): string {
  return times.reduce((a, b) => (Date.parse(b) > Date.parse(a) ? b : a));
}

export function openIncidents({ incidents }: TargetModel): readonly Incident[] {
  return incidents.filter(({ closedAt }) => closedAt === null);
}

export interface Standings {
  readonly target: TargetModel;
  readonly standing: Standing;
}

/** What somebody must look at first; then by name. */
export function mostUrgentFirst(
  targets: readonly TargetModel[],
  now: number,
): readonly Standings[] {
  return targets
    .map((target) => ({ target, standing: standingOf(target, now) }))
    .sort((a, b) => rank(a) - rank(b) || (a.target.name < b.target.name ? -1 : 1));
}

function rank({ standing }: Standings): number {
  return MOST_URGENT_FIRST.indexOf(standing.shown);
}
