import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { shapeOf } from "../../src/config/leaf.ts";
import { configSchema } from "../../src/config/schema.ts";
import { configMarkdown } from "../../src/config-page/page.ts";
import { schemaKeys } from "../../src/config-page/walk.ts";
import { KEY_WORDS } from "../../src/config-page/words.ts";

const PAGE = configMarkdown();
const ROWS = PAGE.split("\n").filter((line) => line.startsWith("| `"));

describe("docs/config.md", () => {
  it("has words for each key of the schema, and for no other", () => {
    const keys = schemaKeys().map(({ path }) => path);
    expect(keys.length).toBeGreaterThan(80);
    expect(Object.keys(KEY_WORDS).toSorted()).toEqual(keys.toSorted());
  });

  it("tells of each key once", () => {
    const told = ROWS.map((row) => row.split("`")[1]);
    expect(told.toSorted()).toEqual(Object.keys(KEY_WORDS).toSorted());
  });

  it("is what the repository holds", () => {
    const file = new URL("../../../../docs/config.md", import.meta.url);
    expect(readFileSync(file, "utf8")).toBe(PAGE);
  });

  it.each([
    ["a number's bounds", "| `slowMs` | a number of milliseconds, 1 to 59,998 | 3,000 |"],
    ["a fraction's bounds", "| `slo` | a percentage, 50 to 99.999 | 99.9 |"],
    ["a duration's", '| `paging.remindEvery` | a duration, `"5m"` to `"24h"` | `"30m"` |'],
    ["words to choose from", '| `profile` | `"lean"` or `"standard"` | `"standard"` |'],
    ["a flag", "| `paging.degraded` | true or false | false |"],
    ["a list", "| `paging.email` | a list; each an email address |  |"],
    ["a list of one at least", "| `targets` | a list, not empty; each an object | **required** |"],
    ["an object's members", "| `demo.region` | an AWS region | **required** |"],
    ["credentials of each kind", "| `targets[].auth.bearer.token` | `secret(…)` | **required** |"],
    [
      "what another key decides",
      "| `targets[].lambda.logGroup` | a log group | `/aws/lambda/NAME` |",
    ],
  ])("takes from the schema %s", (_, row) => {
    expect(ROWS.filter((line) => line.startsWith(row))).toHaveLength(1);
  });

  it("has no shape in words for what has members", () => {
    expect(shapeOf(configSchema)).toBeNull();
  });
});
