import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ComparisonOperator, Statistic } from "@aws-sdk/client-cloudwatch";
import { ALARM_WORDS } from "@vigil/core";
import { describe, expect, it } from "vitest";

/** The SDK has these as plain strings: its documentation is what lists them. */
function documented(parameter: string): readonly string[] {
  const main = createRequire(import.meta.url).resolve("@aws-sdk/client-cloudwatch");
  const path = join(dirname(main), "../dist-types/models/models_0.d.ts");
  const text = readFileSync(path, "utf8");
  const [before = ""] = text.split(`    ${parameter}?: string`).slice(-2);
  const values = before.split("Valid Values: <code>").at(-1) ?? "";
  return values.slice(0, values.indexOf("</code>")).split(" | ");
}

describe("what CloudWatch takes as strings", () => {
  it.each([
    ["statistic", Object.values(Statistic)],
    ["comparison", Object.values(ComparisonOperator)],
    ["missingData", documented("TreatMissingData")],
  ] as const)("%s is spelt as its SDK spells it", (kind, known) => {
    expect(known.length).toBeGreaterThan(1);
    expect(ALARM_WORDS[kind].filter((word) => !known.includes(word as never))).toEqual([]);
  });

  it("extended statistics are percentiles", () => {
    for (const word of ALARM_WORDS.extendedStatistic) expect(word).toMatch(/^p\d{1,2}$/u);
  });
});
