import { readdirSync, readFileSync } from "node:fs";
import { METRICS } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { metricsMarkdown } from "../src/metrics-page.ts";
import { createMetrics } from "../src/status/prometheus.ts";
import { PROMETHEUS } from "../src/status/prometheus-registry.ts";

const DOCS = new URL("../../../docs/", import.meta.url);
const PAGE = metricsMarkdown();
const ROWS = PAGE.split("\n").filter((line) => line.startsWith("| `"));

describe("docs/metrics.md", () => {
  it("is what the repository holds", () => {
    expect(readFileSync(new URL("metrics.md", DOCS), "utf8")).toBe(PAGE);
  });

  it.each(Object.keys(METRICS))("tells of CloudWatch's %s, once", (name) => {
    expect(ROWS.filter((row) => row.startsWith(`| \`${name}\` |`))).toHaveLength(1);
  });

  it.each([
    [
      "`ProbeSuccess` | None | `Target`, `Vantage` | both | every minute",
      "`<target>-<vantage>-down` |",
    ],
    ["`ProbeDuration` | Milliseconds | `Target`, `Vantage` | standard | ", "`<target>-slow` |"],
    ["`DeployGap` | Count | `Target` | both | minutes in which", "– |"],
    [
      "`heartbeat-<vantage>-invocations` | `AWS/Lambda` `Invocations`, `AWS/Lambda` `Errors`",
      "Sum |",
    ],
    ["`vigil_step_duration_seconds` | gauge | `target`, `vantage`, `step` |", "took. |"],
  ])("has a row that begins with %s", (begins, ends) => {
    const rows = ROWS.filter((row) => row.startsWith(`| ${begins}`) && row.endsWith(ends));
    expect(rows).toHaveLength(1);
  });
});

describe("the registry of Prometheus's metrics", () => {
  it("is what /metrics serves of Vigil's own, with type and help", async () => {
    const model = { now: 0, targets: [] } as unknown as Parameters<Metrics["text"]>[0];
    const health = { lostRuns: 0 } as Parameters<Metrics["text"]>[1];
    const served = (await createMetrics("1.2.3").text(model, health)).split("\n");
    const said = served.filter((line) => /^# (?:HELP|TYPE) vigil_/.test(line));
    const defined = Object.values(PROMETHEUS).flatMap(({ name, type, help }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
    ]);
    expect(said.toSorted()).toEqual(defined.toSorted());
  });

  it("has every name that the documents use", () => {
    const names: readonly string[] = Object.values(PROMETHEUS).map(({ name }) => name);
    const used = readdirSync(DOCS)
      .filter((file) => file.endsWith(".md"))
      .flatMap((file) => readFileSync(new URL(file, DOCS), "utf8").match(/\bvigil_[a-z_]+/g) ?? []);
    expect(used.length).toBeGreaterThan(names.length);
    expect([...new Set(used)].filter((name) => !names.includes(name))).toEqual([]);
  });
});

type Metrics = ReturnType<typeof createMetrics>;
