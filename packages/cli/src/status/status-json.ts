import { sliOf, summarise } from "@vigil/core";
import { type PageModel, standingOf, type TargetModel } from "@vigil/page";

const DAY_MS = 86_400_000;

/** `/api/status`: how every target is now. */
export function statusJson(model: PageModel): object {
  const { now, version, troubles, loading, targets } = model;
  return {
    schema: 1,
    at: new Date(now).toISOString(),
    version,
    loading,
    troubles,
    targets: targets.map((target) => targetJson(target, now)),
  };
}

/** `/api/targets/<name>`: one of them, with its past. */
export function targetDetailJson(target: TargetModel, now: number): object {
  const { days, incidents, gaps, deployments } = target;
  return {
    schema: 1,
    at: new Date(now).toISOString(),
    ...targetJson(target, now),
    incidents,
    gaps,
    deployments,
    days: days.map(({ from, ...day }) => ({ day: new Date(from).toISOString(), ...day })),
  };
}

function targetJson(target: TargetModel, now: number): object {
  const { name, url, owner, tags, states, hours, days, incidents, alert } = target;
  const { shown, since, lastRunAt, modes } = standingOf(target, now);
  const lately = hours.filter(({ hour }) => Date.parse(hour) > now - DAY_MS);
  return {
    target: name,
    url,
    owner,
    tags,
    status: shown === "waiting" || shown === "stale" ? "unknown" : shown,
    shown,
    since,
    lastRunAt,
    modes,
    vantages: states.map(({ vantage, status, since: from, lastGoodRunAt }) => ({
      vantage,
      status,
      since: from,
      lastGoodRunAt,
    })),
    uptime90d: uptimeOf(days.map(({ counts }) => counts)),
    latency24h: summarise(lately).latency,
    alert,
    openIncidents: incidents.filter(({ closedAt }) => closedAt === null),
  };
}

/** Six digits, as elsewhere. */
function uptimeOf(all: readonly { readonly good: number; readonly bad: number }[]): number | null {
  const good = all.reduce((sum, counts) => sum + counts.good, 0);
  const bad = all.reduce((sum, counts) => sum + counts.bad, 0);
  const sli = sliOf({ good, bad, unknown: 0 });
  return sli === null ? null : Math.round(sli * 1e6) / 1e6;
}
