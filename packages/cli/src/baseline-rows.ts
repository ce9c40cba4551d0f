import type { EraComparison } from "@vigil/core";

/** One thing that differs from the accepted tools. */
export interface BaselineChange {
  readonly era: EraComparison["era"];
  readonly tool: string;
  readonly change: "removed" | "changed" | "added";
  /** The argument; empty for the tool as a whole. */
  readonly path: string;
  readonly breaking: boolean;
  /** It cannot be told whether it breaks callers, and counts as breaking. */
  readonly unclear: boolean;
  readonly text: string;
}

/** All that differs; of each era, what breaks callers first. */
export function baselineChanges(eras: readonly EraComparison[]): readonly BaselineChange[] {
  return eras.flatMap(({ era, comparison }) => {
    const { removed, added, changed } = comparison;
    const whole = { era, path: "", unclear: false };
    const details = changed.flatMap(({ tool, changes }) =>
      changes.map(({ path, kind, breaking, text }) => ({
        era,
        tool,
        change: "changed" as const,
        path,
        breaking,
        unclear: breaking && kind === "unclear",
        text,
      })),
    );
    const rows: readonly BaselineChange[] = [
      ...removed.map((tool) => ({
        ...whole,
        tool,
        change: "removed" as const,
        breaking: true,
        text: "was removed",
      })),
      ...details,
      ...added.map((tool) => ({
        ...whole,
        tool,
        change: "added" as const,
        breaking: false,
        text: "was added",
      })),
    ];
    return [...rows.filter((row) => row.breaking), ...rows.filter((row) => !row.breaking)];
  });
}
