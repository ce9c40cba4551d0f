import type { Figures } from "./simulate.ts";

/** What the figures are to be. */
export const GOALS = {
  pageP95Seconds: { atMost: 90 },
  falsePagesPerYear: { atMost: 1 },
  missedOutages: { atMost: 0 },
  gapStartBoundsHold: { is: true },
  gapEndErrorSeconds: { atMost: 5 },
  pagesDuringShieldedGaps: { atMost: 0 },
  duplicatePages: { atMost: 0 },
} as const satisfies { readonly [Name in keyof Figures]?: Goal };

type Goal = { readonly atMost: number } | { readonly is: boolean };
export type GoalName = keyof typeof GOALS;

export const GOAL_NAMES = Object.keys(GOALS) as readonly GoalName[];

/** In the order of {@link GOALS}. */
export function missedGoals(figures: Figures): readonly GoalName[] {
  return GOAL_NAMES.filter((name) => !holds(figures[name], GOALS[name]));
}

/** Written this way round, what is no number holds no goal. */
function holds(value: number | boolean, goal: Goal): boolean {
  return "is" in goal ? value === goal.is : Number(value) <= goal.atMost;
}

export function goalText(name: GoalName): string {
  const goal: Goal = GOALS[name];
  return "is" in goal ? `goal ${goal.is}` : `goal at most ${goal.atMost}`;
}
