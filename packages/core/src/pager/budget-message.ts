import { BURNS, type BudgetPage } from "./budget.ts";
import {
  attributesOf,
  notice,
  noticeKey,
  type OutgoingPage,
  type RoutedTarget,
} from "./outgoing.ts";
import { duration, utc } from "./page-words.ts";

export interface BudgetFacts {
  readonly page: BudgetPage;
  readonly target: RoutedTarget;
  /** Percent of good runs to be kept. */
  readonly objective: number;
  readonly stage: string | null;
}

const DAYS = 30;

/** The warning that a target's error budget is being spent too fast, though it may be up now. */
export function budgetMessage({ page, target, objective, stage }: BudgetFacts): OutgoingPage {
  const { burn, at } = page;
  const { name } = target;
  const { longMs } = BURNS.find(({ pace }) => pace === burn.pace) ?? BURNS[0];
  const times = Math.round(burn.rate * 10) / 10;
  const lasts = `${Math.round((DAYS / burn.rate) * 10) / 10} days`;
  const where = stage === null ? "" : ` --stage ${stage}`;
  const body = [
    `${name} fails too often to keep its objective of ${objective} %.`,
    "",
    `  In the last ${duration(longMs)}: ${burn.bad} of ${burn.judged} first attempts failed.`,
    `  Burn rate: ${times}. At this pace the error budget of ${DAYS} days lasts ${lasts}.`,
    "",
    "It may be up again now: most failures pass at a repeat. Clients do not repeat.",
    "What fails, and how often:",
    `  vigil slo ${name}${where}`,
    `  vigil history ${name} --since 6h${where}`,
    "",
    `Seen at ${utc(at)}. You are warned again after a day if it goes on.`,
    "",
  ].join("\n");
  return {
    ...notice({
      headline: `ALARM: ${name} spends its error budget ${times} times too fast`,
      body,
      key: noticeKey(stage, name, "budget"),
      state: "ALARM",
      at,
      vigil: { kind: "budget", target: name, pace: burn.pace, burnRate: burn.rate },
    }),
    attributes: attributesOf("budget", [target]),
  };
}
