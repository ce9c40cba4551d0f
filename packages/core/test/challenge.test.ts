import { describe, expect, it } from "vitest";
import { bearerChallenge, type ChallengeParams } from "../src/index.ts";

const URL = "https://orders.example/.well-known/oauth-protected-resource/mcp";

describe("the Bearer challenge of a WWW-Authenticate header", () => {
  it.each<[string, string, ChallengeParams | null]>([
    ["alone", "Bearer", {}],
    ["in other letters", "bearer Error=invalid_token", { error: "invalid_token" }],
    ["one parameter", `Bearer resource_metadata="${URL}"`, { resource_metadata: URL }],
    [
      "several, with blanks",
      `Bearer realm = "mcp" , error="invalid_token",scope="a b"`,
      { realm: "mcp", error: "invalid_token", scope: "a b" },
    ],
    [
      "commas, equals signs and quotes within quotes",
      'Bearer error_description="no, it is \\"old\\", error=x", error="invalid_token"',
      { error_description: 'no, it is "old", error=x', error: "invalid_token" },
    ],
    ["a URL without quotes", `Bearer resource_metadata=${URL}`, { resource_metadata: URL }],
    [
      "behind another scheme",
      'Basic realm="x", error="no", Bearer error="invalid_token"',
      { error: "invalid_token" },
    ],
    ["before another scheme", 'Bearer error="a", DPoP algs="ES256", error="b"', { error: "a" }],
    ["beside a scheme with a token", "Negotiate YII=, Bearer", {}],
    ["a parameter by the name of a scheme", 'Basic bearer="x"', null],
    ["another scheme alone", 'Basic realm="Bearer error=x"', null],
    ["a scheme that begins alike", 'BearerX error="x"', null],
    ["nothing", "", null],
    ["only commas", ", ,", null],
    ["a quote that never ends", 'Bearer error="invalid', {}],
  ])("%s", (_name, header, expected) => {
    expect(bearerChallenge(header)).toEqual(expected);
  });

  it("is read in no time, whatever the header holds", () => {
    const began = performance.now();
    for (const piece of ['"', '\\"', 'a="', "a ", "a=a,", ' ="\\']) {
      bearerChallenge(`Bearer ${piece.repeat(20_000)}`);
    }
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
