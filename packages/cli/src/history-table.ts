import type { RunRecord } from "@vigil/core";
import Table from "cli-table3";
import { MARKS, type Palette } from "./palette.ts";
import { formatDuration, formatTimestamp, type ZoneOffset } from "./time.ts";

const NO_RULES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** Runs as a table, in the order given. Times are the machine's own, with their offset. */
export function historyTable(
  records: readonly RunRecord[],
  palette: Palette,
  offset?: ZoneOffset,
): string {
  const table = new Table({
    head: ["time", "status", "duration", "modes"].map(palette.faint),
    chars: NO_RULES,
    // The table's own colours would ignore NO_COLOR.
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: ["left", "left", "right", "left"],
  });
  for (const record of records) {
    table.push([
      formatTimestamp(Date.parse(record.startedAt), offset),
      palette.status[record.status](`${MARKS[record.status]} ${record.status}`),
      formatDuration(record.durationMs),
      modes(record),
    ]);
  }
  const lines = table.toString().split("\n");
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function modes({ failures, confirmed, attempts }: RunRecord): string {
  const codes = [...new Set(failures.map(({ mode }) => mode))].join(", ");
  return attempts.length > 1 && !confirmed ? `${codes} (not confirmed)` : codes;
}
