import type { ToolsComparison } from "./compare-tools.ts";
import { clip } from "./finding.ts";

/** Things that one line names; the rest is counted. */
const MAX_NAMED = 4;

/** What of a comparison breaks callers, in one line. */
export function breakingText({ removed, changed }: ToolsComparison): string {
  const changes = changed.flatMap(({ tool, changes: own }) =>
    own
      .filter(({ breaking }) => breaking)
      .map(({ text, kind }) => ({ text: `${clip(tool)}: ${text}`, sure: kind !== "unclear" })),
  );
  const gone = removed.map((tool) => ({ text: `${clip(tool)} was removed`, sure: true }));
  const all = [...gone, ...changes];
  const more = all.length - MAX_NAMED;
  const named = all.slice(0, MAX_NAMED).map(({ text }) => text);
  const rest = more > 0 ? `; and ${more} more` : "";
  const sure = all.some((one) => one.sure);
  return `${named.join("; ")}${rest} (${sure ? "breaking" : "perhaps breaking"} for callers)`;
}
