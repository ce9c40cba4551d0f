import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { drawn, HOME } from "./drawn.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../../..", "docs/cloudwatch.md"), "utf8");

/** The titles that the page's tables explain, in their order. */
const explained = [...PAGE.matchAll(/^\| `([^`]+)`/gmu)].map(([, title]) => title);

/** Every title of a dashboard with all that one can have. */
const titles = drawn({
  vantages: [HOME],
  targets: [
    {
      name: "orders",
      url: "https://orders.example.com/mcp",
      region: "us-east-1",
      lambda: { functionName: "McpServer", qualifier: "production" },
      sentinels: [{ tool: "ping" }],
    },
  ],
}).flatMap(({ body }) =>
  body.widgets.flatMap((one) => (one.type === "text" ? [] : [one.properties.title])),
);

describe("docs/cloudwatch.md", () => {
  it("explains every widget, in the order in which it stands on the dashboard", () => {
    const named = titles.map((title) =>
      title.replace("orders:", "<target>:").replace("of 1", "of N"),
    );
    expect(explained).toEqual(named);
  });

  it("names every metric that is drawn", () => {
    const metrics = drawn({
      vantages: [HOME],
      targets: [{ name: "t", url: "https://t.example.com/mcp" }],
    })
      .flatMap(({ body }) => body.widgets)
      .flatMap((one) => (one.type === "metric" ? one.properties.metrics : []))
      .flatMap(([, metric]) => (typeof metric === "string" ? [metric] : []));
    expect(metrics.length).toBeGreaterThan(5);
    expect(metrics.filter((metric) => !PAGE.includes(`\`${metric}\``))).toEqual([]);
  });
});
