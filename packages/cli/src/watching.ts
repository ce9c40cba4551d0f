import { randomUUID } from "node:crypto";
import { lazySigner } from "@vigil/aws/lazy-signer";
import type { RunRecord, TargetState } from "@vigil/core";
import { createGate, createTokenCache, runConfirmed, systemClock } from "@vigil/probe";
import { coldStartProver } from "./cold-start.ts";
import { type Follow, followDeployments, observersAt } from "./deployments/follow.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import type { WatchFlags } from "./flags.ts";
import type { Io } from "./io.ts";
import { openLocalSecrets } from "./local-secrets.ts";
import { createMonitor, type Monitor, type Observation } from "./monitor.ts";
import type { LocalPager } from "./pages/local-pager.ts";
import { openPages } from "./pages/open-pages.ts";
import { type Schedule, startSchedule } from "./scheduler.ts";
import { createSession, type Session } from "./session.ts";
import type { StopRequests } from "./signals.ts";
import type { StatusPage } from "./status/status-page.ts";
import type { OwnStore } from "./store.ts";
import type { Configured } from "./targets.ts";
import type { WatchPlan } from "./watch-plan.ts";
import { createWatchView, type WatchView } from "./watch-view.ts";

const VANTAGE = "local";
/** What a run may still take after Ctrl-C. */
const GRACE_MS = 5_000;

export interface WatchContext {
  readonly io: Io;
  readonly version: string;
}

export interface Prepared {
  readonly configured: Configured | null;
  readonly flags: WatchFlags;
  readonly plan: WatchPlan;
  readonly store: OwnStore;
  readonly stop: StopRequests;
}

interface Watch extends Prepared {
  readonly page: StatusPage;
}

/** What begins after the view that shows it. */
interface Going {
  schedule: Schedule | null;
  follow: Follow | null;
  over: boolean;
}

/** Resolves when the operator has had enough. */
export async function watch(given: Watch, context: WatchContext): Promise<ExitCode> {
  const { plan, stop, page } = given;
  const names = plan.targets.map(({ name }) => name);
  const session = createSession({ targets: names, startedAt: systemClock.now() });
  const going: Going = { schedule: null, follow: null, over: false };
  const view = viewOf(given, context, going);
  const pager = pagerOf(given, view, going);
  const monitor = monitorOf(given, context, {
    gapOf: (target) => going.follow?.gapOf(target) ?? null,
    ...hearing({ session, view, page, going, pager }),
  });
  const resumed = await resume(monitor, session.saw);
  view.banner(resumed);
  view.serving(page.url);
  page.resumed(resumed);
  announceDeaths(given, view);
  going.follow = await followOf(given, view, pager);
  pager.start();
  going.schedule = startSchedule({
    clock: systemClock,
    intervalMs: plan.intervalMs,
    keys: names,
    gate: createGate({ clock: systemClock }),
    run: async (name, tick) => {
      await monitor.runOnce(name, tick);
      page.kept(name);
      void pager.kept(name);
    },
    onSkip(name, skip) {
      session.skipped(name, skip.missed + (skip.busy ? 1 : 0));
      view.skipped(name, skip);
    },
  });
  await stop.first;
  await Promise.all([going.follow.stop(), finish(going.schedule, stop, view)]);
  await pager.stop();
  going.over = true;
  view.summary(session.summary);
  return EXIT.up;
}

function viewOf({ plan, flags }: Watch, { io }: WatchContext, going: Going): WatchView {
  return createWatchView({
    io,
    clock: systemClock,
    plan,
    dataFolder: flags.data,
    json: flags.json === true,
    progress: () => (going.schedule === null ? null : progressOf(going.schedule)),
  });
}

interface Hearers {
  readonly session: Session;
  readonly view: WatchView;
  readonly page: StatusPage;
  readonly going: Going;
  readonly pager: LocalPager;
}

function pagerOf({ plan, flags, configured, store, page }: Watch, view: WatchView, going: Going) {
  return openPages({
    targets: plan.targets,
    configured,
    webhooks: flags.webhook ?? [],
    history: store.history,
    clock: systemClock,
    view,
    lookNow: async (target) => going.follow?.lookNow(target) ?? null,
    onChange: page.kept,
  });
}

/** Tells all who show runs of each of them. */
function hearing({ session, view, page, going, pager }: Hearers): Omit<MonitorEvents, "gapOf"> {
  return {
    onRun(observation) {
      if (going.over) {
        return;
      }
      session.ran(observation.record, observation.lateMs);
      session.saw(observation.state);
      view.ran(observation);
      page.ran(observation);
      pager.ran(observation);
    },
    onLost(record, error) {
      view.lost(record, error);
      page.lost(record, error);
    },
  };
}

async function resume(
  monitor: Monitor,
  saw: (state: TargetState) => void,
): Promise<readonly TargetState[]> {
  const states = await monitor.resume();
  states.forEach(saw);
  return states;
}

/** Follows the deployments of the targets whose function the config names. */
async function followOf(
  { plan, store }: Watch,
  view: WatchView,
  pager: LocalPager,
): Promise<Follow> {
  const { everyMs, place } = plan.looks;
  return followDeployments({
    targets: plan.targets,
    clock: systemClock,
    history: store.history,
    everyMs,
    observerOf: await observersAt(systemClock, place),
    onEvent(target, event) {
      view.deployment(target, event);
      pager.deployment(event);
    },
    onTrouble: view.notFollowed,
  });
}

interface MonitorEvents {
  readonly gapOf: Follow["gapOf"];
  readonly onRun: (observation: Observation) => void;
  readonly onLost: (record: RunRecord, error: unknown) => void;
}

function monitorOf(
  { plan, store, stop, configured }: Watch,
  { io, version }: WatchContext,
  events: MonitorEvents,
): Monitor {
  const home = configured?.config.vantages[0] ?? null;
  const secrets = openLocalSecrets({ env: io.env, home });
  const deps = {
    vantage: VANTAGE,
    clock: systemClock,
    ...secrets.deps,
    sign: lazySigner(systemClock),
    tokens: createTokenCache(),
    version,
    randomId: () => randomUUID(),
  };
  const prove = coldStartProver(systemClock);
  return createMonitor({
    targets: plan.targets,
    vantage: VANTAGE,
    intervalMs: plan.intervalMs,
    clock: systemClock,
    probe: async (target, options) => secrets.explain(await runConfirmed(target, deps, options)),
    // Who stops the watch must not lose a run to the wait for its log.
    prove: (run, asked) => Promise.race([prove(run, asked), stop.first.then(() => run.record)]),
    history: store.history,
    ...events,
  });
}

function progressOf(schedule: Schedule): {
  readonly busy: readonly string[];
  readonly nextInMs: number;
} {
  return { busy: schedule.busy(), nextInMs: schedule.nextTickAt() - systemClock.monotonic() };
}

/** The demo server and the database live beside the watch; it goes on without them, and says so. */
function announceDeaths({ plan, store, stop, page }: Watch, view: WatchView): void {
  let stopping = false;
  void stop.first.then(() => {
    stopping = true;
  });
  void plan.demo?.ended.then((how) => stopping || view.demoEnded(how));
  void store.ended.then((end) => {
    if (!stopping) {
      view.historyEnded(end);
      page.failed("The history's database has ended: start vigil watch again.");
    }
  });
}

/** Lets what runs come to its end, within limits: the operator has said stop. */
async function finish(schedule: Schedule, stop: StopRequests, view: WatchView): Promise<void> {
  const ended = schedule.stop();
  if (schedule.busy().length === 0) {
    return;
  }
  view.finishing(schedule.busy());
  let cancel: () => void = () => undefined;
  const grace = new Promise<void>((resolve) => {
    cancel = systemClock.after(GRACE_MS, resolve);
  });
  await Promise.race([ended, stop.second, grace]);
  cancel();
  view.abandoned(schedule.busy());
}
