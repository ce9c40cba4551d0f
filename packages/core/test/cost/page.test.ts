import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COST_PATH, costMarkdown } from "../../src/cost/index.ts";

const page = costMarkdown();
const lines = page.split("\n");

describe("docs/cost.md", () => {
  it("is as it is generated", () => {
    const path = join(import.meta.dirname, "../../../..", COST_PATH);
    expect(readFileSync(path, "utf8")).toBe(page);
  });

  it.each([
    "| CloudWatch custom metrics | 5 | $0.30 per metric | 1.5000 |",
    "| Lambda probe, compute | 13,140 | $0.0000133334 per GB-second | 0.1752 |",
    "| CloudWatch PutMetricData | 43,800 | $0.00001 per request | 0.4380 |",
    "| DynamoDB storage | 0.12007 | $0.25 per GB | 0.0300 |",
    "| **Total** |  |  | **2.99** |",
    "| **Total** |  |  | **7.64** |",
    "| **Each target** |  |  | **0.76** |",
    "The goal is at most $3.00: kept, with $0.01 to spare.",
    "The goal is at most $0.80: kept, with $0.04 to spare.",
    "| Vigil, lean, each of ten | 0.76 | the table above |",
    "| Vigil, standard, one alone | 2.99 | the table above |",
    "| CloudWatch Synthetics | 52.56 | 43,800 runs at $0.0012, without their Lambda, S3 and logs |",
  ])("says %s", (line) => {
    expect(lines).toContain(line);
  });
});
