import {
  FAILURE_MODES,
  type FailureCode,
  HOUR_MS,
  type HourRollup,
  type RunRecord,
  rollUp,
  sloReport,
} from "@vigil/core";
import { dayRows, type PageModel, type TargetDetail, type TargetModel } from "@vigil/page";
import { recordedFailure } from "@vigil/testkit/records";
import * as models from "../../page/test/models.ts";

/** Targets as a reader may meet them after three months: the pictures of the documents show these. */

const { NOW, DAY, UP_STATE, OPEN, at, deployment, gap, run } = models;
const MINUTE = 60_000;
const START = Math.floor((NOW - 89 * DAY) / DAY) * DAY;
const CAUSE = "empty-stream, and the InvokeMode of the function's URL is BUFFERED";

type Failing = (at: number) => { readonly runs: number; readonly mode: FailureCode } | null;

interface Story {
  readonly name: string;
  readonly owner: string;
  /** Of a good run. */
  readonly usualMs: number;
  readonly failing: Failing;
}

/** Each hour of ninety days; latency goes up and down with the day. */
function hoursOf({ name, usualMs, failing }: Story): HourRollup[] {
  const hours: HourRollup[] = [];
  for (let start = START; start < NOW; start += HOUR_MS) {
    const failed = failing(start);
    const base = models.fullHour(start, name, 61);
    const load = 1 + 0.25 * Math.sin((start / DAY) * 2 * Math.PI) + ((start / HOUR_MS) % 5) / 25;
    const usual = latencyBucket(usualMs * load);
    const buckets = Array.from({ length: 20 }, (_, n) => [usual + n - 8, 3]);
    const down = base.seen.slice(0, failed?.runs ?? 0);
    hours.push({
      ...base,
      slowestMs: 3 * usualMs,
      latency: Object.fromEntries(buckets),
      notUp: { degraded: [], down, unknown: [] },
      effective: { up: 60 - down.length, degraded: 0, down: down.length, unknown: 0 },
      modes: failed === null ? {} : { [failed.mode]: failed.runs },
    });
  }
  return hours;
}

/** The bucket of a run that took so long. */
function latencyBucket(ms: number): number {
  const [hour] = rollUp([run(0, { durationMs: Math.round(ms) })], MINUTE);
  return Number(Object.keys(hour?.latency ?? {})[0]);
}

const EMPTY = recordedFailure("empty-stream", {
  summary: "HTTP 200 as text/event-stream, and the stream ended without one event",
  remedy: FAILURE_MODES["empty-stream"].remedy,
});
const broken = (minutesAgo: number): RunRecord =>
  run(minutesAgo, { target: "orders", status: "down", confirmed: true, failures: [EMPTY] });

const dayOf = (time: number) => Math.floor((NOW - time) / DAY);
const hourOf = (time: number) => Math.floor((NOW - time) / HOUR_MS);

const ORDERS: Story = {
  name: "orders",
  owner: "team-orders",
  usualMs: 240,
  failing(time) {
    if (hourOf(time) === 0) return { runs: 6, mode: "empty-stream" };
    if (hourOf(time) === 19) return { runs: 4, mode: "http-forbidden" };
    if (dayOf(time) === 34 && hourOf(time) % 24 < 2) return { runs: 40, mode: "timeout" };
    return null;
  },
};
const BILLING: Story = {
  name: "billing",
  owner: "team-billing",
  usualMs: 410,
  failing(time) {
    if (hourOf(time) === 0) return { runs: 2, mode: "timeout" };
    if (dayOf(time) === 12 && hourOf(time) % 24 === 3) return { runs: 9, mode: "session-lost" };
    return dayOf(time) === 61 && hourOf(time) % 24 === 8 ? { runs: 30, mode: "tools-empty" } : null;
  },
};
const SEARCH: Story = {
  name: "search",
  owner: "team-search",
  usualMs: 2_600,
  failing: (time) => (dayOf(time) % 29 === 7 ? { runs: 1, mode: "timeout" } : null),
};

function targetOf(story: Story, own: Partial<TargetModel>): TargetModel {
  const { name, owner } = story;
  const hours = hoursOf(story);
  return models.target({
    name,
    owner,
    tags: ["production"],
    url: `https://${name}.example/mcp`,
    states: [{ ...UP_STATE, target: name }],
    runs: Array.from({ length: 60 }, (_, n) =>
      run(n, { target: name, durationMs: story.usualMs + ((n * 37) % 90) }),
    ),
    hours: hours.slice(-48),
    days: dayRows(hours, { from: START, to: NOW }),
    ...own,
  });
}

const BROKE_AT = at(NOW - 30_000 - 5 * MINUTE);
const DEPLOYED_AT = at(NOW - 31 * MINUTE);

const orders = targetOf(ORDERS, {
  states: [
    {
      ...UP_STATE,
      status: "down",
      since: BROKE_AT,
      modes: ["empty-stream"],
      known: { status: "down", since: BROKE_AT, modes: ["empty-stream"] },
    },
  ],
  runs: Array.from({ length: 60 }, (_, n) => (n < 6 ? broken(n) : run(n, { durationMs: 250 }))),
  incidents: [
    {
      ...OPEN,
      openedAt: BROKE_AT,
      modes: ["empty-stream"],
      summary: EMPTY.summary,
      remedy: EMPTY.remedy,
      runsFailed: 6,
      likelyCause: CAUSE,
    },
  ],
  deployments: [deployment(at(NOW - 7 * MINUTE), "58")],
});

const billing = targetOf(BILLING, {
  gaps: [gap(DEPLOYED_AT, at(NOW - 24 * MINUTE), { target: "billing" })],
  deployments: [deployment(DEPLOYED_AT, "113")],
  runs: Array.from({ length: 60 }, (_, n) => {
    const failed = n === 28 || n === 29;
    return run(n, {
      target: "billing",
      durationMs: n > 23 && n < 31 ? 2_900 : 420,
      ...(failed && {
        status: "down" as const,
        confirmed: true,
        failures: [recordedFailure("timeout")],
      }),
    });
  }),
});

const search = targetOf(SEARCH, {
  states: [{ ...UP_STATE, target: "search", status: "degraded", modes: ["slow"] }],
});

const reports = targetOf({ ...SEARCH, name: "reports", usualMs: 180 }, {});

export const SHOWCASE: PageModel = models.model([orders, billing, search, reports]);

export const SHOWN_TARGET = { target: orders, detail: detailOf(orders) };

function detailOf({ hours, runs }: TargetModel): TargetDetail {
  const slo = sloReport({
    rollups: hours,
    objective: 99.9,
    now: NOW,
    firstRunAt: NOW - 48 * HOUR_MS,
  });
  const latest = runs.slice(0, 8).map((_, n) => (n < 6 ? broken(n) : run(n, { durationMs: 250 })));
  return { slo, tools: null, baseline: null, latest, likelyCause: CAUSE };
}
