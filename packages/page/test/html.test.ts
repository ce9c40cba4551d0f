import { describe, expect, it } from "vitest";
import { clean } from "../src/clean.ts";
import { foreign, foreignLines, html, link, trusted } from "../src/html.ts";

describe("html", () => {
  it.each([
    ["a tag", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ["a quote that ends an attribute", '" onload="x', "&quot; onload=&quot;x"],
    ["a single quote and a backtick", "'`", "&#39;&#96;"],
    ["an entity", "&lt;", "&amp;lt;"],
    ["a null byte and an escape", "a\u0000b\u001B[31mc", "ab[31mc"],
    ["bidirectional overrides", "safe\u202Eexe.txt\u2066", "safeexe.txt"],
    ["zero widths and tags", "a\u200Bb\u{E0041}c", "abc"],
    ["lines", "one\r\ntwo\u2028three", "one two three"],
    ["a lone surrogate", "a\uD800b", "a\uFFFDb"],
    ["stacked marks", `a${"\u0301".repeat(50)}b`, `a${"\u0301".repeat(4)}b`],
  ])("writes %s as text", (_, text, written) => {
    expect(html`<p title="${text}">${text}</p>`.text).toBe(`<p title="${written}">${written}</p>`);
  });

  it("leaves its own markup alone, in lists too, and nothing for null and false", () => {
    const inner = html`<b>${"<"}</b>`;
    expect(html`${[inner, inner]}${null}${false}${3}${trusted("<i>")}`.text).toBe(
      "<b>&lt;</b><b>&lt;</b>3<i>",
    );
  });

  it("does not take an object that looks like markup for markup", () => {
    const forged = JSON.parse('{"text":"<script>"}');
    expect(() => html`${forged}`.text).toThrow(TypeError);
  });

  it("cuts what is too long, by characters", () => {
    expect(clean("😀".repeat(10), 4)).toBe("😀😀😀…");
    expect(html`${"x".repeat(2_000)}`.text).toHaveLength(1_000);
    expect(foreign("x".repeat(2_000)).text).toBe(`<bdi>${"x".repeat(299)}…</bdi>`);
  });

  it("keeps the lines of a body", () => {
    expect(foreignLines("a\r\n\t<b>\u202E").text).toBe("<bdi>a\n  &lt;b&gt;</bdi>");
  });

  it.each(["javascript:alert(1)", "data:text/html,x", " javascript:x", "//evil.example"])(
    "makes no link to %s",
    (address) => expect(link(address, "go").text).toBe("go"),
  );

  it("makes links to the web, which learns of nothing", () => {
    expect(link('https://a.example/?q="x"', "go").text).toBe(
      '<a href="https://a.example/?q=&quot;x&quot;" rel="noopener noreferrer">go</a>',
    );
  });
});
