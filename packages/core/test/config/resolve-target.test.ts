import { describe, expect, it } from "vitest";
import { headers, oauthClientCredentials, secret, sigv4 } from "../../src/config/index.ts";
import { BARE, type GoodRow, LAMBDA_URL, OAUTH, resolved } from "./fixtures.ts";

const ROWS: readonly GoodRow[] = [
  {
    name: "plain http to this machine by name",
    written: { url: "http://localhost:3000/mcp" },
    differs: { url: "http://localhost:3000/mcp" },
  },
  {
    name: "plain http to this machine, IPv4",
    written: { url: "http://127.8.9.1:3000/mcp" },
    differs: { url: "http://127.8.9.1:3000/mcp" },
  },
  {
    name: "plain http to this machine, IPv6",
    written: { url: "http://[::1]:3000/mcp" },
    differs: { url: "http://[::1]:3000/mcp" },
  },
  {
    name: "a query in the URL",
    written: { url: "https://orders.example.com/mcp?v=2" },
    differs: { url: "https://orders.example.com/mcp?v=2" },
  },
  {
    name: "a region from the URL of a function",
    written: { url: LAMBDA_URL, lambda: { functionName: "McpServer" } },
    differs: {
      url: LAMBDA_URL,
      region: "us-east-1",
      lambda: {
        functionName: "McpServer",
        qualifier: "$LATEST",
        reportLines: false,
        logGroup: "/aws/lambda/McpServer",
        gapAllowanceMs: 300_000,
      },
    },
  },
  {
    name: "a function that logs elsewhere",
    written: {
      url: LAMBDA_URL,
      lambda: {
        functionName: "McpServer",
        reportLines: true,
        logGroup: "/mcp/orders",
        gapAllowance: "90s",
      },
    },
    differs: {
      url: LAMBDA_URL,
      region: "us-east-1",
      lambda: {
        functionName: "McpServer",
        qualifier: "$LATEST",
        reportLines: true,
        logGroup: "/mcp/orders",
        gapAllowanceMs: 90_000,
      },
    },
  },
  {
    name: "a vantage in the same region, by leave",
    written: { region: "eu-west-1", allowSameRegion: true },
    config: { vantages: ["eu-west-1"] },
    differs: { region: "eu-west-1", allowSameRegion: true },
  },
  {
    name: "a region that is younger than this release",
    written: { region: "ap-southeast-9" },
    differs: { region: "ap-southeast-9" },
  },
  {
    name: "a government's region",
    written: { region: "us-gov-west-1" },
    differs: { region: "us-gov-west-1" },
  },
  {
    name: "sigv4 for a Function URL",
    written: { url: LAMBDA_URL, auth: sigv4() },
    differs: {
      url: LAMBDA_URL,
      region: "us-east-1",
      auth: { type: "sigv4", service: "lambda", region: "us-east-1" },
    },
  },
  {
    name: "sigv4 for API Gateway",
    written: { url: "https://abc.execute-api.eu-north-1.amazonaws.com/prod/mcp", auth: sigv4({}) },
    differs: {
      url: "https://abc.execute-api.eu-north-1.amazonaws.com/prod/mcp",
      region: "eu-north-1",
      auth: { type: "sigv4", service: "execute-api", region: "eu-north-1" },
    },
  },
  {
    name: "sigv4 in words, against what the URL tells",
    written: { url: LAMBDA_URL, auth: sigv4({ service: "execute-api", region: "eu-west-2" }) },
    differs: {
      url: LAMBDA_URL,
      region: "us-east-1",
      auth: { type: "sigv4", service: "execute-api", region: "eu-west-2" },
    },
  },
  {
    name: "keys in headers",
    written: { auth: headers({ "X-Api-Key": secret("env:KEY"), "X-Plain": "text" }) },
    differs: {
      auth: { type: "headers", headers: { "X-Api-Key": { secret: "env:KEY" }, "X-Plain": "text" } },
    },
  },
  {
    name: "sigv4 on a custom domain",
    written: { region: "us-west-2", auth: sigv4({ service: "lambda" }) },
    differs: {
      region: "us-west-2",
      auth: { type: "sigv4", service: "lambda", region: "us-west-2" },
    },
  },
  {
    name: "OAuth without a scope",
    written: {
      auth: oauthClientCredentials({
        issuer: "http://127.0.0.1:9000",
        clientId: "vigil",
        clientSecret: secret("env:CLIENT_SECRET"),
      }),
    },
    differs: {
      auth: {
        type: "oauthClientCredentials",
        issuer: "http://127.0.0.1:9000",
        clientId: "vigil",
        clientSecret: { secret: "env:CLIENT_SECRET" },
        scope: null,
        tokenEndpoint: null,
      },
    },
  },
  {
    name: "OAuth with other headers",
    written: { auth: { ...OAUTH, scope: "mcp:read mcp:call" }, headers: { "X-Team": "orders" } },
    differs: {
      auth: {
        type: "oauthClientCredentials",
        issuer: "https://auth.example.com",
        clientId: "vigil",
        clientSecret: { secret: "secretsmanager:vigil/orders" },
        scope: "mcp:read mcp:call",
        tokenEndpoint: null,
      },
      headers: { "X-Team": "orders" },
    },
  },
  {
    name: "a token in Authorization without a scheme",
    written: { headers: { Authorization: secret("env:TOKEN") } },
    differs: { headers: { Authorization: { secret: "env:TOKEN" } } },
  },
  {
    name: "a modern server held to an older version",
    written: { era: "modern", expect: { minProtocolVersion: "2024-11-05", minTools: 0 } },
    differs: {
      era: "modern",
      expect: { ...BARE.expect, minTools: 0, minProtocolVersion: "2024-11-05" },
    },
  },
  {
    name: "a GET stream",
    written: { expect: { getStream: true } },
    differs: { expect: { ...BARE.expect, getStream: true } },
  },
  {
    name: "a refusal and CORS",
    written: {
      expect: { unauthenticated: "challenge", cors: { origin: "http://localhost:5173" } },
    },
    differs: {
      expect: {
        ...BARE.expect,
        unauthenticated: "challenge",
        cors: { origin: "http://localhost:5173", everyMs: 3_600_000 },
      },
    },
  },
  {
    name: "a sentinel, a stream and concurrency that say the least",
    written: { sentinels: [{ tool: "ping" }], stream: { tool: "tick" }, concurrency: {} },
    differs: {
      sentinels: [{ tool: "ping", arguments: {}, expect: {}, allowWrites: false }],
      stream: {
        everyMs: 600_000,
        tool: "tick",
        arguments: {},
        minEvents: 2,
        minSpreadMs: 200,
        allowWrites: false,
      },
      concurrency: { everyMs: 3_600_000, clients: 3 },
    },
  },
  {
    name: "one tool with different arguments",
    written: {
      sentinels: [
        { tool: "q", arguments: { a: [1, 2] } },
        { tool: "q", arguments: { a: [2, 1] } },
      ],
    },
    differs: {
      sentinels: [
        { tool: "q", arguments: { a: [1, 2] }, expect: {}, allowWrites: false },
        { tool: "q", arguments: { a: [2, 1] }, expect: {}, allowWrites: false },
      ],
    },
  },
  {
    name: "a value of null at a path, and keys that say nothing",
    written: {
      owner: undefined,
      sentinels: [
        {
          tool: "ping",
          expect: {
            contains: undefined,
            jsonPath: { path: "$.error", equals: null, exists: undefined },
          },
        },
      ],
    },
    differs: {
      sentinels: [
        {
          tool: "ping",
          arguments: {},
          expect: { jsonPath: { path: "$.error", equals: null } },
          allowWrites: false,
        },
      ],
    },
  },
];

describe("a target", () => {
  it.each(ROWS)("$name", (row) => {
    expect(resolved(row)).toEqual([{ ...BARE, ...row.differs }]);
  });
});
