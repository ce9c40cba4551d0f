import type { GapRecord, WindowExposure } from "@vigil/core";
import type { Palette } from "./palette.ts";
import { tableText } from "./table.ts";
import { plain } from "./text.ts";
import { formatDuration, formatTimestamp, type ZoneOffset } from "./time.ts";

const MAX_REASON = 60;

export interface GapTableOptions {
  readonly now: number;
  readonly palette: Palette;
  readonly offset?: ZoneOffset;
}

/** What clients met, in words. */
const MET: Readonly<Record<WindowExposure, string>> = {
  shielded: "shielded",
  exposed: "exposed",
  failed: "allocation failed",
};

/** Gap windows in the order given. */
export function gapTable(
  gaps: readonly GapRecord[],
  { now, palette, offset }: GapTableOptions,
): string {
  return tableText({
    columns: [
      ["seen", "left"],
      ["duration", "right"],
      ["", "left"],
      ["clients", "left"],
      ["version", "left"],
      ["runs", "right"],
      ["failed", "right"],
      ["slowest", "right"],
      ["why", "left"],
    ],
    rows: gaps.map((gap) => [
      formatTimestamp(Date.parse(gap.openedAt), offset),
      lasted(gap, now),
      gap.end === null ? palette.strong(gap.overdueAt === null ? "open" : "overdue") : "",
      MET[gap.exposure],
      plain(gap.version),
      String(gap.evidence?.runs ?? ""),
      String(gap.evidence?.failures ?? ""),
      gap.evidence?.slowestMs == null ? "" : formatDuration(gap.evidence.slowestMs),
      plain(gap.reason ?? ENDED[gap.ended ?? "ready"], MAX_REASON),
    ]),
    paintHead: palette.faint,
  });
}

const ENDED: Readonly<Record<NonNullable<GapRecord["ended"]>, string>> = {
  ready: "",
  removed: "provisioned concurrency was not put again",
  gone: "the function or its alias was deleted",
};

/** At least from the last that it can have begun to the first that it can have ended, at most the other way. */
function lasted({ start, end }: GapRecord, now: number): string {
  const from = Date.parse(start.notAfter);
  if (end === null) return `${formatDuration(now - from)} …`;
  const least = Date.parse(end.notBefore ?? end.notAfter) - from;
  const most = Date.parse(end.notAfter) - Date.parse(start.notBefore ?? start.notAfter);
  return `${formatDuration(Math.max(0, least))} to ${formatDuration(most)}`;
}

/** A gap window as `--json` prints it. */
export function gapJson({ target, ...rest }: GapRecord): object {
  return { schema: 1, target, ...rest };
}
