import { describe, expect, it } from "vitest";
import { parseHeaderFlag } from "../src/header-flag.ts";

const ENV = { TOKEN: "s3cret\n", EMPTY: "", BROKEN: "a\nb" };

describe("parseHeaderFlag", () => {
  it.each([
    ["X-Stage: production", "X-Stage", "production"],
    ["Authorization: Bearer abc=", "Authorization", "Bearer abc="],
    ["X-Url:https://a.example:1/", "X-Url", "https://a.example:1/"],
    ["X-Key: env:TOKEN", "X-Key", "s3cret"],
    ["Authorization: Bearer env:TOKEN", "Authorization", "Bearer s3cret"],
    ["X-Note: the env:TOKEN way", "X-Note", "the env:TOKEN way"],
  ])("%s", (text, name, value) => {
    expect(parseHeaderFlag(text, ENV)).toEqual({ ok: true, value: { name, value } });
  });

  const HOW =
    "Write --header 'Name: value'; the value may end in env:NAME to take it from the environment.";
  it.each([
    [
      "Authorization",
      `--header needs a name before a colon, of letters, digits and hyphens. ${HOW}`,
    ],
    [": abc", `--header needs a name before a colon, of letters, digits and hyphens. ${HOW}`],
    ["X Y: abc", `--header needs a name before a colon, of letters, digits and hyphens. ${HOW}`],
    ["X-Key:  ", `--header X-Key has no value. ${HOW}`],
    [
      "X-Key: env:MISSING",
      "--header X-Key takes its value from the environment variable MISSING, which is not set. Set it, for example: export MISSING=…",
    ],
    [
      "X-Key: env:EMPTY",
      "--header X-Key takes its value from the environment variable EMPTY, which is not set. Set it, for example: export EMPTY=…",
    ],
    [
      "X-Key: s3cret\r\nX-Other: 1",
      "The value of --header X-Key holds a character that no header may carry, such as a line break.",
    ],
    [
      "X-Key: env:BROKEN",
      "The value of --header X-Key holds a character that no header may carry, such as a line break.",
    ],
  ])("refuses %j", (text, message) => {
    expect(parseHeaderFlag(text, ENV)).toEqual({ ok: false, complaint: { message } });
  });
});
