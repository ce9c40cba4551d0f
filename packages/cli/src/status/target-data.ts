import type { History } from "@vigil/aws";
import {
  type Alert,
  HOUR_MS,
  type HourRollup,
  type Incident,
  type RunRecord,
  type TargetState,
} from "@vigil/core";
import { type DayRow, dayRows, type RunPoint, type TargetModel } from "@vigil/page";
import { collect } from "../read-history.ts";

const DAY_MS = 24 * HOUR_MS;
const DAYS = 90;
/** Days whose hours are kept; those before are summed up for good. */
const OPEN_DAYS = 3;
/** A little more than the timeline's last hour. */
const RUNS_MS = 65 * 60_000;
const INCIDENTS = 100;
const DEPLOYMENTS = 100;

type Deployed = Pick<TargetModel, "deployments" | "gaps">;

/** What a page says of a target whatever its history holds. */
export type TargetFacts = Pick<
  TargetModel,
  "name" | "url" | "owner" | "tags" | "runbook" | "everyMs"
>;

export type ReadableHistory = Pick<
  History,
  "deployments" | "gaps" | "getPagerRecord" | "incidents" | "rollups" | "runs"
>;

/** A target's past, held in memory: read once, then kept up hour by hour. */
export interface TargetData {
  /** Reads the ninety days. */
  load(now: number): Promise<void>;
  /** Reads what the last run has changed. */
  refresh(now: number): Promise<void>;
  saw(state: TargetState): void;
  ran(record: RunRecord, now: number): void;
  model(now: number): TargetModel;
}

export function createTargetData(facts: TargetFacts, history: ReadableHistory): TargetData {
  const { name } = facts;
  const states = new Map<string, TargetState>();
  const hours = new Map<string, HourRollup>();
  let settled: readonly DayRow[] = [];
  let runs: ReadonlyMap<string, RunPoint> = new Map();
  let incidents: readonly Incident[] = [];
  let alert: Alert | null = null;
  let deployed: Deployed = { gaps: [], deployments: [] };

  async function readHours(since: number, now: number): Promise<void> {
    const query = { since: iso(since), order: "oldest" } as const;
    const { entries } = await collect(history.rollups(name, query));
    for (const rollup of entries) {
      hours.set(`${rollup.hour} ${rollup.vantage}`, rollup);
    }
    settled = settle(hours, settled, now);
  }

  async function readRest(now: number): Promise<void> {
    incidents = (await collect(history.incidents(name, { limit: INCIDENTS }))).entries;
    deployed = await readDeployed(history, name, now);
    alert = (await history.getPagerRecord(name))?.alert ?? null;
  }

  function keepRuns(more: readonly RunRecord[], now: number): void {
    const all = [...runs, ...more.map((run) => [run.runId, pointOf(run)] as const)];
    runs = new Map(all.filter(([, { scheduledAt }]) => Date.parse(scheduledAt) > now - RUNS_MS));
  }

  return {
    async load(now) {
      const recent = history.runs(name, { since: iso(now - RUNS_MS) });
      keepRuns((await collect(recent)).entries, now);
      await readRest(now);
      await readHours(startOfDay(now) - DAYS * DAY_MS, now);
    },
    async refresh(now) {
      // The hour before may still get runs that were late.
      await Promise.all([readHours(now - 2 * HOUR_MS, now), readRest(now)]);
    },
    saw: (state) => void states.set(state.vantage, state),
    ran: (record, now) => keepRuns([record], now),
    model: (now) => ({
      ...facts,
      states: [...states.values()],
      runs: [...runs.values()],
      hours: [...hours.values()].filter(({ hour }) => Date.parse(hour) > now - 49 * HOUR_MS),
      days: [
        ...settled.filter(({ from }) => from > now - (DAYS + 1) * DAY_MS),
        ...dayRows([...hours.values()], openWindow(now)),
      ],
      incidents,
      alert,
      ...deployed,
    }),
  };
}

async function readDeployed(
  history: ReadableHistory,
  target: string,
  now: number,
): Promise<Deployed> {
  const query = { since: iso(startOfDay(now) - DAYS * DAY_MS), limit: DEPLOYMENTS };
  const [gaps, deployments] = await Promise.all([
    collect(history.gaps(target, query)),
    collect(history.deployments(target, query)),
  ]);
  return { gaps: gaps.entries, deployments: deployments.entries };
}

/** Without its evidence: an hour of failing runs of many targets would fill the memory. */
function pointOf({ failures, ...run }: RunRecord): RunPoint {
  const { kind, scheduledAt, vantage, status, confirmed, steps, durationMs } = run;
  const modes = failures.map(({ mode }) => ({ mode }));
  return { kind, scheduledAt, vantage, status, confirmed, steps, durationMs, failures: modes };
}

/** Takes out the hours of days that are over, and returns these days with those before them. */
function settle(
  hours: Map<string, HourRollup>,
  settled: readonly DayRow[],
  now: number,
): readonly DayRow[] {
  const { from } = openWindow(now);
  const over = [...hours].filter(([, { hour }]) => Date.parse(hour) < from);
  for (const [key] of over) {
    hours.delete(key);
  }
  const rollups = over.map(([, rollup]) => rollup);
  const rows = dayRows(rollups, { from: startOfDay(now) - DAYS * DAY_MS, to: from });
  const again = new Set(rows.map((row) => row.from));
  return [...settled.filter((row) => !again.has(row.from)), ...rows];
}

function openWindow(now: number): { readonly from: number; readonly to: number } {
  return { from: startOfDay(now) - (OPEN_DAYS - 1) * DAY_MS, to: now };
}

function startOfDay(now: number): number {
  return Math.floor(now / DAY_MS) * DAY_MS;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
