import { ERAS, type ToolBaseline, type ToolLists, type ToolSnapshot } from "@vigil/core";
import type { BaselineChange } from "./baseline-rows.ts";
import { MARKS, type Palette } from "./palette.ts";
import { tableText } from "./table.ts";
import { count, plain } from "./text.ts";
import { formatTimestamp, type ZoneOffset } from "./time.ts";

export interface BaselineView {
  readonly target: string;
  readonly baseline: ToolBaseline | null;
  readonly latest: ToolSnapshot | null;
  readonly changes: readonly BaselineChange[];
}

export interface BaselineTextOptions {
  readonly palette: Palette;
  readonly offset?: ZoneOffset;
}

/** Names of tools in one line; the rest is counted. */
const MAX_NAMES = 20;
const LABEL_WIDTH = 10;

/** What was accepted, what the target lists now, and what differs. */
export function baselineText(view: BaselineView, options: BaselineTextOptions): string {
  const { target, baseline, changes } = view;
  const blocks = [
    baseline === null
      ? `${target} has no baseline yet: the first good run sets it.\n`
      : acceptedText(target, baseline, options),
    latestText(view, options),
    changes.length === 0 ? "" : changesTable(changes, options.palette),
    changes.length === 0
      ? ""
      : `vigil baseline accept ${target} takes what it lists now as the new baseline.\n`,
  ];
  return blocks.filter((block) => block !== "").join("\n");
}

function acceptedText(
  target: string,
  baseline: ToolBaseline,
  { palette, offset }: BaselineTextOptions,
): string {
  const { acceptedAt, acceptedBy, previousAcceptedAt, lists } = baseline;
  const time = (iso: string) => formatTimestamp(Date.parse(iso), offset);
  const how = acceptedBy === "operator" ? "with vigil baseline accept" : "with the first good run";
  const before = previousAcceptedAt === null ? "" : `; the one before ${time(previousAcceptedAt)}`;
  return [
    `${palette.strong(target)}\n`,
    line("accepted", `${time(acceptedAt)}, ${how}${before}`),
    ...listLines(lists),
  ].join("");
}

function listLines(lists: ToolLists): readonly string[] {
  const eras = ERAS.filter((era) => lists[era] !== undefined);
  return eras.flatMap((era) => {
    const { tools = [], toolsHash = "", toolCount = 0 } = lists[era] ?? {};
    const names = tools.map(({ name }) => name).sort();
    const shown = names.slice(0, MAX_NAMES).map((name) => plain(name, 60));
    const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
    const of = eras.length > 1 ? ` (${era} era)` : "";
    const told = names.length === 0 ? "" : `: ${shown.join(", ")}${more}`;
    return [line("tools", `${toolCount}${of}${told}`), line("hash", toolsHash)];
  });
}

function latestText({ baseline, latest, changes }: BaselineView, options: BaselineTextOptions) {
  if (latest === null) {
    return "No run has come to the end of its tools' list.\n";
  }
  if (baseline === null) {
    return `${line("now", since(latest, options))}${listLines(latest.lists).join("")}`;
  }
  if (changes.length === 0) {
    return "The tools that were listed last are the accepted ones.\n";
  }
  const breaking = changes.filter((change) => change.breaking).length;
  const callers = breaking === 0 ? "callers can go on as before" : `${breaking} breaking callers`;
  return line("now", `${since(latest, options)}: ${count(changes.length, "change")}, ${callers}`);
}

function since({ at }: ToolSnapshot, { offset }: BaselineTextOptions): string {
  return `since ${formatTimestamp(Date.parse(at), offset)}`;
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${text}\n`;
}

/** What differs, one row each. */
export function changesTable(changes: readonly BaselineChange[], palette: Palette): string {
  const isMixed = new Set(changes.map(({ era }) => era)).size > 1;
  return tableText({
    columns: [
      ["callers", "left"],
      ...(isMixed ? [["era", "left"] as const] : []),
      ["tool", "left"],
      ["change", "left"],
    ],
    rows: changes.map((change) => [
      effectOf(change, palette),
      ...(isMixed ? [change.era] : []),
      plain(change.tool, 60),
      plain(change.text),
    ]),
    paintHead: palette.faint,
  });
}

function effectOf({ breaking, unclear }: BaselineChange, { status }: Palette): string {
  if (!breaking) {
    return status.up(`${MARKS.up} go on`);
  }
  return status.degraded(`${MARKS.degraded} ${unclear ? "may break" : "break"}`);
}
