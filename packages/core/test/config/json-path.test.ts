import { describe, expect, it } from "vitest";
import { isJsonPath } from "../../src/config/json-path.ts";

const VALID = [
  "$",
  "$.status",
  "$['a b'][\"c\"]",
  "$..id",
  "$[*].*",
  "$[0, -1, 1:2, ::-1]",
  "$[9007199254740991]",
  "$[?@.a]",
  "$[?!@.a && (@.b == 1 || $.c != 'x')]",
  "$[?length(@.a) > 1]",
  "$[?length('abc') == 3]",
  "$[?length(value(@..a)) == 3]",
  "$[?count(@.*) == 1]",
  "$[?match(@.a, 'o.*') && !search(@['b'][0], 'k')]",
  "$[?value(@..a) == 'ok']",
  "$[?@[?@.a > 1]]",
];

const INVALID = [
  "",
  "status",
  " $",
  "$ ",
  "$.",
  "$.a b",
  "$[01]",
  "$[-0]",
  "$['a'",
  "$[?@.a = 1]",
  "$[?@.* == 1]",
  // The rest is well-formed and not valid (RFC 9535, 2.1 and 2.4.3).
  "$[9007199254740992]",
  "$[0:9007199254740992]",
  "$[?@[9007199254740992] == 1]",
  "$[?@[?@[9007199254740992]]]",
  "$[?!(@.a == 1 && @[9007199254740992] == 1)]",
  "$[?size(@.a) == 1]",
  "$[?toString(@.a) == 'a']",
  "$[?constructor(@.a)]",
  "$[?length(@.a)]",
  "$[?length(@.a, @.b) == 1]",
  "$[?length(@.*) == 1]",
  "$[?length(@[0, 1]) == 1]",
  "$[?length(@..a) == 1]",
  "$[?length(match(@.a, 'x')) == 1]",
  "$[?count(1) == 1]",
  "$[?count(length(@.a)) == 1]",
  "$[?count(@[?nope(@)]) == 1]",
  "$[?match(@.a) == true]",
  "$[?match(@.a, 'x') == true]",
  "$[?match(@.*, 'x')]",
  "$[?match(@.a == 1, 'x')]",
  "$[?value(@.a)]",
  "$..[?value(@.a)]",
];

describe("isJsonPath", () => {
  it.each(VALID)("accepts %j", (path) => {
    expect(isJsonPath(path)).toBe(true);
  });

  it.each(INVALID)("refuses %j", (path) => {
    expect(isJsonPath(path)).toBe(false);
  });
});
