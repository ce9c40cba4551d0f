import type { History, PagerState } from "@vigil/aws";
import {
  type Clock,
  HOUR_MS,
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
const AT_ONCE = 25;
/** The newest, among which those are that are still open. */
const INCIDENTS = 20;

export interface WidgetReader {
  readonly config: Pick<VigilConfig, "targets" | "vantages">;
  readonly history: Pick<History, "deployments" | "gaps" | "incidents" | "pagerState" | "rollups">;
  /** Of every target and vantage. */
  readonly allStates: () => Promise<readonly TargetState[]>;
  readonly clock: Pick<Clock, "now">;
}

/**
 * The targets that are asked for, with what lies in the range.
 * @throws HistoryError
 */
export async function readWidgetTargets(
  request: WidgetRequest,
  reader: WidgetReader,
): Promise<readonly TargetModel[]> {
  const [states, pager] = await Promise.all([reader.allStates(), reader.history.pagerState()]);
  const named = new Set(request.targets);
  const now = reader.clock.now();
  const shown = reader.config.targets
    .filter(({ name }) => named.has(name))
    .map((target) => ({ target, model: modelOf(target, { states, pager }) }))
    .filter(({ model }) => !request.onlyUnwell || standingOf(model, now).shown !== "up");
  return mapAtOnce(shown, AT_ONCE, async ({ target, model }) => ({
    ...model,
    ...(await readPast(target, { request, reader, isWell: isUp(model) })),
  }));
}

interface Known {
  readonly states: readonly TargetState[];
  readonly pager: PagerState;
}

/** What is known of a target before its own history is read. */
function modelOf({ name, url, owner, tags, runbook }: Target, known: Known): TargetModel {
  const { origin, pathname } = new URL(url);
  return {
    name,
    // A query may hold a key.
    url: `${origin}${pathname}`,
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

function isUp({ states }: TargetModel): boolean {
  return states.every(({ status }) => status === "up");
}

type Past = Pick<TargetModel, "deployments" | "gaps" | "hours" | "incidents">;

interface Asked {
  readonly request: Pick<WidgetRequest, "from" | "to">;
  readonly reader: WidgetReader;
  readonly isWell: boolean;
}

/** Of one that is well no incident is open, and of one whose function is unknown nothing is deployed. */
async function readPast(target: Target, { request, reader, isWell }: Asked): Promise<Past> {
  const { name } = target;
  const { history } = reader;
  const [since, until] = [iso(request.from), iso(request.to)];
  const opened = iso(request.from - LONGEST_GAP_MS);
  const isDeployed = isFollowed(target);
  const [hours, gaps, deployments, incidents] = await Promise.all([
    collect(history.rollups(name, { since, until, order: "oldest" })),
    isDeployed ? collect(history.gaps(name, { since: opened, until })) : [],
    isDeployed ? collect(history.deployments(name, { since, until })) : [],
    isWell ? [] : collect(history.incidents(name, { limit: INCIDENTS })),
  ]);
  return { hours, gaps, deployments, incidents };
}

async function collect<T>(listing: AsyncIterable<T>): Promise<readonly T[]> {
  const entries: T[] = [];
  for await (const entry of listing) entries.push(entry);
  return entries;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
