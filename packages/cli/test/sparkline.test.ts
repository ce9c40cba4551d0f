import { describe, expect, it } from "vitest";
import { formatCount, formatShare } from "../src/shares.ts";
import { showsUnicode, sparkline } from "../src/sparkline.ts";

describe("sparkline", () => {
  it.each<[string, readonly (number | null)[], number, string]>([
    ["every height", [1, 2, 3, 4, 5, 6, 7, 8], 8, "▁▂▃▄▅▆▇█"],
    ["small changes look small", [400, 405, 398], 10, "███"],
    ["blanks where nothing is known", [8, null, 1], 10, "█ ▁"],
    ["the highest of several where there is no room", [1, 8, 1, 1, null, null], 3, "█▁ "],
    ["all zero", [0, 0], 10, "▁▁"],
    ["nothing", [], 10, ""],
  ])("%s", (_name, values, width, expected) => {
    expect(sparkline(values, { width, unicode: true })).toBe(expected);
  });

  it("has ASCII for other terminals", () => {
    expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], { width: 8, unicode: false })).toBe("_.-:=+*#");
  });
});

describe("showsUnicode", () => {
  it.each<[Record<string, string>, boolean]>([
    [{ LANG: "en_US.UTF-8" }, true],
    [{ LANG: "C.utf8" }, true],
    [{ LC_ALL: "C", LANG: "en_US.UTF-8" }, false],
    [{ LC_ALL: "", LC_CTYPE: "UTF-8" }, true],
    [{ WT_SESSION: "1" }, true],
    [{}, false],
  ])("%j", (env, expected) => {
    expect(showsUnicode(env)).toBe(expected);
  });
});

describe("formatShare", () => {
  it.each([
    [1, 1, "100 %"],
    [99_999, 100_000, "99.999 %"],
    [999_999, 1_000_000, "99.999 %"],
    [999, 1_000, "99.9 %"],
    [29, 100, "29 %"],
    [2, 3, "66.666 %"],
    [0, 7, "0 %"],
    [0, 0, "-"],
  ])("%d of %d", (part, whole, text) => {
    expect(formatShare(part, whole)).toBe(text);
  });

  it("groups digits", () => {
    expect(formatCount(43_200)).toBe("43,200");
  });
});
