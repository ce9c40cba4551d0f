import { alarmSpecs, parseConfig, type VigilConfig } from "@vigil/core";
import { Agenda } from "./agenda.ts";
import { CloudWatch } from "./alarm.ts";
import { Correlator } from "./correlator.ts";
import { Pager } from "./pager.ts";
import { Probe } from "./probe.ts";
import { Random } from "./random.ts";
import { type DayScore, scoreDay } from "./score.ts";
import {
  type DeploymentKind,
  deploymentsOf,
  type OutageKind,
  outagesInGaps,
  outagesOf,
  type Truth,
} from "./truth.ts";
import { MINUTE_MS, type Scheduling, type Wires, type World } from "./world.ts";

/** What happens on a day. */
export interface Scene {
  readonly scheduling: Scheduling;
  readonly outages: OutageKind | null;
  readonly deployments: DeploymentKind | null;
  /** False: no call of the probe's reaches the pager, and alarms alone tell it. */
  readonly isFastWayAlive: boolean;
  /** Every event is delivered so often at most. Copies hide flakes: the quicker of two runs counts. */
  readonly copies: number;
  readonly flakeShare: number;
  /** How many times as often a repeat fails for no reason. */
  readonly tilt: number;
}

const START_MS = Date.parse("2026-11-22T00:00:00.000Z");
const DAY_MS = 24 * 60 * MINUTE_MS;
/** For whatever is on its way as the day ends. */
const AFTERWARDS_MS = 5 * MINUTE_MS;
const COLD_SHARE = 0.3;

const CONFIG = configured();
const [TARGET] = CONFIG.targets;
const SPECS = alarmSpecs(CONFIG).filter(({ action }) => action === "pager");

/** One target with every default, from one vantage: the fewest eyes that there can be. */
function configured(): VigilConfig {
  const parsed = parseConfig({
    vantages: ["eu-west-1"],
    profile: "lean",
    targets: [{ name: "orders", url: "https://orders.example.com/mcp" }],
  });
  if (!parsed.ok) throw new Error("the simulation's config is none");
  return parsed.config;
}

/** One target's day, from its seed alone. */
export function playDay(scene: Scene, seed: number): DayScore {
  const random = new Random(seed);
  const truth = truthOf(scene, random);
  const world = worldOf(scene, { random, truth });
  const wires: Wires = {
    page: (news) => pager.invoke(news),
    publish: (points) => cloudWatch.publish(points),
  };
  const correlator = new Correlator(world, scene.deployments !== null);
  const pager = new Pager(world, (then) => correlator.lookOnce(then));
  const cloudWatch = new CloudWatch(world, SPECS, wires.page);
  const { isFastWayAlive } = scene;
  for (const vantage of CONFIG.vantages) {
    new Probe(world, wires, { vantage, isFastWayAlive }).start();
  }
  pager.start();
  cloudWatch.start();
  correlator.start();
  world.agenda.run(world.endMs + AFTERWARDS_MS);
  const { pages, confirmed } = world;
  const { closed } = correlator;
  return scoreDay(truth, { pages, closed, confirmed, tilt: scene.tilt });
}

function truthOf({ outages, deployments }: Scene, random: Random): Truth {
  const day = { random, startMs: START_MS, endMs: START_MS + DAY_MS };
  if (deployments !== null) {
    const { states, gaps } = deploymentsOf(day, deployments);
    return { states, gaps, outages: outagesInGaps(gaps, random) };
  }
  return { states: [], gaps: [], outages: outages === null ? [] : outagesOf(day, outages) };
}

function worldOf(
  { scheduling, copies, flakeShare, tilt }: Scene,
  { random, truth }: { readonly random: Random; readonly truth: Truth },
): World {
  if (TARGET === undefined) throw new Error("the simulation's config has no target");
  return {
    agenda: new Agenda(START_MS),
    random,
    target: TARGET,
    vantages: CONFIG.vantages,
    wire: {
      truth,
      random,
      flakeShare,
      repeatFlakeShare: flakeShare * tilt,
      coldShare: COLD_SHARE,
    },
    store: {
      states: new Map(),
      alert: { revision: 0, value: null },
      openGap: null,
      closedAt: null,
    },
    scheduling,
    copies,
    startMs: START_MS,
    endMs: START_MS + DAY_MS,
    pages: [],
    confirmed: new Map(),
  };
}
