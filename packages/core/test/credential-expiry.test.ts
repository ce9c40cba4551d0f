import { describe, expect, it } from "vitest";
import { bearerExpiresAt, type CredentialExpiry, expiryNote } from "../src/index.ts";

const segment = (claims: unknown) =>
  Buffer.from(typeof claims === "string" ? claims : JSON.stringify(claims)).toString("base64url");
const jwt = (claims: unknown) => `${segment({ alg: "RS256" })}.${segment(claims)}.c2ln`;

describe("the end of a bearer token", () => {
  it.each<[string, string, number | null]>([
    ["a JWT", `Bearer ${jwt({ exp: 1_795_334_400 })}`, 1_795_334_400_000],
    ["a scheme in other letters", `bEARER  ${jwt({ exp: 1 })}`, 1_000],
    ["a fraction of a second", `Bearer ${jwt({ exp: 1.5 })}`, 1_500],
    ["letters beyond ASCII", `Bearer ${jwt({ sub: "größe ✓ ÿþ", exp: 7 })}`, 7_000],
    ["an unsigned JWT", `Bearer ${segment({})}.${segment({ exp: 2 })}.`, 2_000],
    ["an opaque token", "Bearer s3cr3t-t0ken-4711", null],
    ["another scheme", `Basic ${jwt({ exp: 1 })}`, null],
    ["nothing", "", null],
    ["no exp", `Bearer ${jwt({ sub: "x" })}`, null],
    ["an exp that is text", `Bearer ${jwt({ exp: "1795334400" })}`, null],
    ["an exp beyond all dates", `Bearer ${jwt({ exp: 1e300 })}`, null],
    ["claims that are no object", `Bearer ${jwt("7")}`, null],
    ["claims that are null", `Bearer ${jwt("null")}`, null],
    ["claims that are no JSON", `Bearer ${jwt("{exp:1}")}`, null],
    ["claims that are no base64", `Bearer ${segment({})}.e.x`, null],
    ["five parts, as an encrypted token has", `Bearer a.${jwt({ exp: 1 })}.b`, null],
  ])("%s", (_name, authorization, expected) => {
    expect(bearerExpiresAt(authorization)).toBe(expected);
  });
});

const HOUR_MS = 3_600_000;
const AT = "2026-11-24T01:30:00.000Z";

describe("what is said of it beforehand", () => {
  const left = (leftMs: number, of: CredentialExpiry["of"] = "bearer") => ({ at: AT, leftMs, of });
  const worked = true;

  it.each<[string, CredentialExpiry | null, boolean, string | null]>([
    ["three days ahead", left(72 * HOUR_MS), worked, null],
    ["a little less", left(72 * HOUR_MS - 1), worked, `the bearer token expires in 71 h, at ${AT}`],
    ["41.5 hours", left(41.5 * HOUR_MS), worked, `the bearer token expires in 41 h, at ${AT}`],
    ["an hour", left(HOUR_MS), !worked, `the bearer token expires in 1 h, at ${AT}`],
    ["half an hour", left(HOUR_MS / 2), worked, `the bearer token expires in 30 min, at ${AT}`],
    ["a moment", left(1), worked, `the bearer token expires in 0 min, at ${AT}`],
    ["past, and refused", left(-1), !worked, null],
    [
      "past, and taken all the same",
      left(0),
      worked,
      `the bearer token expired at ${AT}, and the server still takes it`,
    ],
    ["a token that is renewed anyway", left(HOUR_MS, "oauth"), worked, null],
    ["no end that is known", null, worked, null],
  ])("%s", (_name, expiry, taken, expected) => {
    expect(expiryNote(expiry, taken)).toBe(expected);
  });
});
