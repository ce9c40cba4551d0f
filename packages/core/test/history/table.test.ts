import { describe, expect, it } from "vitest";
import { historyTableName } from "../../src/history/table.ts";

const notName = (written: string) =>
  `The stage ${written} is not a name. Use letters, digits and hyphens only, such as production.`;

describe("the history table's name", () => {
  it.each([
    ["", notName('""')],
    ["my stage", notName('"my stage"')],
    ["prod.eu", notName('"prod.eu"')],
    ["prod_eu", notName('"prod_eu"')],
    ["prod\n", notName('"prod\\n"')],
    ["s".repeat(243), "The stage is 2 characters too long for a table's name. Use a shorter one."],
  ])("refuses the stage %j", (stage, message) => {
    expect(historyTableName(stage)).toEqual({ kind: "invalid-stage", message });
  });

  it.each([
    ["production", "vigil-production-history"],
    ["PR-12", "vigil-PR-12-history"],
    ["s".repeat(241), `vigil-${"s".repeat(241)}-history`],
  ])("takes the stage %j", (stage, name) => {
    expect(historyTableName(stage)).toEqual({ kind: "named", name });
  });
});
