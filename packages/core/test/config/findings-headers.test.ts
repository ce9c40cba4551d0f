import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.ts";
import {
  asFindings,
  type BadRow,
  LAMBDA_URL,
  OAUTH,
  SECRET,
  TOKEN,
  withTarget,
} from "./fixtures.ts";

/** One bad config per rule, and the one finding that it yields. */
const ROWS: readonly BadRow[] = [
  {
    name: "a literal API key",
    input: withTarget({ auth: { type: "headers", headers: { "X-Api-Key": SECRET } } }),
    finding: [
      'targets[0].auth.headers["X-Api-Key"]',
      "is a literal value where a secret's reference belongs",
      'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
    ],
  },
  {
    name: "a header that is a secret alone",
    input: withTarget({ auth: { type: "headers", headers: TOKEN } }),
    finding: [
      "targets[0].auth.headers",
      "is a secret without the header that carries it",
      'Write { "Header-Name": "text", "X-Api-Key": secret("env:NAME") }.',
    ],
  },
  {
    name: "headers that are a text",
    input: withTarget({ headers: `X-Api-Key: ${SECRET}` }),
    finding: [
      "targets[0].headers",
      "must be an object of headers, not text",
      'Write { "Header-Name": "text", "X-Api-Key": secret("env:NAME") }.',
    ],
  },
  {
    name: "a literal Authorization",
    input: withTarget({ headers: { authorization: `Bearer ${SECRET}` } }),
    finding: [
      "targets[0].headers.authorization",
      "is a literal value where a secret's reference belongs",
      'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
    ],
  },
  {
    name: "a literal Cookie",
    input: withTarget({ headers: { Cookie: SECRET } }),
    finding: [
      "targets[0].headers.Cookie",
      "is a literal value where a secret's reference belongs",
      'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
    ],
  },
  {
    name: "a reference as plain text",
    input: withTarget({ headers: { "X-Team": "env:TEAM" } }),
    finding: [
      'targets[0].headers["X-Team"]',
      "is plain text that looks like a secret's reference",
      'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
    ],
  },
  {
    name: "a header's name with its value in it",
    input: withTarget({ headers: { [`X-Api-Key: ${SECRET}`]: "" } }),
    finding: [
      'targets[0].headers["…"]',
      "its name holds a character that no header's name may hold",
      'Write the name alone, of letters, digits and hyphens; its value goes after the colon: { "X-Api-Key": secret("env:NAME") }.',
    ],
  },
  {
    name: "a header's value with a line break",
    input: withTarget({ headers: { "X-Team": "orders\r\nX-Admin: 1" } }),
    finding: [
      'targets[0].headers["X-Team"]',
      "its value holds a character that no header may carry, such as a line break",
      "Write one line of plain text.",
    ],
  },
  {
    name: "a header's value that is a number",
    input: withTarget({ headers: { "X-Team": 7 } }),
    finding: [
      'targets[0].headers["X-Team"]',
      "must be text or a secret's reference, not a number",
      'Write text for what anyone may read, secret("env:NAME") for what nobody may.',
    ],
  },
  {
    name: "one header in two spellings",
    input: withTarget({ headers: { "X-Team": "a", "x-team": "b" } }),
    finding: [
      'targets[0].headers["x-team"]',
      "is the same header as one above: capitals make no difference",
      "Keep one of them.",
    ],
  },
  {
    name: "a header of the protocol",
    input: withTarget({ headers: { "Mcp-Session-Id": "1" } }),
    finding: [
      'targets[0].headers["Mcp-Session-Id"]',
      "is a header that the probe sets itself",
      "Remove it.",
    ],
  },
  {
    name: "bearer and Authorization",
    input: withTarget({
      auth: { type: "bearer", token: TOKEN },
      headers: { Authorization: TOKEN },
    }),
    finding: [
      "targets[0].headers.Authorization",
      "clashes with auth: bearer(…) sets it already",
      "Remove one of them; a server behind IAM has to take its own token in another header.",
    ],
  },
  {
    name: "sigv4 and Authorization",
    input: withTarget({
      url: LAMBDA_URL,
      auth: { type: "sigv4" },
      headers: { authorization: TOKEN },
    }),
    finding: [
      "targets[0].headers.authorization",
      "clashes with auth: sigv4() needs it for the signature",
      "Remove one of them; a server behind IAM has to take its own token in another header.",
    ],
  },
  {
    name: "OAuth and Authorization",
    input: withTarget({ auth: OAUTH, headers: { Authorization: TOKEN } }),
    finding: [
      "targets[0].headers.Authorization",
      "clashes with auth: oauthClientCredentials(…) sets it already",
      "Remove one of them; a server behind IAM has to take its own token in another header.",
    ],
  },
  {
    name: "a header in auth and in headers",
    input: withTarget({
      auth: { type: "headers", headers: { "X-Api-Key": TOKEN } },
      headers: { "x-api-key": TOKEN },
    }),
    finding: ['targets[0].headers["x-api-key"]', "is set in auth too", "Keep one of them."],
  },
];

describe("findings of headers", () => {
  it.each(ROWS)("$name", ({ input, finding }) => {
    expect(parseConfig(input)).toEqual(asFindings(finding));
  });
});
