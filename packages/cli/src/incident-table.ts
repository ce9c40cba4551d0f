import type { Incident } from "@vigil/core";
import { MARKS, type Palette } from "./palette.ts";
import { tableText } from "./table.ts";
import { plain } from "./text.ts";
import { formatDuration, formatTimestamp, type ZoneOffset } from "./time.ts";

const MAX_SUMMARY = 100;

export interface IncidentTableOptions {
  readonly now: number;
  readonly palette: Palette;
  readonly offset?: ZoneOffset;
}

/** Incidents in the order given. */
export function incidentTable(
  incidents: readonly Incident[],
  { now, palette, offset }: IncidentTableOptions,
): string {
  const isMixed = new Set(incidents.map(({ vantage }) => vantage)).size > 1;
  const isExplained = incidents.some(({ likelyCause }) => likelyCause !== undefined);
  return tableText({
    columns: [
      ["opened", "left"],
      ["duration", "right"],
      ["", "left"],
      ["status", "left"],
      ["failed runs", "right"],
      ...(isMixed ? [["vantage", "left"] as const] : []),
      ["modes", "left"],
      ["first failure", "left"],
      ...(isExplained ? [["likely cause", "left"] as const] : []),
    ],
    rows: incidents.map((incident) => [
      formatTimestamp(Date.parse(incident.openedAt), offset),
      formatDuration(incidentMs(incident, now)),
      incident.closedAt === null ? palette.strong("open") : "",
      palette.status[incident.status](`${MARKS[incident.status]} ${incident.status}`),
      String(incident.runsFailed),
      ...(isMixed ? [plain(incident.vantage)] : []),
      incident.modes.join(", "),
      plain(incident.summary ?? "", MAX_SUMMARY),
      ...(isExplained ? [plain(incident.likelyCause ?? "", MAX_SUMMARY)] : []),
    ]),
    paintHead: palette.faint,
  });
}

/** One that goes on has lasted until now. */
function incidentMs({ openedAt, closedAt }: Incident, now: number): number {
  return (closedAt === null ? now : Date.parse(closedAt)) - Date.parse(openedAt);
}

/** An incident as `--json` prints it. */
export function incidentJson(incident: Incident, now: number): object {
  const { target, vantage, openedAt, closedAt, likelyCause = null, ...rest } = incident;
  const durationMs = incidentMs(incident, now);
  return { schema: 1, target, vantage, openedAt, closedAt, durationMs, ...rest, likelyCause };
}
