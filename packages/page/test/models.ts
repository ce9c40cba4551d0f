import {
  type Deployment,
  type GapRecord,
  HOUR_MS,
  type HourRollup,
  type Incident,
  type RunRecord,
  rollUp,
  type TargetState,
} from "@vigil/core";
import { recordedFailure, recordedStep, runRecord } from "@vigil/testkit/records";
import { dayRows, type PageModel, type Place, type TargetModel } from "../src/index.ts";

export const NOW = Date.parse("2026-11-22T08:00:30.000Z");
const MINUTE = 60_000;
export const DAY = 24 * HOUR_MS;

export const LIVE: Place = {
  styleHref: "/style.css",
  scriptSrc: "/live.js",
  overviewHref: "/",
  targetHref: (name) => `/targets/${name}`,
};

export function at(ms: number): string {
  return new Date(ms).toISOString();
}

export function run(minutesAgo: number, overrides: Partial<RunRecord> = {}): RunRecord {
  const scheduledAt = at(Math.floor(NOW / MINUTE) * MINUTE - minutesAgo * MINUTE);
  return runRecord({
    kind: "scheduled",
    target: "orders",
    vantage: "eu-west-1",
    scheduledAt,
    startedAt: scheduledAt,
    durationMs: 200,
    steps: [
      recordedStep("connect", { startMs: 0, durationMs: 4 }),
      recordedStep("negotiate", { startMs: 4, durationMs: 150, firstByteMs: 149 }),
      recordedStep("listTools", { startMs: 154, durationMs: 46, firstByteMs: 45 }),
    ],
    ...overrides,
  });
}

export const TOOLS_EMPTY = recordedFailure("tools-empty", {
  summary: "tools/list returned no tools",
  remedy: "Look for an error while the tools were loaded.",
});

export function downRun(minutesAgo: number, overrides: Partial<RunRecord> = {}): RunRecord {
  return run(minutesAgo, {
    status: "down",
    confirmed: true,
    failures: [TOOLS_EMPTY],
    ...overrides,
  });
}

export const UP_STATE: TargetState = {
  target: "orders",
  vantage: "eu-west-1",
  status: "up",
  since: "2026-11-21T08:00:00.000Z",
  modes: [],
  known: { status: "up", since: "2026-11-21T08:00:00.000Z", modes: [] },
  unknownRuns: 0,
  recent: ["up"],
  lastRunAt: "2026-11-22T08:00:00.000Z",
  lastGoodRunAt: "2026-11-22T08:00:00.000Z",
  era: "legacy",
  extras: {},
  tools: null,
};

export const DOWN_STATE: TargetState = {
  ...UP_STATE,
  status: "down",
  since: "2026-11-22T07:58:00.000Z",
  modes: ["tools-empty"],
};

/** Seen when it may have begun, and closed or open. */
export function gap(from: string, to: string | null, over: Partial<GapRecord> = {}): GapRecord {
  return {
    target: "orders",
    openedAt: from,
    start: { notBefore: from, notAfter: from },
    end: to === null ? null : { notBefore: to, notAfter: to },
    ended: to === null ? null : "ready",
    exposure: "exposed",
    course: [],
    deployments: [],
    version: "42",
    reason: null,
    overdueAt: null,
    evidence: { runs: 30, failures: 2, slowestMs: 5_100, coldStarts: 1, spillover: 12 },
    ...over,
  };
}

export function deployment(seenAt: string, version = "42"): Deployment {
  return {
    at: seenAt,
    between: { notBefore: null, notAfter: seenAt },
    from: { version: "41", codeSha256: null },
    to: { version, codeSha256: null },
    exposure: "exposed",
  };
}

export const OPEN: Incident = {
  target: "orders",
  vantage: "eu-west-1",
  openedAt: "2026-11-22T07:58:00.000Z",
  closedAt: null,
  status: "down",
  modes: ["tools-empty"],
  summary: "tools/list returned no tools",
  remedy: "Look for an error while the tools were loaded.",
  runsFailed: 3,
  lastRunAt: "2026-11-22T08:00:00.000Z",
};

export function target(overrides: Partial<TargetModel> = {}): TargetModel {
  return {
    name: "orders",
    url: "https://orders.example/mcp",
    owner: "team-orders",
    tags: ["payments"],
    runbook: "https://runbooks.example/orders",
    everyMs: MINUTE,
    states: [UP_STATE],
    runs: [],
    hours: [],
    days: [],
    incidents: [],
    gaps: [],
    deployments: [],
    alert: null,
    ...overrides,
  };
}

/** A target with these runs, and with the hours and days that they make. */
export function targetOf(
  records: readonly RunRecord[],
  overrides: Partial<TargetModel> = {},
): TargetModel {
  const hours = rollUp(records, MINUTE);
  return target({
    runs: records,
    hours,
    days: dayRows(hours, { from: NOW - 90 * DAY, to: NOW }),
    ...overrides,
  });
}

export function model(
  targets: readonly TargetModel[],
  overrides: Partial<PageModel> = {},
): PageModel {
  return {
    now: NOW,
    timeZone: "UTC",
    version: "0.1.0",
    troubles: [],
    loading: false,
    targets,
    ...overrides,
  };
}

/** An hour of a run each minute, of which every `failEvery`-th fails. */
export function fullHour(start: number, name: string, failEvery: number): HourRollup {
  const seen = Array.from({ length: 60 }, (_, minute) => minute * MINUTE);
  const down = seen.filter((_, minute) => minute % failEvery === failEvery - 1);
  return {
    target: name,
    vantage: "eu-west-1",
    hour: at(start),
    seen,
    notUp: { degraded: [], down, unknown: [] },
    inGap: [],
    effective: { up: 60 - down.length, degraded: 0, down: down.length, unknown: 0 },
    modes: down.length === 0 ? {} : { timeout: down.length },
    coveredMs: HOUR_MS,
    latency: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [90 + n, 3])),
    slowestMs: 812,
  };
}
