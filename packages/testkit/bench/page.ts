import { HOUR_MS, type HourRollup, rollUp, type TargetState } from "@vigil/core";
import { dayRows, overviewPage, type PageModel, type TargetModel } from "@vigil/page";
import { runRecord } from "../src/records.ts";
import { type Figures, type MeasureOptions, percentile, progress } from "./measure.ts";

const DAYS = 90;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
/** One run in so many fails, each hour in another mode. */
const FAILING = 17;
const MODES = ["tools-empty", "timeout", "session-lost", "http-forbidden"] as const;
const NOW = Date.UTC(2026, 10, 22, 12, 30);

/** The overview of a hundred targets that have been run each minute for ninety days. */
export async function measurePage(options: MeasureOptions): Promise<Figures> {
  const targets = options.smoke ? 2 : 100;
  const rounds = options.smoke ? 2 : Math.min(options.rounds, 100);
  progress(`page: ${targets} targets, ${rounds} rounds`);
  const model = modelOf(targets);
  const place = {
    styleHref: "/style.css",
    scriptSrc: "/live.js",
    overviewHref: "/",
    targetHref: (name: string) => `/targets/${name}`,
  };
  const renders: number[] = [];
  const cpu: number[] = [];
  let bytes = 0;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    const from = performance.now();
    const page = overviewPage(model, place);
    renders.push(performance.now() - from);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1_000);
    bytes = Buffer.byteLength(page);
  }
  return {
    pageRenderMs: percentile(renders, 0.95),
    pageKb: bytes / 1_000,
    page: {
      firstMs: renders[0],
      medianMs: percentile(renders, 0.5),
      cpuMs: percentile(cpu, 0.5),
      targets,
      rounds,
    },
  };
}

function modelOf(targets: number): PageModel {
  return {
    now: NOW,
    timeZone: "Europe/Berlin",
    version: "0.0.0",
    troubles: [],
    loading: false,
    targets: Array.from({ length: targets }, (_, index) => targetOf(index)),
  };
}

function targetOf(index: number): TargetModel {
  const name = `target-${index}`;
  const start = Math.floor(NOW / DAY_MS) * DAY_MS - (DAYS - 1) * DAY_MS;
  const hours = hoursOf(name, { from: start, to: NOW });
  return {
    name,
    url: `https://${name}.example/mcp`,
    owner: "team",
    tags: ["bench"],
    runbook: null,
    everyMs: MINUTE_MS,
    states: [stateOf(name)],
    runs: Array.from({ length: 60 }, (_, minute) => runOf(name, NOW - minute * MINUTE_MS)),
    hours: hours.slice(-48),
    days: dayRows(hours, { from: start, to: NOW }),
    incidents: [],
    gaps: [],
    deployments: [],
    alert: null,
  };
}

/** One hour of real runs, again and again: what a page is made of is what hours look like. */
function hoursOf(target: string, { from, to }: { from: number; to: number }): HourRollup[] {
  const hour = Math.floor(from / HOUR_MS) * HOUR_MS;
  const runs = Array.from({ length: 60 }, (_, minute) => runOf(target, hour + minute * MINUTE_MS));
  const [rollup] = rollUp(runs, MINUTE_MS);
  if (rollup === undefined) throw new Error("bench: an hour of runs has no rollup");
  const all: HourRollup[] = [];
  for (let at = hour; at < to; at += HOUR_MS) {
    const mode = MODES[(at / HOUR_MS) % MODES.length] ?? MODES[0];
    const modes = { [mode]: rollup.notUp.down.length };
    all.push({ ...rollup, hour: new Date(at).toISOString(), modes });
  }
  return all;
}

function runOf(target: string, at: number) {
  const minute = Math.floor(at / MINUTE_MS);
  const fails = minute % FAILING === 0;
  const scheduledAt = new Date(minute * MINUTE_MS).toISOString();
  return runRecord({
    kind: "scheduled",
    target,
    scheduledAt,
    startedAt: scheduledAt,
    durationMs: 80 + ((minute * 37) % 400),
    ...(fails && { status: "down", confirmed: true }),
  });
}

function stateOf(target: string): TargetState {
  const since = new Date(NOW - DAY_MS).toISOString();
  return {
    target,
    vantage: "eu-west-1",
    status: "up",
    since,
    modes: [],
    known: { status: "up", since, modes: [] },
    unknownRuns: 0,
    recent: ["up"],
    lastRunAt: new Date(NOW).toISOString(),
    lastGoodRunAt: new Date(NOW).toISOString(),
    era: "legacy",
    extras: {},
    tools: null,
  };
}
