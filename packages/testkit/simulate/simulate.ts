import { playDay, type Scene } from "./day.ts";
import type { DayScore } from "./score.ts";
import type { Scheduling } from "./world.ts";

/** So that every scene has a day. */
export const MIN_DAYS = 20;

export interface Settings {
  /** Target-days, of all scenes together, at least {@link MIN_DAYS}. */
  readonly days: number;
  readonly seed: number;
  readonly scheduling: Scheduling;
  /** That an attempt fails for no reason. */
  readonly flakeShare: number;
  readonly progress: (done: number, of: number) => void;
}

export interface Figures {
  /** From an outage's beginning to the page; the worse of fast failures and time-outs. */
  readonly pageP95Seconds: number;
  /** The same while no call of the probe's reaches the pager. */
  readonly pageP95SecondsFastWayDead: number;
  readonly falsePagesPerYear: number;
  readonly missedOutages: number;
  readonly gapStartBoundsHold: boolean;
  /** 95th percentile, from a gap's true end to the end that people are shown. */
  readonly gapEndErrorSeconds: number;
  readonly pagesDuringShieldedGaps: number;
  readonly duplicatePages: number;
  readonly detail: Detail;
}

interface Detail {
  readonly fast: Latency;
  readonly timeout: Latency;
  readonly fastFastWayDead: Latency;
  readonly timeoutFastWayDead: Latency;
  /** Both kinds, with every event delivered one to three times. */
  readonly copied: Latency;
  readonly flakeYears: number;
  /** Of tilted days. */
  readonly falsePages: number;
  readonly falsePagesWeighed: number;
  readonly gaps: number;
  readonly unseenGaps: number;
  readonly gapEndErrorP50Seconds: number;
  readonly pagesOfExposedGaps: number;
}

interface Latency {
  readonly outages: number;
  readonly missed: number;
  readonly p50Seconds: number;
  readonly p95Seconds: number;
  readonly maxSeconds: number;
}

interface Plan {
  readonly share: number;
  readonly scene: Omit<Scene, "scheduling" | "flakeShare">;
}

const QUIET = {
  outages: null,
  deployments: null,
  isFastWayAlive: true,
  copies: 1,
  tilt: 1,
} as const;
const COPIED = { ...QUIET, copies: 3 } as const;
/**
 * Two repeats that fail for no reason are too rare to be counted in years of days: where nothing else
 * happens repeats fail so many times as often, and each page counts for the less (importance sampling).
 */
const TILT = 10;
export const MAX_FLAKE_SHARE = 1 / TILT;

/** What the days are spent on. */
const PLANS = {
  fast: { share: 0.05, scene: { ...QUIET, outages: "fast" } },
  timeout: { share: 0.05, scene: { ...QUIET, outages: "timeout" } },
  fastFastWayDead: { share: 0.05, scene: { ...QUIET, outages: "fast", isFastWayAlive: false } },
  timeoutFastWayDead: {
    share: 0.05,
    scene: { ...QUIET, outages: "timeout", isFastWayAlive: false },
  },
  fastCopied: { share: 0.05, scene: { ...COPIED, outages: "fast" } },
  timeoutCopied: { share: 0.05, scene: { ...COPIED, outages: "timeout" } },
  shielded: { share: 0.05, scene: { ...COPIED, deployments: "shielded" } },
  version: { share: 0.03, scene: { ...COPIED, deployments: "version" } },
  reput: { share: 0.03, scene: { ...COPIED, deployments: "reput" } },
  quiet: { share: 0.59, scene: { ...QUIET, tilt: TILT } },
} as const satisfies Record<string, Plan>;

type PlanName = keyof typeof PLANS;
type Scores = Readonly<Record<PlanName, readonly DayScore[]>>;

const DAYS_PER_YEAR = 365.25;

/** The same figures for the same settings, on every machine. */
export function simulate(settings: Settings): Figures {
  return figuresOf(playAll(settings));
}

function playAll({ days, seed, progress, ...common }: Settings): Scores {
  let played = 0;
  let next = seed * 1_000_003;
  const play = ({ share, scene }: Plan): readonly DayScore[] =>
    Array.from({ length: Math.round(days * share) }, () => {
      played += 1;
      next += 1;
      progress(played, days);
      return playDay({ ...scene, ...common }, next);
    });
  const entries = Object.entries(PLANS).map(([name, plan]) => [name, play(plan)] as const);
  return Object.fromEntries(entries) as Record<PlanName, readonly DayScore[]>;
}

function figuresOf(scores: Scores): Figures {
  const all = Object.values(scores).flat();
  const deployed = [...scores.shielded, ...scores.version, ...scores.reput];
  const gaps = deployed.flatMap((day) => day.gaps);
  const endErrors = gaps.map(({ endErrorMs }) => endErrorMs / 1_000);
  const detail = {
    fast: latencyOf(scores.fast),
    timeout: latencyOf(scores.timeout),
    fastFastWayDead: latencyOf(scores.fastFastWayDead),
    timeoutFastWayDead: latencyOf(scores.timeoutFastWayDead),
    copied: latencyOf([...scores.fastCopied, ...scores.timeoutCopied]),
    flakeYears: scores.quiet.length / DAYS_PER_YEAR,
    falsePages: total(scores.quiet, "falsePages"),
    falsePagesWeighed: total(scores.quiet, "falsePagesWeighed"),
    gaps: gaps.length,
    unseenGaps: total(deployed, "unseenGaps"),
    gapEndErrorP50Seconds: percentile(endErrors, 0.5),
    pagesOfExposedGaps: total(deployed, "pagesOfExposedGaps"),
  };
  const { fast, timeout, fastFastWayDead, timeoutFastWayDead, copied } = detail;
  const outages = [fast, timeout, fastFastWayDead, timeoutFastWayDead, copied];
  return {
    pageP95Seconds: Math.max(fast.p95Seconds, timeout.p95Seconds),
    pageP95SecondsFastWayDead: Math.max(fastFastWayDead.p95Seconds, timeoutFastWayDead.p95Seconds),
    falsePagesPerYear: detail.falsePagesWeighed / detail.flakeYears,
    missedOutages: outages.reduce((sum, { missed }) => sum + missed, 0),
    gapStartBoundsHold: gaps.every(({ startHolds }) => startHolds),
    gapEndErrorSeconds: percentile(endErrors, 0.95),
    pagesDuringShieldedGaps: total(deployed, "pagesDuringShieldedGaps"),
    duplicatePages: total(all, "duplicatePages"),
    detail,
  };
}

type Count = {
  [Key in keyof DayScore]: DayScore[Key] extends number ? Key : never;
}[keyof DayScore];

function total(days: readonly DayScore[], count: Count): number {
  return days.reduce((sum, day) => sum + day[count], 0);
}

function latencyOf(days: readonly DayScore[]): Latency {
  const all = days.flatMap(({ pagedAfterMs }) => pagedAfterMs);
  const paged = all.flatMap((ms) => (ms === null ? [] : [ms / 1_000]));
  return {
    outages: all.length,
    missed: all.length - paged.length,
    p50Seconds: percentile(paged, 0.5),
    p95Seconds: percentile(paged, 0.95),
    maxSeconds: percentile(paged, 1),
  };
}

/** Nearest rank; 0 without values. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
