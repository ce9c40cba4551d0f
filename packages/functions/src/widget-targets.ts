import type { History, PagerState, StoredGap } from "@vigil/aws";
import {
  type Clock,
  HOUR_MS,
  type HourRollup,
  isFollowed,
  mapAtOnce,
  type Target,
  type TargetState,
  type VigilConfig,
  type WidgetRequest,
} from "@vigil/core";
import { standingOf, type TargetModel } from "@vigil/page";

/** Probes are scheduled by the minute. */
const EVERY_MS = 60_000;
/** A window that opened this long before the range may still be open in it. */
const LONGEST_GAP_MS = 6 * HOUR_MS;
/** Targets whose history is asked for at the same time. */
const AT_ONCE = 100;
/** The newest, among which those are that are still open. */
const INCIDENTS = 20;
/** Hours of a target, all vantages together. A request hands out a hundred. */
const MAX_TOGETHER = 25;

export interface WidgetReader {
  readonly config: Pick<VigilConfig, "targets" | "vantages">;
  readonly history: Pick<
    History,
    "deployments" | "gapStates" | "gaps" | "incidents" | "pagerState" | "rollups" | "rollupsAtOnce"
  >;
  /** Of every target and vantage. */
  readonly allStates: () => Promise<readonly TargetState[]>;
  readonly clock: Pick<Clock, "now">;
}

/**
 * The targets that are asked for, with what lies in the range. What all targets have in one place is
 * read first, for it says of which of them more than their hours is to be read: a query is a
 * millisecond of this function's processor, and there may be a hundred targets.
 * @throws HistoryError
 */
export async function readWidgetTargets(
  request: WidgetRequest,
  reader: WidgetReader,
): Promise<readonly TargetModel[]> {
  const { config, history, allStates, clock } = reader;
  // Nobody knows yet who is well; where all are shown, their hours need not wait for it.
  const early = request.onlyUnwell ? null : hoursReader(request.targets, request, reader);
  const [states, pager, gaps] = await Promise.all([
    allStates(),
    history.pagerState(),
    config.targets.some(isFollowed) ? history.gapStates() : [],
  ]);
  const named = new Set(request.targets);
  const now = clock.now();
  const models = config.targets
    .filter(({ name }) => named.has(name))
    .map((target) => modelOf(target, { states, pager }))
    .filter((model) => !request.onlyUnwell || standingOf(model, now).shown !== "up");
  const since = request.from - LONGEST_GAP_MS;
  const moved = new Set(gaps.filter((gap) => hasMoved(gap, since)).map(({ target }) => target));
  const names = models.map(({ name }) => name);
  const hoursOf = early ?? hoursReader(names, request, reader);
  return mapAtOnce(models, AT_ONCE, async (model) => {
    const asked = { request, history, hoursOf, hasMoved: moved.has(model.name) };
    return { ...model, ...(await readPast(model, asked)) };
  });
}

function hasMoved({ state: { open, lastDeployment } }: StoredGap, since: number): boolean {
  return open !== null || (lastDeployment !== null && Date.parse(lastDeployment) >= since);
}

interface Known {
  readonly states: readonly TargetState[];
  readonly pager: PagerState;
}

/** What is known of a target before its own history is read. */
function modelOf({ name, owner, tags, runbook }: Target, known: Known): TargetModel {
  return {
    name,
    url: null,
    owner,
    tags,
    runbook,
    everyMs: EVERY_MS,
    states: known.states.filter(({ target }) => target === name),
    alert: known.pager.records.find(({ target }) => target === name)?.alert ?? null,
    runs: [],
    hours: [],
    days: [],
    incidents: [],
    gaps: [],
    deployments: [],
  };
}

type HoursOf = (target: string) => Promise<readonly HourRollup[]>;

/** A few hours of many targets are read together, many hours of each target by themselves. */
function hoursReader(
  names: readonly string[],
  { from, to }: WidgetRequest,
  { history, config: { vantages } }: WidgetReader,
): HoursOf {
  const range = { since: iso(from), until: iso(to) };
  if (((to - from) / HOUR_MS) * vantages.length > MAX_TOGETHER) {
    return async (name) => {
      const hours = await collect(history.rollups(name, range));
      return hours.filter(({ vantage }) => vantages.includes(vantage));
    };
  }
  const series = names.flatMap((target) => vantages.map((vantage) => ({ target, vantage })));
  const all = history.rollupsAtOnce(series, range).then(byTarget);
  // Whoever asks for a target's hours hears of it; when another read fails first, nobody asks.
  all.catch(() => undefined);
  return async (name) => (await all).get(name) ?? [];
}

function byTarget(hours: readonly HourRollup[]): ReadonlyMap<string, readonly HourRollup[]> {
  const found = new Map<string, HourRollup[]>();
  for (const hour of hours) {
    const own = found.get(hour.target);
    if (own === undefined) found.set(hour.target, [hour]);
    else own.push(hour);
  }
  return found;
}

type Past = Pick<TargetModel, "deployments" | "gaps" | "hours" | "incidents">;

interface Asked {
  readonly request: Pick<WidgetRequest, "from" | "to">;
  readonly history: WidgetReader["history"];
  readonly hoursOf: HoursOf;
  /** Whether a window is open, or anything was deployed since the range began. */
  readonly hasMoved: boolean;
}

async function readPast({ name, states }: TargetModel, asked: Asked): Promise<Past> {
  const { history, hoursOf } = asked;
  const isWell = states.every(({ status }) => status === "up");
  const [hours, incidents, moved] = await Promise.all([
    hoursOf(name),
    isWell ? [] : collect(history.incidents(name, { limit: INCIDENTS })),
    asked.hasMoved ? readDeployed(name, asked) : null,
  ]);
  if (moved !== null) return { hours, incidents, ...moved };
  // A window without a deployment shows in the runs that fell into it.
  if (hours.every(({ inGap }) => inGap.length === 0)) {
    return { hours, incidents, gaps: [], deployments: [] };
  }
  return { hours, incidents, ...(await readDeployed(name, asked)) };
}

async function readDeployed(
  name: string,
  { history, request: { from, to } }: Asked,
): Promise<Pick<Past, "deployments" | "gaps">> {
  const until = iso(to);
  const [gaps, deployments] = await Promise.all([
    collect(history.gaps(name, { since: iso(from - LONGEST_GAP_MS), until })),
    collect(history.deployments(name, { since: iso(from), until })),
  ]);
  return { gaps, deployments };
}

async function collect<T>(listing: AsyncIterable<T>): Promise<readonly T[]> {
  const entries: T[] = [];
  for await (const entry of listing) entries.push(entry);
  return entries;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
