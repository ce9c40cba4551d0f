import { describe, expect, it } from "vitest";
import {
  bearer,
  defineConfig,
  parseConfig,
  secret,
  type VigilConfig,
} from "../../src/config/index.ts";
import { BARE, GOOD, LAMBDA_URL } from "./fixtures.ts";
import { FULL } from "./full-config.ts";

const NO_PAGING: VigilConfig["paging"] = {
  email: [],
  https: [],
  deadman: null,
  routes: [],
  remindEveryMs: 1_800_000,
  degraded: false,
};

const BARE_CONFIG: VigilConfig = {
  vantages: ["local"],
  profile: "standard",
  slo: 99.9,
  paging: NO_PAGING,
  demo: null,
  deployments: { cloudtrail: false },
  targets: [BARE],
};

const DESIGNED = defineConfig({
  vantages: ["eu-west-1"],
  profile: "standard",
  slo: 99.9,
  defaults: {
    clientTimeoutMs: 10_000,
    runTimeoutMs: 15_000,
    slowMs: 3_000,
    confirm: { delaysMs: [2_000, 6_000], withinMs: 20_000 },
  },
  paging: {
    email: ["oncall@example.com"],
    https: [],
    deadman: "https://pings.example.com/1",
    remindEvery: "1h",
    routes: [{ when: { owner: ["team-orders"] }, email: ["orders@example.com"] }],
  },
  targets: [
    {
      name: "orders",
      url: LAMBDA_URL,
      region: "us-east-1",
      tags: ["payments"],
      owner: "team-orders",
      severity: "critical",
      runbook: "https://wiki.example.com/orders",
      lambda: { functionName: "McpServer", qualifier: "production" },
      era: "auto",
      auth: bearer(secret("ssm:/vigil/orders/token")),
      expect: { tools: ["query_table"], minTools: 1, minProtocolVersion: "2025-03-26" },
      sentinels: [
        { tool: "query_table", arguments: { tableName: "health" }, expect: { contains: "ok" } },
      ],
      stream: { tool: "progress", arguments: {}, minEvents: 2, minSpreadMs: 200 },
      concurrency: { every: "60m", clients: 3 },
      maintenance: [{ cron: "0 3 * * 0", minutes: 30 }],
    },
  ],
});

describe("a whole config", () => {
  it("is defineConfig's argument itself", () => {
    expect(defineConfig(DESIGNED)).toBe(DESIGNED);
  });

  it("has every default filled in", () => {
    expect(parseConfig(GOOD)).toEqual({ ok: true, config: BARE_CONFIG });
  });

  it("keeps all that was written", () => {
    expect(parseConfig(DESIGNED)).toEqual({
      ok: true,
      config: {
        vantages: ["eu-west-1"],
        profile: "standard",
        slo: 99.9,
        demo: null,
        deployments: { cloudtrail: false },
        paging: {
          email: ["oncall@example.com"],
          https: [],
          deadman: "https://pings.example.com/1",
          routes: [
            {
              when: { severity: [], tags: [], owner: ["team-orders"] },
              email: ["orders@example.com"],
              https: [],
            },
          ],
          remindEveryMs: 3_600_000,
          degraded: false,
        },
        targets: [
          {
            ...BARE,
            url: LAMBDA_URL,
            region: "us-east-1",
            tags: ["payments"],
            owner: "team-orders",
            runbook: "https://wiki.example.com/orders",
            lambda: {
              functionName: "McpServer",
              qualifier: "production",
              reportLines: false,
              logGroup: "/aws/lambda/McpServer",
              gapAllowanceMs: 300_000,
            },
            auth: { type: "bearer", token: { secret: "ssm:/vigil/orders/token" } },
            expect: { ...BARE.expect, tools: ["query_table"], minProtocolVersion: "2025-03-26" },
            sentinels: [
              {
                tool: "query_table",
                arguments: { tableName: "health" },
                expect: { contains: "ok" },
                allowWrites: false,
              },
            ],
            stream: {
              everyMs: 600_000,
              tool: "progress",
              arguments: {},
              minEvents: 2,
              minSpreadMs: 200,
              allowWrites: false,
            },
            concurrency: { everyMs: 3_600_000, clients: 3 },
            maintenance: [{ cron: "0 3 * * 0", minutes: 30 }],
          },
        ],
      },
    });
  });

  it("prefers what a target says to the defaults, and those to ours", () => {
    const read = parseConfig(FULL);
    const limits = (read.ok ? read.config.targets : []).map((target) => [
      target.name,
      target.clientTimeoutMs,
      target.runTimeoutMs,
      target.slowMs,
      target.maxResponseBytes,
      target.confirm,
    ]);
    expect(limits.slice(0, 2)).toEqual([
      ["orders", 8_000, 13_000, 2_000, 32_768, { delaysMs: [], withinMs: 24_000 }],
      ["keyed", 9_000, 14_000, 2_500, 65_536, { delaysMs: [1_000, 5_000], withinMs: 25_000 }],
    ]);
  });
});
