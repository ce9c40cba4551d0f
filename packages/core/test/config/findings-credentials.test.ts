import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.ts";
import { asFindings, type BadRow, SECRET, TOKEN, withTarget } from "./fixtures.ts";

/** One bad config per rule, and the one finding that it yields. */
const ROWS: readonly BadRow[] = [
  {
    name: "a bearer's literal token",
    input: withTarget({ auth: { type: "bearer", token: SECRET } }),
    finding: [
      "targets[0].auth.token",
      "is a literal value where a secret's reference belongs",
      'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
    ],
  },
  {
    name: "a reference of an unknown kind",
    input: withTarget({ auth: { type: "bearer", token: { secret: "vault:token" } } }),
    finding: [
      "targets[0].auth.token",
      "is not a reference to a secret",
      'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
    ],
  },
  {
    name: "a literal token taken for a reference",
    input: withTarget({ auth: { type: "bearer", token: { secret: SECRET } } }),
    finding: [
      "targets[0].auth.token",
      "is not a reference to a secret",
      'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
    ],
  },
  {
    name: "a reference without the call of secret()",
    input: withTarget({ auth: { type: "bearer", token: "env:TOKEN" } }),
    finding: [
      "targets[0].auth.token",
      "is plain text that looks like a secret's reference",
      'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
    ],
  },
  {
    name: "a bearer without its token",
    input: withTarget({ auth: { type: "bearer" } }),
    finding: [
      "targets[0].auth.token",
      "is missing",
      'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
    ],
  },
  {
    name: "a token that is a number",
    input: withTarget({ auth: { type: "bearer", token: 123_456_789 } }),
    finding: [
      "targets[0].auth.token",
      "must be a secret's reference, not a number",
      'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
    ],
  },
  {
    name: "an environment variable that cannot be one",
    input: withTarget({ auth: { type: "bearer", token: { secret: "env:MY TOKEN" } } }),
    finding: [
      "targets[0].auth.token",
      "is not a reference to a secret",
      'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
    ],
  },
  {
    name: "a parameter without its slash",
    input: withTarget({ auth: { type: "bearer", token: { secret: "ssm:vigil/token" } } }),
    finding: [
      "targets[0].auth.token",
      "is not a reference to a secret",
      'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
    ],
  },
  {
    name: "an empty name in Secrets Manager",
    input: withTarget({ auth: { type: "bearer", token: { secret: "secretsmanager:" } } }),
    finding: [
      "targets[0].auth.token",
      "is not a reference to a secret",
      'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
    ],
  },
  {
    name: "credentials as a literal",
    input: withTarget({ auth: SECRET }),
    finding: [
      "targets[0].auth",
      "is a literal value where credentials by reference belong",
      'Write bearer(secret("env:NAME")), headers({ … }), sigv4() or oauthClientCredentials({ … }).',
    ],
  },
  {
    name: "a secret that nothing sends",
    input: withTarget({ auth: { secret: "env:TOKEN" } }),
    finding: [
      "targets[0].auth",
      "is a secret without the way to send it",
      'Write bearer(secret("env:NAME")), headers({ … }), sigv4() or oauthClientCredentials({ … }).',
    ],
  },
  {
    name: "credentials of an unknown kind",
    input: withTarget({ auth: { type: "basic", user: "me", password: SECRET } }),
    finding: [
      "targets[0].auth",
      "is not a kind of credentials that Vigil knows",
      'Write bearer(secret("env:NAME")), headers({ … }), sigv4() or oauthClientCredentials({ … }).',
    ],
  },
  {
    name: "credentials that are a list",
    input: withTarget({ auth: [] }),
    finding: [
      "targets[0].auth",
      "must be an object, not a list",
      'Write bearer(secret("env:NAME")), headers({ … }), sigv4() or oauthClientCredentials({ … }).',
    ],
  },
  {
    name: "an unknown key of credentials",
    input: withTarget({ auth: { type: "bearer", token: TOKEN, prefix: "Token" } }),
    finding: [
      "targets[0].auth.prefix",
      "is an unknown key",
      "Remove it. The keys that belong here: type, token.",
    ],
  },
];

describe("findings of credentials and headers", () => {
  it.each(ROWS)("$name", ({ input, finding }) => {
    expect(parseConfig(input)).toEqual(asFindings(finding));
  });
});
