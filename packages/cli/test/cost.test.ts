import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCost } from "../src/commands/cost.ts";
import type { CostFlags } from "../src/flags.ts";
import { createFakeIo } from "./fake-io.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "vigil-cost-"));
});
afterAll(() => rmSync(cwd, { recursive: true }));

async function cost(flags: CostFlags = {}) {
  const { io, written } = createFakeIo({ cwd });
  const code = await runCost(flags, { io });
  return { code, text: written.join("") };
}

function write(name: string, config: object): string {
  writeFileSync(join(cwd, name), `export default ${JSON.stringify(config)};`);
  return name;
}

const target = (name: string, rest: object = {}) => ({
  name,
  url: `https://${name}.example.com/mcp`,
  ...rest,
});

describe("vigil cost", () => {
  it("counts the demo's target where there is no config", async () => {
    expect(await cost()).toEqual({
      code: 0,
      text: `\
out:Monthly bill of the demo server, for there is no config here: 1 target from 1 vantage, in US dollars

line                               lean  standard
CloudWatch custom metrics          0.60      1.50
CloudWatch PutMetricData           0.44      0.44
CloudWatch alarms                  0.40      0.50
Lambda probe, compute              0.18      0.18
Lambda probe, requests             0.01      0.01
Lambda replay, compute             0.04      0.04
Lambda replay, requests            0.00      0.00
Lambda pager, compute              0.00      0.00
Lambda pager, requests             0.00      0.00
Lambda widget, compute             0.00      0.00
Lambda widget, requests            0.00      0.00
EventBridge Scheduler              0.06      0.06
DynamoDB writes                    0.06      0.06
DynamoDB reads                     0.01      0.01
DynamoDB storage                   0.03      0.03
DynamoDB point-in-time recovery    0.02      0.02
CloudWatch Logs, ingestion         0.06      0.06
CloudWatch Logs, 30 days' storage  0.00      0.00
SQS, looks into the spill queue    0.00      0.00
SNS, pages and alarms              0.00      0.00
Data sent to targets               0.00      0.00
The target's Lambda, requests      0.04      0.04
The target's Lambda, compute       0.03      0.03
Total                              1.99      2.99
Per target                         1.99      2.99

target  lean  standard
demo    1.99      2.99

The config's profile is standard. Prices of 2026-11-22, us-east-1; no free tier is counted.
Not in the total: 1 dashboard, $3.00. An account's first three of up to 50 metrics are free.
A month in which all is well; docs/cost.md says what is assumed, and how to pay less.
`,
    });
  });

  it("shows the dearest target first, and of many the rest as a number", async () => {
    const names = Array.from({ length: 22 }, (_, n) => `t${n}`);
    const targets = names.map((name) => target(name, name === "t9" ? { era: "both" } : {}));
    const config = write("many.config.mjs", { vantages: ["eu-west-1"], profile: "lean", targets });
    const { text } = await cost({ config });
    const rows = text.split("\n").filter((line) => /^t\d/u.test(line));
    expect(rows).toHaveLength(20);
    expect(rows[0]).toMatch(/^t9 /u);
    expect(text).toContain("\n2 further targets, none dearer: see --json\n");
    expect(text).toContain("The config's profile is lean.");
  });

  it("prints JSON on one line", async () => {
    const targets = [target("orders")];
    const config = write("one.config.mjs", { vantages: ["eu-west-1", "us-west-2"], targets });
    const { code, text } = await cost({ config, json: true });
    expect(code).toBe(0);
    expect(text.split("\n")).toHaveLength(2);
    const { schema, source, profile, bills } = JSON.parse(text.slice("out:".length));
    expect({ schema, source, profile }).toEqual({ schema: 1, source: config, profile: "standard" });
    expect(bills.lean.vantages).toBe(2);
    expect(bills.standard.lines[0]).toEqual({
      line: "metrics",
      title: "CloudWatch custom metrics",
      account: "monitor",
      price: "customMetric",
      unitUsd: 0.3,
      unit: "metric",
      quantity: 8,
      usd: 2.4,
    });
  });

  it.each([
    ["a config that is not there", {}, "absent.ts", "err:vigil: There is no config at "],
    [
      "a config with a mistake",
      { targets: [target("Orders")] },
      "bad.config.mjs",
      "err:vigil: bad.config.mjs has ",
    ],
  ])("refuses %s", async (_title, content, config, message) => {
    if ("targets" in content) write(config, content);
    const { code, text } = await cost({ config });
    expect(code).toBe(2);
    expect(text).toContain(message);
    expect(text).not.toContain("out:");
  });
});
