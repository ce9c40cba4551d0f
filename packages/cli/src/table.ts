import Table from "cli-table3";

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

type Align = "left" | "right";

export interface TableOptions {
  readonly columns: readonly (readonly [head: string, align: Align])[];
  /** Cells may be painted; what servers said is made plain before. */
  readonly rows: readonly (readonly string[])[];
  readonly paintHead: (text: string) => string;
}

/** Columns under their heads, without rules, each line trimmed. */
export function tableText({ columns, rows, paintHead }: TableOptions): string {
  const table = new Table({
    head: columns.map(([head]) => paintHead(head)),
    chars: NO_RULES,
    // The table's own colours would ignore NO_COLOR.
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: columns.map(([, align]) => align),
  });
  table.push(...rows.map((row) => [...row]));
  const lines = table.toString().split("\n");
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}
