import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.ts";
import { asFindings, type BadRow, GOOD } from "./fixtures.ts";

/** One bad config per rule, and the one finding that it yields. */
const ROWS: readonly BadRow[] = [
  {
    name: "no config",
    input: undefined,
    finding: ["", "is missing", "Write export default defineConfig({ targets: [ … ] })."],
  },
  {
    name: "a config that is no object",
    input: "vigil",
    finding: [
      "",
      "must be an object, not text",
      "Write export default defineConfig({ targets: [ … ] }).",
    ],
  },
  {
    name: "an unknown key, nearly right",
    input: { ...GOOD, vantage: ["eu-west-1"] },
    finding: ["vantage", "is an unknown key", "Did you mean vantages? Otherwise remove it."],
  },
  {
    name: "an unknown key, like none",
    input: { ...GOOD, alerting: {} },
    finding: [
      "alerting",
      "is an unknown key",
      "Remove it. The keys that belong here: vantages, profile, slo, defaults, paging, demo, deployments, targets.",
    ],
  },
  {
    name: "no targets",
    input: {},
    finding: [
      "targets",
      "is missing",
      'Write at least one server to watch, for example targets: [{ name: "orders", url: "https://…/mcp" }].',
    ],
  },
  {
    name: "an empty list of targets",
    input: { targets: [] },
    finding: [
      "targets",
      "names nothing to watch",
      'Write at least one server to watch, for example targets: [{ name: "orders", url: "https://…/mcp" }].',
    ],
  },
  {
    name: "targets that are no list",
    input: { targets: GOOD.targets[0] },
    finding: [
      "targets",
      "must be a list, not an object",
      'Write at least one server to watch, for example targets: [{ name: "orders", url: "https://…/mcp" }].',
    ],
  },
  {
    name: "a target that is a URL alone",
    input: { targets: ["https://orders.example.com/mcp"] },
    finding: [
      "targets[0]",
      "must be an object, not text",
      'Write { name: "orders", url: "https://…/mcp" }.',
    ],
  },
  {
    name: "no vantage",
    input: { ...GOOD, vantages: [] },
    finding: [
      "vantages",
      "names no vantage",
      'Write the regions to probe from, home first, for example vantages: ["eu-west-1"].',
    ],
  },
  {
    name: "vantages that are no list",
    input: { ...GOOD, vantages: "eu-west-1" },
    finding: [
      "vantages",
      "must be a list, not text",
      'Write the regions to probe from, home first, for example vantages: ["eu-west-1"].',
    ],
  },
  {
    name: "a vantage that is no region",
    input: { ...GOOD, vantages: ["eu-wset-1"] },
    finding: [
      "vantages[0]",
      "is not an AWS region",
      'Did you mean "eu-west-1"? Write an AWS region, for example "eu-west-1", or "local" for one machine.',
    ],
  },
  {
    name: "a vantage like no region",
    input: { ...GOOD, vantages: ["frankfurt"] },
    finding: [
      "vantages[0]",
      "is not an AWS region",
      'Write an AWS region, for example "eu-west-1", or "local" for one machine.',
    ],
  },
  {
    name: "a vantage that is no text",
    input: { ...GOOD, vantages: [1] },
    finding: [
      "vantages[0]",
      "must be an AWS region, not a number",
      'Write an AWS region, for example "eu-west-1", or "local" for one machine.',
    ],
  },
  {
    name: "a vantage named twice",
    input: { ...GOOD, vantages: ["eu-west-1", "local", "eu-west-1"] },
    finding: [
      "vantages[2]",
      "is the same as vantages[0]",
      "Remove one of them; a vantage probes once a minute.",
    ],
  },
  {
    name: "an unknown profile",
    input: { ...GOOD, profile: "leen" },
    finding: ["profile", "is not a profile", 'Did you mean "lean"? Write "lean" or "standard".'],
  },
  {
    name: "a profile that is no text",
    input: { ...GOOD, profile: 1 },
    finding: ["profile", "must be a profile, not a number", 'Write "lean" or "standard".'],
  },
  {
    name: "an objective of less than half",
    input: { ...GOOD, slo: 49.9 },
    finding: [
      "slo",
      "is 49.9; the least allowed is 50",
      "Write the percentage of good runs to be kept, from 50 to 99.999, for example slo: 99.9.",
    ],
  },
  {
    name: "an objective without room for error",
    input: { ...GOOD, slo: 100 },
    finding: [
      "slo",
      "is 100; the most allowed is 99.999",
      "Write the percentage of good runs to be kept, from 50 to 99.999, for example slo: 99.9.",
    ],
  },
  {
    name: "an objective that is no number",
    input: { ...GOOD, slo: "99.9%" },
    finding: [
      "slo",
      "must be a percentage, not text",
      "Write the percentage of good runs to be kept, from 50 to 99.999, for example slo: 99.9.",
    ],
  },
  {
    name: "an objective that is not finite",
    input: { ...GOOD, slo: Number.NaN },
    finding: [
      "slo",
      "must be a finite number",
      "Write the percentage of good runs to be kept, from 50 to 99.999, for example slo: 99.9.",
    ],
  },
  {
    name: "a page to no email address",
    input: { ...GOOD, paging: { email: ["oncall"] } },
    finding: [
      "paging.email[0]",
      "is not an email address",
      'Write one address, for example "oncall@example.com".',
    ],
  },
  {
    name: "two addresses in one text",
    input: { ...GOOD, paging: { email: ["a@example.com, b@example.com"] } },
    finding: [
      "paging.email[0]",
      "is not an email address",
      'Write one address, for example "oncall@example.com".',
    ],
  },
  {
    name: "email that is no list",
    input: { ...GOOD, paging: { email: "oncall@example.com" } },
    finding: [
      "paging.email",
      "must be a list, not text",
      'Write a list of addresses, for example email: ["oncall@example.com"].',
    ],
  },
  {
    name: "pages over plain http",
    input: { ...GOOD, paging: { https: ["http://127.0.0.1/vigil"] } },
    finding: ["paging.https[0]", "is plain http", "Write https://."],
  },
  {
    name: "pages to what is no URL",
    input: { ...GOOD, paging: { https: ["events.example.com"] } },
    finding: [
      "paging.https[0]",
      "does not begin with https://",
      'Write an address that takes pages, for example "https://events.example.com/vigil".',
    ],
  },
  {
    name: "a dead man's switch over plain http",
    input: { ...GOOD, paging: { deadman: "http://pings.example.com/vigil" } },
    finding: [
      "paging.deadman",
      "is plain http, which anyone on the way can read",
      "Write https://. Plain http is for this machine alone: localhost, 127.0.0.1 or [::1].",
    ],
  },
  {
    name: "a demo server without a region",
    input: { ...GOOD, demo: true },
    finding: [
      "demo",
      "must be an object, not true or false",
      'Write { region: "us-east-1" }, the region to deploy the demo server to, or leave demo out.',
    ],
  },
  {
    name: "a fault that is no name",
    input: { ...GOOD, demo: { region: "us-east-1", fault: "Tools empty" } },
    finding: [
      "demo.fault",
      "is not the name of a fault",
      'Write what is to be broken, for example fault: "tools-empty", or leave it out.',
    ],
  },
  {
    name: "a reminder that is no duration",
    input: { ...GOOD, paging: { remindEvery: "often" } },
    finding: [
      "paging.remindEvery",
      "is not a duration",
      'Write a duration from 5m to 24h, for example remindEvery: "30m".',
    ],
  },
  {
    name: "a reminder every minute",
    input: { ...GOOD, paging: { remindEvery: "1m" } },
    finding: [
      "paging.remindEvery",
      "is not from 5m to 24h",
      'Write a duration from 5m to 24h, for example remindEvery: "30m".',
    ],
  },
  {
    name: "degraded as a word",
    input: { ...GOOD, paging: { degraded: "yes" } },
    finding: [
      "paging.degraded",
      "must be true or false, not text",
      "Write degraded: true to page for targets that are only degraded too; otherwise leave it out.",
    ],
  },
  {
    name: "a route to nobody",
    input: { ...GOOD, paging: { routes: [{ when: { severity: ["critical"] } }] } },
    finding: [
      "paging.routes[0]",
      "leads to nobody",
      'Write to whom, for example email: ["orders@example.com"].',
    ],
  },
  {
    name: "a route that names nothing",
    input: { ...GOOD, paging: { routes: [{ when: {}, email: ["a@example.com"] }] } },
    finding: [
      "paging.routes[0].when",
      "names nothing, and so takes every page",
      "Name a severity, tags or an owner, or move the addresses to paging itself.",
    ],
  },
  {
    name: "a route for a tag that no target has",
    input: {
      ...GOOD,
      paging: { routes: [{ when: { tags: ["payment"] }, email: ["a@example.com"] }] },
    },
    finding: [
      "paging.routes[0].when.tags[0]",
      "is a tag that no target has",
      "Write what a target has, or remove it.",
    ],
  },
  {
    name: "a route for an unknown severity",
    input: {
      ...GOOD,
      paging: { routes: [{ when: { severity: ["urgent"] }, email: ["a@example.com"] }] },
    },
    finding: [
      "paging.routes[0].when.severity[0]",
      "is not a severity",
      'Write "critical", "warning" or "info".',
    ],
  },
  {
    name: "deployments that is no object",
    input: { ...GOOD, deployments: "cloudtrail" },
    finding: [
      "deployments",
      "must be an object, not text",
      "Write { cloudtrail: true }, or leave deployments out.",
    ],
  },
  {
    name: "CloudTrail that is no yes or no",
    input: { ...GOOD, deployments: { cloudtrail: "arn:aws:cloudtrail:eu-west-1:1:trail/all" } },
    finding: [
      "deployments.cloudtrail",
      "must be true or false, not text",
      "Write deployments: { cloudtrail: true } where a trail of the account logs Lambda's management events; otherwise leave it out.",
    ],
  },
  {
    name: "an unknown key of deployments",
    input: { ...GOOD, deployments: { cloudTrail: true } },
    finding: [
      "deployments.cloudTrail",
      "is an unknown key",
      "Did you mean cloudtrail? Otherwise remove it.",
    ],
  },
  {
    name: "paging that is no object",
    input: { ...GOOD, paging: ["oncall@example.com"] },
    finding: [
      "paging",
      "must be an object, not a list",
      'Write { email: ["oncall@example.com"] }.',
    ],
  },
  {
    name: "an unknown key of paging",
    input: { ...GOOD, paging: { emails: ["oncall@example.com"] } },
    finding: ["paging.emails", "is an unknown key", "Did you mean email? Otherwise remove it."],
  },
  {
    name: "an unknown key of defaults",
    input: { ...GOOD, defaults: { clientTimeout: 5_000 } },
    finding: [
      "defaults.clientTimeout",
      "is an unknown key",
      "Did you mean clientTimeoutMs? Otherwise remove it.",
    ],
  },
  {
    name: "defaults that are no object",
    input: { ...GOOD, defaults: 5_000 },
    finding: [
      "defaults",
      "must be an object, not a number",
      "Write { clientTimeoutMs: 10_000, runTimeoutMs: 15_000, slowMs: 3_000 }.",
    ],
  },
  {
    name: "a name used twice",
    input: { targets: [...GOOD.targets, ...GOOD.targets] },
    finding: [
      "targets[1].name",
      "is the name of targets[0] too",
      "Give each target a name of its own: history, metrics and alarms are kept by it.",
    ],
  },
];

describe("findings of the config's own keys", () => {
  it.each(ROWS)("$name", ({ input, finding }) => {
    expect(parseConfig(input)).toEqual(asFindings(finding));
  });
});
