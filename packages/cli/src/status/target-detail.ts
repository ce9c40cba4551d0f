import type { History } from "@vigil/aws";
import { BUDGET_WINDOW, type RunRecord, sloReport } from "@vigil/core";
import type { TargetDetail } from "@vigil/page";
import { firstRunAt } from "../first-run.ts";
import { collect } from "../read-history.ts";

const LATEST = 20;

export type DetailHistory = Pick<History, "getBaseline" | "getTools" | "rollups" | "runs">;

export interface DetailQuestion {
  readonly target: string;
  /** Percent of good runs to be kept. */
  readonly objective: number;
  readonly now: number;
  /** What explains the newest run; nothing does unless this is given. */
  readonly causeOf?: (newest: RunRecord | undefined) => string | null;
}

/** What a target's own page shows besides what the overview keeps: read when it is asked for. */
export async function readDetail(
  history: DetailHistory,
  { target, objective, now, causeOf }: DetailQuestion,
): Promise<TargetDetail> {
  const since = new Date(now - BUDGET_WINDOW.lengthMs).toISOString();
  const [first, { entries: rollups }, latest, tools, baseline] = await Promise.all([
    firstRunAt(history, { target, vantage: undefined }),
    collect(history.rollups(target, { since, order: "oldest" })),
    latestRuns(history, target),
    history.getTools(target),
    history.getBaseline(target),
  ]);
  return {
    slo: rollups.length === 0 ? null : sloReport({ rollups, objective, now, firstRunAt: first }),
    tools,
    baseline,
    latest,
    likelyCause: causeOf?.(latest[0]) ?? null,
  };
}

async function latestRuns(history: DetailHistory, target: string): Promise<readonly RunRecord[]> {
  return (await collect(history.runs(target, { limit: LATEST }))).entries;
}
