import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.ts";
import { asFindings, type BadRow, LAMBDA_URL, OAUTH, SECRET, withTarget } from "./fixtures.ts";

/** One bad config per rule, and the one finding that it yields. */
const ROWS: readonly BadRow[] = [
  {
    name: "sigv4 on a custom domain",
    input: withTarget({ auth: { type: "sigv4" } }),
    finding: [
      "targets[0].auth",
      "sigv4() lacks the service and the region: the URL does not tell",
      'Write sigv4({ service: "lambda", region: "us-east-1" }), or service: "execute-api" for API Gateway.',
    ],
  },
  {
    name: "sigv4 on a custom domain, region known",
    input: withTarget({ region: "us-east-1", auth: { type: "sigv4" } }),
    finding: [
      "targets[0].auth",
      "sigv4() lacks the service: the URL does not tell",
      'Write sigv4({ service: "lambda", region: "us-east-1" }), or service: "execute-api" for API Gateway.',
    ],
  },
  {
    name: "sigv4 on a custom domain, service known",
    input: withTarget({ auth: { type: "sigv4", service: "lambda" } }),
    finding: [
      "targets[0].auth",
      "sigv4() lacks the region: the URL does not tell",
      'Write sigv4({ service: "lambda", region: "us-east-1" }), or service: "execute-api" for API Gateway.',
    ],
  },
  {
    name: "sigv4 for a service by its title",
    input: withTarget({ url: LAMBDA_URL, auth: { type: "sigv4", service: "AWS Lambda" } }),
    finding: [
      "targets[0].auth.service",
      "is not the name of an AWS service",
      'Write the service that checks the signature: "lambda" for Function URLs, "execute-api" for API Gateway.',
    ],
  },
  {
    name: "sigv4 in a region that AWS has not",
    input: withTarget({ url: LAMBDA_URL, auth: { type: "sigv4", region: "useast1" } }),
    finding: [
      "targets[0].auth.region",
      "is not an AWS region",
      'Did you mean "us-east-1"? Write the region that the server runs in, for example "us-east-1".',
    ],
  },
  {
    name: "an issuer over plain http",
    input: withTarget({ auth: { ...OAUTH, issuer: "http://auth.example.com" } }),
    finding: [
      "targets[0].auth.issuer",
      "is plain http, which anyone on the way can read",
      "Write https://. Plain http is for this machine alone: localhost, 127.0.0.1 or [::1].",
    ],
  },
  {
    name: "no issuer",
    input: withTarget({ auth: { ...OAUTH, issuer: undefined } }),
    finding: [
      "targets[0].auth.issuer",
      "is missing",
      'Write the authorization server\'s own URL, for example "https://auth.example.com".',
    ],
  },
  {
    name: "an issuer with a query",
    input: withTarget({ auth: { ...OAUTH, issuer: "https://auth.example.com?tenant=1" } }),
    finding: [
      "targets[0].auth.issuer",
      "has a query, which no issuer has",
      "Remove the ? and all after it.",
    ],
  },
  {
    name: "a token endpoint over plain http",
    input: withTarget({ auth: { ...OAUTH, tokenEndpoint: "http://auth.example.com/token" } }),
    finding: [
      "targets[0].auth.tokenEndpoint",
      "is plain http, which anyone on the way can read",
      "Write https://. Plain http is for this machine alone: localhost, 127.0.0.1 or [::1].",
    ],
  },
  {
    name: "a token endpoint that is a path",
    input: withTarget({ auth: { ...OAUTH, tokenEndpoint: "/oauth2/token" } }),
    finding: [
      "targets[0].auth.tokenEndpoint",
      "does not begin with https://",
      'Write the address where the issuer gives tokens, for example "https://login.example.com/oauth2/token".',
    ],
  },
  {
    name: "no client id",
    input: withTarget({ auth: { ...OAUTH, clientId: "" } }),
    finding: [
      "targets[0].auth.clientId",
      "must be text, not empty text",
      "Write the client's id as the authorization server knows it.",
    ],
  },
  {
    name: "a literal client secret",
    input: withTarget({ auth: { ...OAUTH, clientSecret: SECRET } }),
    finding: [
      "targets[0].auth.clientSecret",
      "is a literal value where a secret's reference belongs",
      'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
    ],
  },
  {
    name: "scopes with commas",
    input: withTarget({ auth: { ...OAUTH, scope: 'mcp:read, "all"' } }),
    finding: [
      "targets[0].auth.scope",
      "is not a list of OAuth scopes",
      'Write the scopes with one blank between them, for example "mcp:read mcp:call", or leave scope out.',
    ],
  },
];

describe("findings of SigV4 and OAuth", () => {
  it.each(ROWS)("$name", ({ input, finding }) => {
    expect(parseConfig(input)).toEqual(asFindings(finding));
  });
});
