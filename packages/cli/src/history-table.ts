import type { RunRecord } from "@vigil/core";
import { MARKS, type Palette } from "./palette.ts";
import { tableText } from "./table.ts";
import { plain } from "./text.ts";
import { formatDuration, formatTimestamp, type ZoneOffset } from "./time.ts";

/** Runs as a table, in the order given. Times are the machine's own, with their offset. */
export function historyTable(
  records: readonly RunRecord[],
  palette: Palette,
  offset?: ZoneOffset,
): string {
  const vantages = new Set(records.map(({ vantage }) => vantage));
  const isMixed = vantages.size > 1;
  return tableText({
    columns: [
      ["time", "left"],
      ["status", "left"],
      ["duration", "right"],
      ...(isMixed ? [["vantage", "left"] as const] : []),
      ["modes", "left"],
    ],
    rows: records.map((record) => [
      formatTimestamp(Date.parse(record.startedAt), offset),
      palette.status[record.status](`${MARKS[record.status]} ${record.status}`),
      formatDuration(record.durationMs),
      ...(isMixed ? [plain(record.vantage)] : []),
      modes(record),
    ]),
    paintHead: palette.faint,
  });
}

function modes({ failures, confirmed, attempts }: RunRecord): string {
  const codes = [...new Set(failures.map(({ mode }) => mode))].join(", ");
  return attempts.length > 1 && !confirmed ? `${codes} (not confirmed)` : codes;
}
