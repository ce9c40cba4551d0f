/** What most configs need. */
export const SHORT_EXAMPLE = `import { bearer, defineConfig, secret } from "@vigil/core";

export default defineConfig({
  vantages: ["eu-west-1"],
  paging: { email: ["oncall@example.com"] },
  targets: [
    {
      name: "orders",
      url: "https://abc.lambda-url.us-east-1.on.aws/mcp",
      region: "us-east-1",
      owner: "team-orders",
      lambda: { functionName: "McpServer", qualifier: "production" },
      auth: bearer(secret("ssm:/vigil/orders/token")),
      expect: { tools: ["query_table"] },
      sentinels: [
        { tool: "query_table", arguments: { tableName: "health" }, expect: { contains: "ok" } },
      ],
      maintenance: [{ cron: "0 3 * * 0", minutes: 30 }],
    },
  ],
});
`;

/** Says something at every key; a test holds it to that. */
export const FULL_EXAMPLE = `import { bearer, defineConfig, headers, oauthClientCredentials, secret, sigv4 } from "@vigil/core";

export default defineConfig({
  vantages: ["eu-west-1", "ap-southeast-2"],
  profile: "standard",
  slo: 99.9,
  defaults: { slowMs: 2_000 },
  paging: {
    email: ["oncall@example.com"],
    https: ["https://events.example.com/vigil"],
    routes: [
      {
        when: { severity: ["critical"], tags: ["payments"], owner: ["team-orders"] },
        email: ["orders@example.com"],
        https: ["https://events.example.com/orders"],
      },
    ],
    remindEvery: "1h",
    degraded: true,
    deadman: "https://pings.example.com/vigil",
  },
  demo: { region: "us-east-1", fault: "tools-empty" },
  deployments: { cloudtrail: true },
  targets: [
    {
      name: "orders",
      url: "https://abc.lambda-url.us-east-1.on.aws/mcp",
      region: "us-east-1",
      allowSameRegion: false,
      tags: ["payments"],
      owner: "team-orders",
      severity: "critical",
      runbook: "https://wiki.example.com/orders",
      era: "both",
      headers: { "X-Team": "monitoring", "X-Trace-Key": secret("env:TRACE_KEY") },
      auth: bearer(secret("ssm:/vigil/orders/token")),
      clientTimeoutMs: 8_000,
      runTimeoutMs: 12_000,
      slowMs: 1_500,
      maxResponseBytes: 262_144,
      confirm: { delaysMs: [1_000, 4_000], withinMs: 20_000 },
      lambda: {
        functionName: "McpServer",
        qualifier: "production",
        reportLines: true,
        logGroup: "/mcp/orders",
        gapAllowance: "10m",
      },
      expect: {
        tools: ["query_table"],
        minTools: 2,
        minProtocolVersion: "2025-03-26",
        cors: { origin: "https://app.example.com", every: "6h" },
        getStream: true,
      },
      sentinels: [
        {
          tool: "query_table",
          arguments: { tableName: "health" },
          expect: {
            contains: "ok",
            equals: "all ok",
            jsonPath: { path: "$.items[0].status", equals: "ok", exists: true },
            structured: { status: "ok" },
          },
          allowWrites: true,
        },
      ],
      stream: {
        tool: "progress",
        every: "30m",
        arguments: { steps: 3 },
        minEvents: 3,
        minSpreadMs: 300,
        allowWrites: true,
      },
      concurrency: { every: "2h", clients: 5 },
      maintenance: [{ cron: "0 3 * * 0", minutes: 30 }],
    },
    {
      name: "keyed",
      url: "https://keyed.example.com/mcp",
      auth: headers({ "X-Api-Key": secret("env:KEYED_KEY") }),
    },
    {
      name: "signed",
      url: "https://signed.example.com/mcp",
      auth: sigv4({ service: "execute-api", region: "us-west-2" }),
    },
    {
      name: "granted",
      url: "https://granted.example.com/mcp",
      auth: oauthClientCredentials({
        issuer: "https://auth.example.com",
        clientId: "vigil",
        clientSecret: secret("secretsmanager:vigil/granted"),
        scope: "mcp:read mcp:call",
        tokenEndpoint: "https://login.example.com/oauth2/token",
      }),
    },
    {
      name: "guarded",
      url: "https://guarded.example.com/mcp",
      expect: { unauthenticated: "challenge" },
    },
  ],
});
`;
