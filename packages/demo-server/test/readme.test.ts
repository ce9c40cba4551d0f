import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { FAULT_GROUPS, FAULTS } from "../src/faults/index.ts";

/** The table of faults, as the README has it. */
function table(): string {
  const rows = Object.values(FAULT_GROUPS).flatMap((names) =>
    names.map((name) => {
      const { code, title, clientSees, cloudWatchShows } = FAULTS[name];
      return `| \`${code}\` | ${code === name ? "" : `\`${name}\``} | ${title} | ${clientSees} | ${cloudWatchShows} |`;
    }),
  );
  const head =
    "| Vigil calls it | Switch, if named otherwise | What happened | A client gets | CloudWatch shows |";
  return [head, "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

it("the README has the table of all faults, as they are", async () => {
  const readme = await readFile(join(import.meta.dirname, "../README.md"), "utf8");
  const [, shown] = /(?:^|\n\n)(\| Vigil calls it [\s\S]*?)\n\n/.exec(readme) ?? [];
  expect(shown).toBe(table());
});
