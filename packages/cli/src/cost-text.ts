import { type Bill, PROFILES, type Profile } from "@vigil/core";
import type { Palette } from "./palette.ts";
import { tableText } from "./table.ts";
import { count } from "./text.ts";

export type Bills = Readonly<Record<Profile, Bill>>;

/** Whose bill it is. */
export interface CostSubject {
  /** The config's path, or what stands for it. */
  readonly source: string;
  /** The profile that is in force. */
  readonly profile: Profile;
  readonly bills: Bills;
}

/** Beyond these, the dearest are shown. */
const MAX_TARGETS = 20;

export function costText({ source, profile, bills }: CostSubject, palette: Palette): string {
  const { vantages, targets, dashboards, pricesDate, pricesRegion } = bills[profile];
  const what = `${count(targets.length, "target")} from ${count(vantages, "vantage")}`;
  const head = `Monthly bill of ${source}: ${what}, in US dollars\n`;
  const columns = PROFILES.map((name) => [name, "right"] as const);
  const lines = tableText({
    columns: [["line", "left"], ...columns],
    rows: [...lineRows(bills), ...sumRows(bills, palette)],
    paintHead: palette.faint,
  });
  const byTarget = tableText({
    columns: [["target", "left"], ...columns],
    rows: targetRows(bills, profile),
    paintHead: palette.faint,
  });
  const rest = targets.length - MAX_TARGETS;
  const more = rest > 0 ? [`${count(rest, "further target")}, none dearer: see --json\n`] : [];
  const notes = [
    `The config's profile is ${profile}. Prices of ${pricesDate}, ${pricesRegion}; no free tier is counted.`,
    `Not in the total: ${count(dashboards.count, "dashboard")}, $${usd(dashboards.usd)}. An account's first three of up to 50 metrics are free.`,
    "A month in which all is well; docs/cost.md says what is assumed, and how to pay less.",
  ];
  return [head, lines, byTarget, ...more, `${notes.join("\n")}\n`].join("\n");
}

function lineRows(bills: Bills): readonly (readonly string[])[] {
  return bills.standard.lines.map(({ title }, index) => [
    title,
    ...PROFILES.map((profile) => usd(bills[profile].lines[index]?.usd ?? 0)),
  ]);
}

function sumRows(bills: Bills, { strong }: Palette): readonly (readonly string[])[] {
  const row = (title: string, of: (bill: Bill) => number) =>
    [title, ...PROFILES.map((profile) => usd(of(bills[profile])))].map(strong);
  return [row("Total", (bill) => bill.totalUsd), row("Per target", (bill) => bill.perTargetUsd)];
}

function targetRows(bills: Bills, profile: Profile): readonly (readonly string[])[] {
  const dearest = bills[profile].targets
    .map((bill, index) => ({ ...bill, index }))
    .sort((a, b) => b.usd - a.usd)
    .slice(0, MAX_TARGETS);
  return dearest.map(({ target, index }) => [
    target,
    ...PROFILES.map((name) => usd(bills[name].targets[index]?.usd ?? 0)),
  ]);
}

/** Dollars with cents; a tenth of a cent is not worth a column. */
function usd(amount: number): string {
  return amount.toFixed(2);
}

/** The bill as `--json` prints it: on one line, unrounded. */
export function costJson({ source, profile, bills }: CostSubject): object {
  return { schema: 1, source, profile, bills };
}
