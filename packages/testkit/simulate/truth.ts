import type { Provisioned } from "@vigil/core";
import { sample } from "./distributions.ts";
import type { Random } from "./random.ts";

export type OutageKind = "fast" | "timeout";

/** During it no client can use the target. Epoch milliseconds. */
export interface Outage {
  readonly kind: OutageKind;
  readonly startMs: number;
  readonly endMs: number;
}

/** What Lambda would say of the function from a time on. */
export interface FunctionState {
  readonly fromMs: number;
  readonly version: string;
  readonly weights: Readonly<Record<string, number>>;
  readonly provisioned: readonly Provisioned[];
}

/** A gap window as it really is, by the design's definition. */
export interface TrueGap {
  readonly kind: DeploymentKind;
  readonly startMs: number;
  readonly endMs: number;
  readonly isExposed: boolean;
}

export interface Truth {
  readonly outages: readonly Outage[];
  readonly states: readonly FunctionState[];
  readonly gaps: readonly TrueGap[];
}

/**
 * `shielded`: an alias moves, and AWS holds its traffic; `version`: a version takes traffic before its
 * own allocation is ready; `reput`: deleted, moved, put again.
 */
export type DeploymentKind = "shielded" | "version" | "reput";

const MINUTE_MS = 60_000;
/** Apart far enough that one is over, two clean runs and all, before the next begins. */
const APART_MS = 45 * MINUTE_MS;
const MIN_OUTAGE_MS = 2 * MINUTE_MS;
const MAX_OUTAGE_MS = 25 * MINUTE_MS;

interface Day {
  readonly random: Random;
  readonly startMs: number;
  readonly endMs: number;
}

/** Moments of a day that lie apart, the first after all has settled. */
function moments({ random, startMs, endMs }: Day): readonly number[] {
  const found: number[] = [];
  let at = startMs + 30 * MINUTE_MS + random.uniform(0, APART_MS);
  while (at < endMs - APART_MS) {
    found.push(at);
    at += APART_MS + random.uniform(0, APART_MS);
  }
  return found;
}

/** Short ones are as frequent as long ones: the logarithm is what is drawn evenly. */
export function outagesOf(day: Day, kind: OutageKind): readonly Outage[] {
  return moments(day).map((startMs) => {
    const lengthMs = MIN_OUTAGE_MS * (MAX_OUTAGE_MS / MIN_OUTAGE_MS) ** day.random.next();
    return { kind, startMs, endMs: startMs + lengthMs };
  });
}

const CLEAR = {};

function provisioned(over: Pick<Provisioned, "alias" | "version" | "status">): Provisioned {
  return { requested: 1, reason: null, lastModified: null, ...over };
}

const ofAlias = (status: Provisioned["status"]) =>
  provisioned({ alias: "live", version: null, status });
const ofVersion = (version: string, status: Provisioned["status"]) =>
  provisioned({ alias: null, version, status });

/** Deployments of one function that deploys in one way. */
export function deploymentsOf(day: Day, kind: DeploymentKind): Pick<Truth, "states" | "gaps"> {
  const first = kind === "version" ? ofVersion("1", "ready") : ofAlias("ready");
  const states: FunctionState[] = [
    { fromMs: day.startMs, version: "1", weights: CLEAR, provisioned: [first] },
  ];
  const gaps = moments(day).map((startMs, n): TrueGap => {
    const move = { startMs, from: String(n + 1), to: String(n + 2), random: day.random };
    const { steps, endMs } = MOVES[kind](move);
    states.push(...steps);
    return { kind, startMs, endMs, isExposed: kind !== "shielded" };
  });
  return { states, gaps };
}

interface Move {
  readonly startMs: number;
  readonly from: string;
  readonly to: string;
  readonly random: Random;
}

interface Moved {
  readonly steps: readonly FunctionState[];
  readonly endMs: number;
}

const MOVES: Readonly<Record<DeploymentKind, (move: Move) => Moved>> = {
  shielded({ startMs, from, to, random }) {
    const held = { version: to, weights: { [from]: 1 } };
    const readyMs = startMs + sample("allocation", random);
    const endMs = readyMs + random.uniform(0, 5_000);
    const steps = [
      { fromMs: startMs, ...held, provisioned: [ofAlias("in-progress")] },
      { fromMs: readyMs, ...held, provisioned: [ofAlias("ready")] },
      { fromMs: endMs, version: to, weights: CLEAR, provisioned: [ofAlias("ready")] },
    ];
    return { steps, endMs };
  },
  version({ startMs, to, random }) {
    const endMs = startMs + sample("allocation", random);
    const own = (status: Provisioned["status"]) => [ofVersion(to, status)];
    const steps = [
      { fromMs: startMs, version: to, weights: CLEAR, provisioned: own("in-progress") },
      { fromMs: endMs, version: to, weights: CLEAR, provisioned: own("ready") },
    ];
    return { steps, endMs };
  },
  /** A deletion alone opens no window, by definition: the move does. */
  reput({ startMs, from, to, random }) {
    const deletedMs = startMs - random.uniform(2_000, 30_000);
    const putMs = startMs + random.uniform(2_000, 60_000);
    const endMs = putMs + sample("allocation", random);
    const alias = (status: Provisioned["status"]) => [ofAlias(status)];
    const steps = [
      { fromMs: deletedMs, version: from, weights: CLEAR, provisioned: [] },
      { fromMs: startMs, version: to, weights: CLEAR, provisioned: [] },
      { fromMs: putMs, version: to, weights: CLEAR, provisioned: alias("in-progress") },
      { fromMs: endMs, version: to, weights: CLEAR, provisioned: alias("ready") },
    ];
    return { steps, endMs };
  },
};

/** An outage within a shielded gap, short of the allowance, for some of them. */
export function outagesInGaps(gaps: readonly TrueGap[], random: Random): readonly Outage[] {
  return gaps.flatMap((gap) => {
    if (gap.isExposed || !random.chance(0.5)) return [];
    const startMs = random.uniform(gap.startMs, gap.endMs - 30_000);
    return [
      { kind: "fast" as const, startMs, endMs: gap.endMs + random.uniform(-20_000, 400_000) },
    ];
  });
}

export function stateAt(states: readonly FunctionState[], atMs: number): FunctionState {
  const found = states.findLast(({ fromMs }) => fromMs <= atMs) ?? states[0];
  if (found === undefined) throw new Error("a function without a state was looked at");
  return found;
}
