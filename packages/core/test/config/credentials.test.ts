import { describe, expect, it } from "vitest";
import {
  type Auth,
  bearer,
  headers,
  oauthClientCredentials,
  secret,
  secretReferences,
  sigv4,
} from "../../src/config/index.ts";

const OAUTH = {
  issuer: "https://auth.example.com",
  clientId: "vigil",
  clientSecret: secret("secretsmanager:a"),
};

describe("builders make plain data", () => {
  it.each([
    [secret("env:X"), { secret: "env:X" }],
    [bearer(secret("env:X")), { type: "bearer", token: { secret: "env:X" } }],
    [
      headers({ "X-Api-Key": secret("env:KEY"), "X-Plain": "text" }),
      { type: "headers", headers: { "X-Api-Key": { secret: "env:KEY" }, "X-Plain": "text" } },
    ],
    [sigv4(), { type: "sigv4" }],
    [
      sigv4({ service: "lambda", region: "us-east-1" }),
      { type: "sigv4", service: "lambda", region: "us-east-1" },
    ],
    [
      oauthClientCredentials({ ...OAUTH, scope: "a" }),
      { type: "oauthClientCredentials", ...OAUTH, scope: "a" },
    ],
  ])("%j", (built, data) => {
    expect(built).toEqual(data);
  });
});

describe("secretReferences", () => {
  const ROWS: readonly { readonly auth: Auth; readonly references: readonly string[] }[] = [
    { auth: { type: "none" }, references: ["env:TRACE"] },
    { auth: { type: "sigv4", service: "lambda", region: "us-east-1" }, references: ["env:TRACE"] },
    { auth: bearer(secret("env:TOKEN")), references: ["env:TOKEN", "env:TRACE"] },
    {
      auth: headers({ A: secret("ssm:/a"), B: "b", C: secret("env:TRACE"), D: secret("ssm:/a") }),
      references: ["ssm:/a", "env:TRACE"],
    },
    {
      auth: { ...oauthClientCredentials(OAUTH), scope: null, tokenEndpoint: null },
      references: ["secretsmanager:a", "env:TRACE"],
    },
  ];

  it.each(ROWS)("of $auth.type", ({ auth, references }) => {
    const target = { auth, headers: { "X-Plain": "env:NOT_ONE", "X-Trace": secret("env:TRACE") } };
    expect(secretReferences(target)).toEqual(references);
  });
});
