import { describe, expect, it } from "vitest";
import { count, hang, plain, plainLines, wrap, wrapItems } from "../src/text.ts";

const HOSTILE: readonly (readonly [name: string, sent: string, shown: string])[] = [
  ["colours", "\u001B[31mred\u001B[0m", "red"],
  ["cursor and screen", "a\u001B[2J\u001B[1;1Hb", "ab"],
  ["8-bit CSI", "a\u009B31mb", "ab"],
  ["window title", "a\u001B]0;owned\u0007b", "ab"],
  ["hyperlink", "\u001B]8;;http://evil.example\u001B\\click\u001B]8;;\u001B\\", "click"],
  ["an OSC without an end", "a\u001B]52;c;cGF5bG9hZA==", "a"],
  ["device control", "a\u001BPq#0\u001B\\b", "ab"],
  ["reset", "a\u001Bcb", "ab"],
  ["a lone escape at the end", "a\u001B", "a"],
  ["carriage return over the line", "down\rup", "down up"],
  ["lines", "one\ntwo\r\nthree\u2028four", "one two three four"],
  ["bell, backspace, null, delete", "a\u0007\u0008\u0000\u007Fb", "ab"],
  ["right-to-left override", "a\u202Etxt.exe\u2066b", "atxt.exeb"],
  ["zero widths", "a\u200B\u200D\uFEFFb", "ab"],
  ["half a surrogate pair", "a\uD83Db", "a\uFFFDb"],
  ["what is fine stays", "Größe ✔ 表 😀", "Größe ✔ 表 😀"],
];

describe("plain", () => {
  it.each(HOSTILE)("%s", (_name, sent, shown) => {
    expect(plain(sent)).toBe(shown);
  });

  it("cuts at the limit without halving a character", () => {
    expect(plain("😀".repeat(10), 4)).toBe("😀😀😀…");
    expect(plain("abcd", 4)).toBe("abcd");
  });

  it("takes a megabyte of escapes in its stride", () => {
    expect(plain("\u001B[".repeat(500_000))).toBe("");
    expect(plain(`\u001B]${"x".repeat(1_000_000)}`)).toBe("");
  });
});

it("plainLines keeps lines apart and strips the rest", () => {
  expect(plainLines("<h1>\u001B[5mhi</h1>\r\n\tindented\u0000\n")).toEqual([
    "<h1>hi</h1>",
    "  indented",
    "",
  ]);
});

it("wrap breaks at spaces and leaves long words whole", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap("a https://example.com/long b", 5)).toEqual(["a", "https://example.com/long", "b"]);
  expect(wrap("", 5)).toEqual([]);
});

it("hang keeps a line that fits, and breaks another with its rest further in", () => {
  expect(hang("  a   b", 7)).toEqual(["  a   b"]);
  expect(hang("  one two three", 11)).toEqual(["  one two", "    three"]);
  expect(hang("  \u001B[31mone two\u001B[39m", 9)).toHaveLength(1);
});

it("wrapItems breaks between items first, then within one", () => {
  expect(wrapItems(["a b", "c d", "e"], 9)).toEqual(["a b · c d", "e"]);
  expect(wrapItems(["one two three"], 7)).toEqual(["one two", "three"]);
  expect(wrapItems([], 7)).toEqual([]);
});

it("count minds the plural", () => {
  expect([count(0, "run"), count(1, "run"), count(2, "run")]).toEqual([
    "0 runs",
    "1 run",
    "2 runs",
  ]);
});
