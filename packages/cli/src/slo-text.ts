import type { Attainment, ErrorBudget, SloReport, SloWindowReport } from "@vigil/core";
import type { Palette } from "./palette.ts";
import { attemptsJson, coverageJson } from "./period-rows.ts";
import { formatCount, formatShare } from "./shares.ts";
import { tableText } from "./table.ts";
import { formatDuration } from "./time.ts";

/** Whose report it is, and where its objective comes from. */
export interface SloSubject {
  readonly target: string;
  /** Null for all. */
  readonly vantage: string | null;
  readonly source: string;
}

/** One target's objective: its windows as a table, then the budget. */
export function sloText(report: SloReport, subject: SloSubject, palette: Palette): string {
  const { objective, windows, budget } = report;
  const of = subject.vantage === null ? "" : ` from ${subject.vantage}`;
  const title = `${palette.strong(subject.target)}${of}: ${objective} % of first tries good over 30 d (${subject.source})`;
  const hasGaps = windows.some(({ raw, gapExcluded }) => judged(raw) !== judged(gapExcluded));
  const table = tableText({
    columns: [
      ["window", "left"],
      ["SLI", "right"],
      ["good", "right"],
      ["bad", "right"],
      ["unknown", "right"],
      ["burn", "right"],
      ...(hasGaps ? [["SLI, no gaps", "right"] as const, ["burn, no gaps", "right"] as const] : []),
      ["coverage", "right"],
    ],
    rows: windows.map((window) => cells(window, hasGaps, palette)),
    paintHead: palette.faint,
  });
  const lines = [
    `budget   ${budgetText(budget.raw, palette)}`,
    ...(hasGaps ? [`no gaps  ${budgetText(budget.gapExcluded, palette)}`] : []),
  ];
  return `${title}\n${table}${lines.join("\n")}\n`;
}

function cells(
  { name, raw, gapExcluded, coverage }: SloWindowReport,
  hasGaps: boolean,
  palette: Palette,
): readonly string[] {
  return [
    name,
    sli(raw),
    formatCount(raw.good),
    formatCount(raw.bad),
    formatCount(raw.unknown),
    burn(raw, palette),
    ...(hasGaps ? [sli(gapExcluded), burn(gapExcluded, palette)] : []),
    formatShare(coverage.coveredMs, coverage.elapsedMs),
  ];
}

function judged({ good, bad }: Attainment): number {
  return good + bad;
}

function sli(attainment: Attainment): string {
  return formatShare(attainment.good, judged(attainment));
}

/** Over 1 the budget does not last the 30 days. */
function burn({ burnRate }: Attainment, { status }: Palette): string {
  if (burnRate === null) {
    return "-";
  }
  const text = `${burnRate >= 10 ? Math.round(burnRate) : Math.round(burnRate * 100) / 100}x`;
  return burnRate > 1 ? status.down(text) : text;
}

function budgetText(budget: ErrorBudget, { status }: Palette): string {
  const { leftPercent, allowedRuns, spentRuns, allowedMinutes, spentMinutes } = budget;
  if (leftPercent === null) {
    return "nothing could be judged in 30 d, so there is none yet";
  }
  const left =
    leftPercent < 0
      ? status.down(`overdrawn${allowedRuns < 1 ? "" : ` by ${percent(-leftPercent)}`}`)
      : `${percent(leftPercent)} left`;
  const runs = `${formatCount(spentRuns)} of ${allowance(allowedRuns)} bad runs`;
  const time = `${formatDuration(spentMinutes * 60_000)} of ${formatDuration(allowedMinutes * 60_000)}`;
  return `${left}: spent ${runs}, ${time}`;
}

/** While less than one run may be bad, how far it is overdrawn says only how few runs there were. */
function allowance(runs: number): string {
  return runs > 0 && runs < 0.01 ? "less than 0.01" : formatCount(Math.round(runs * 100) / 100);
}

/** Cut, so that what is all but used up does not read as more than it is. */
function percent(value: number): string {
  return `${Math.floor(value * 10) / 10} %`;
}

/** One target's report as `--json` prints it. */
export function sloJson(
  { objective, windows, budget }: SloReport,
  { target, vantage }: SloSubject,
): object {
  const attained = (attainment: Attainment) => {
    const { good, bad, unknown, burnRate } = attainment;
    return { ...attemptsJson({ good, bad, unknown }), burnRate };
  };
  return {
    schema: 1,
    target,
    vantage,
    objective,
    windows: windows.map(({ name, window, raw, gapExcluded, coverage }) => ({
      window: name,
      from: new Date(window.from).toISOString(),
      to: new Date(window.to).toISOString(),
      raw: attained(raw),
      gapExcluded: attained(gapExcluded),
      coverage: coverageJson(coverage),
    })),
    budget: { window: "30d", ...budget },
  };
}
