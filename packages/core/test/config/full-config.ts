import {
  bearer,
  defineConfig,
  headers,
  oauthClientCredentials,
  secret,
  sigv4,
} from "../../src/config/index.ts";

/** Says something at every key. */
export const FULL = defineConfig({
  vantages: ["eu-west-1", "local"],
  profile: "lean",
  slo: 99.5,
  defaults: {
    clientTimeoutMs: 9_000,
    runTimeoutMs: 14_000,
    slowMs: 2_500,
    maxResponseBytes: 65_536,
    confirm: { delaysMs: [1_000, 5_000], withinMs: 25_000 },
  },
  paging: {
    email: ["oncall@example.com"],
    https: ["https://events.example.com/vigil"],
    deadman: "https://pings.example.com/vigil",
    remindEvery: "1h",
    degraded: true,
    routes: [
      {
        when: { severity: ["warning"], tags: ["payments"], owner: ["team-orders"] },
        email: ["orders@example.com"],
        https: ["https://events.example.com/orders"],
      },
    ],
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
      severity: "warning",
      runbook: "https://wiki.example.com/orders#down",
      lambda: {
        functionName: "McpServer",
        qualifier: "production",
        reportLines: true,
        logGroup: "/mcp/orders",
        gapAllowance: "10m",
      },
      era: "both",
      auth: bearer(secret("ssm:/vigil/orders/token")),
      headers: { "X-Team": "orders", "X-Trace-Key": secret("env:TRACE_KEY") },
      clientTimeoutMs: 8_000,
      runTimeoutMs: 13_000,
      slowMs: 2_000,
      maxResponseBytes: 32_768,
      confirm: { delaysMs: [], withinMs: 24_000 },
      expect: {
        tools: ["query_table"],
        minTools: 2,
        minProtocolVersion: "2025-03-26",
        cors: { origin: "https://app.example.com", every: "6h" },
      },
      sentinels: [
        {
          tool: "query_table",
          arguments: { tableName: "health", limits: [1, 2.5, null, true] },
          expect: {
            contains: "ok",
            equals: "all ok",
            jsonPath: { path: "$.items[?@.id == 1].status", equals: "ok", exists: true },
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
      auth: headers({ "X-Api-Key": secret("env:KEY"), "X-Plain": "text" }),
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
        scope: "mcp:read",
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

type Path = readonly (string | number)[];

/** Every place of a value: its objects, lists and leaves. */
export function placesOf(value: unknown, path: Path = []): readonly Path[] {
  const members =
    typeof value === "object" && value !== null
      ? Object.entries(value).map(
          ([key, member]) => [Array.isArray(value) ? Number(key) : key, member] as const,
        )
      : [];
  return [path, ...members.flatMap(([key, member]) => placesOf(member, [...path, key]))];
}

/** A copy with another value at one place. */
export function replaced(value: unknown, path: Path, other: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return other;
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === key ? replaced(item, rest, other) : item));
  }
  const members = value as Readonly<Record<string, unknown>>;
  return { ...members, [key]: replaced(members[key], rest, other) };
}
