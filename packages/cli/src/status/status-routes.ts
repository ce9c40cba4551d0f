import type { Clock } from "@vigil/core";
import {
  badge,
  ICON,
  overviewPage,
  type Place,
  STYLE,
  standingOf,
  type TargetDetail,
  type TargetModel,
  targetPage,
} from "@vigil/page";
import type { EventStreams } from "./event-streams.ts";
import { LIVE_SCRIPT } from "./live-script.ts";
import type { Metrics } from "./prometheus.ts";
import type { StatusFeed } from "./status-feed.ts";
import { statusJson, targetDetailJson } from "./status-json.ts";
import { type Answer, json, plain, type Router } from "./status-server.ts";

const HTML = "text/html; charset=utf-8";
/** A page that many ask for at once is made once. */
const PAGE_KEPT_MS = 900;
/** Missed in a row, after which the monitor counts as standing still. */
const MISSED_RUNS = 5;
const GRACE_MS = 60_000;

const LIVE: Place = {
  styleHref: "/style.css",
  scriptSrc: "/live.js",
  overviewHref: "/",
  targetHref: (name) => `/targets/${encodeURIComponent(name)}`,
};

export interface RouteOptions {
  readonly feed: StatusFeed;
  readonly streams: EventStreams;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly intervalMs: number;
  /** What the target's own page shows besides; may fail with its history. */
  readonly detail: (target: string) => Promise<TargetDetail>;
}

export function createRoutes(options: RouteOptions): Router {
  const { feed, streams, metrics, clock } = options;
  const overview = keptFor(PAGE_KEPT_MS, clock, () => overviewPage(feed.model(), LIVE));
  const pages = targetPages(options);
  const whole: Readonly<Record<string, () => Answer | Promise<Answer>>> = {
    "/": () => body(HTML, overview()),
    "/style.css": () => body("text/css; charset=utf-8", STYLE),
    "/live.js": () => body("text/javascript; charset=utf-8", LIVE_SCRIPT),
    // Browsers ask for it unasked.
    "/favicon.ico": () => body("image/svg+xml", ICON),
    "/events": () => ({ kind: "stream", open: streams.add }),
    "/api/status": () => json(statusJson(feed.model())),
    "/healthz": () => healthOf(options),
    "/metrics": async () =>
      body(metrics.contentType, await metrics.text(feed.model(), feed.health())),
  };
  return (path) => {
    if (Object.hasOwn(whole, path)) {
      return whole[path]?.() ?? null;
    }
    return ofTarget(path, options, pages);
  };
}

type TargetPages = (target: TargetModel) => Promise<string>;

function ofTarget(
  path: string,
  place: TargetPlace,
  pages: TargetPages,
): Answer | Promise<Answer> | null {
  const [, kind, written = ""] = /^\/(api\/targets|badge|targets)\/([^/]+)$/u.exec(path) ?? [];
  switch (kind) {
    case "targets":
      return withTarget(place, written, async (target) => body(HTML, await pages(target)));
    case "api/targets":
      return withTarget(place, written, (target, now) => json(targetDetailJson(target, now)));
    case "badge":
      return written.endsWith(".svg")
        ? withTarget(place, written.slice(0, -".svg".length), badgeAnswer)
        : null;
    default:
      return null;
  }
}

function badgeAnswer(target: TargetModel, now: number): Answer {
  const { shown } = standingOf(target, now);
  return { ...body("image/svg+xml", badge(target.name, shown)), elsewhere: true };
}

type TargetPlace = Pick<RouteOptions, "clock" | "feed">;

function withTarget(
  { feed, clock }: TargetPlace,
  name: string,
  use: (target: TargetModel, now: number) => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  const target = feed.target(name);
  return target === null
    ? plain(404, "There is no target of that name. /api/status lists those there are.")
    : use(target, clock.now());
}

/** Whether the monitor itself does its work; nothing about its targets. */
function healthOf({ feed, clock, intervalMs }: RouteOptions): Answer {
  const health = feed.health();
  const since = Date.parse(health.lastRunAt ?? health.startedAt);
  const isStanding = clock.now() - since > MISSED_RUNS * intervalMs + GRACE_MS;
  const troubles = isStanding
    ? [...health.troubles, "No run has ended for a long time."]
    : health.troubles;
  const isWell = troubles.length === 0;
  return json({ status: isWell ? "ok" : "failing", ...health, troubles }, isWell ? 200 : 503);
}

function body(type: string, text: string): Extract<Answer, { kind: "body" }> {
  return { kind: "body", type, body: text };
}

/** A target's page asks its history, so it is made once for all who ask in the meantime. */
function targetPages({ feed, clock, detail }: RouteOptions): TargetPages {
  const kept = new Map<string, () => Promise<string>>();
  const make = async (name: string) => {
    const found = await detail(name);
    const target = feed.target(name);
    return target === null
      ? ""
      : targetPage({ model: feed.model(), target, detail: found, place: LIVE });
  };
  return ({ name }) => {
    const known = kept.get(name) ?? keptFor(PAGE_KEPT_MS, clock, () => make(name));
    kept.set(name, known);
    return known();
  };
}

function keptFor<T>(ms: number, clock: Clock, make: () => T): () => T {
  let kept: { readonly text: T; readonly at: number } | null = null;
  return () => {
    const now = clock.monotonic();
    if (kept === null || now - kept.at > ms) {
      kept = { text: make(), at: now };
    }
    return kept.text;
  };
}
