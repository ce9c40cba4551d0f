import type { Alert, Datapoint, GapWindow, News, Page, Target, TargetState } from "@vigil/core";
import type { Agenda } from "./agenda.ts";
import { sample } from "./distributions.ts";
import type { Random } from "./random.ts";
import type { Wire } from "./run.ts";

export const MINUTE_MS = 60_000;

/** How a schedule of every minute fires within its minutes. */
export const SCHEDULINGS = ["independent", "steady"] as const;
export type Scheduling = (typeof SCHEDULINGS)[number];

export interface SentPage {
  readonly page: Page;
  /** When a person has it. */
  readonly atMs: number;
}

/** What is kept at home, by whoever writes it and reads it. */
export interface Store {
  /** By vantage. */
  readonly states: Map<string, TargetState>;
  /** Written under a condition: whoever read an older revision writes nothing. */
  alert: { readonly revision: number; readonly value: Alert | null };
  openGap: GapWindow | null;
  /** When the last alert was over. */
  closedAt: string | null;
}

/** One target and all that watches it, for one simulated day. */
export interface World {
  readonly agenda: Agenda;
  readonly random: Random;
  readonly target: Target;
  readonly vantages: readonly string[];
  readonly wire: Wire;
  readonly store: Store;
  readonly scheduling: Scheduling;
  /** Every event comes at most so often, and once at least. */
  readonly copies: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly pages: SentPage[];
  /** Repeats of each confirmed run, by the minute that it was for. */
  readonly confirmed: Map<string, number>;
}

/** What one part of the loop hands to the next. */
export interface Wires {
  /** Asks the pager to look, by a delivery that was just made. */
  readonly page: (news: News | null) => void;
  readonly publish: (points: readonly Datapoint[], vantage: string) => void;
}

/** Hands an event over, as often as it comes; each time after a delay of its own. */
export function deliver(
  { agenda, random, copies }: World,
  timing: "asyncDelay" | "alarmAction",
  act: () => void,
): void {
  const times = copies === 1 ? 1 : random.whole(1, copies);
  for (let time = 0; time < times; time += 1) agenda.after(sample(timing, random), act);
}

/** Fires a schedule once in each minute of the day, and says which minute it is for, epoch milliseconds. */
export function everyMinute(world: World, fire: (minuteMs: number) => void): void {
  const { random, scheduling } = world;
  const phaseMs = sample("phase", random);
  const offsets: Readonly<Record<Scheduling, () => number>> = {
    independent: () => sample("withinMinute", random),
    steady: () => phaseMs + sample("wander", random),
  };
  eachMinute(world, (minuteMs) =>
    world.agenda.at(minuteMs + offsets[scheduling](), () => fire(minuteMs)),
  );
}

/** At the beginning of each minute of the day. */
export function eachMinute({ agenda, startMs, endMs }: World, act: (minuteMs: number) => void) {
  const begin = (minuteMs: number) => {
    act(minuteMs);
    const nextMs = minuteMs + MINUTE_MS;
    if (nextMs < endMs) agenda.at(nextMs, () => begin(nextMs));
  };
  begin(startMs);
}
