import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { DOCUMENTS, ROOT } from "./documents.ts";
import { anchorsOf, linksOf, undefinedNames } from "./links.ts";

const ANCHORS = new Map(DOCUMENTS.map((document) => [document.path, anchorsOf(document)]));

/** What is wrong with a link of a document; null when it leads somewhere, or out of the repository. */
function faultOf(from: string, link: string): string | null {
  if (/^[a-z][a-z+.-]*:/.test(link)) return null;
  const [file = "", anchor] = link.split("#");
  const path = file === "" ? from : normalize(join(dirname(from), file));
  if (!existsSync(join(ROOT, path))) return `${link}: no such file`;
  if (anchor === undefined) return null;
  return ANCHORS.get(path)?.has(anchor) ? null : `${link}: no such heading`;
}

/** The documents that a reader gets to from one, by links. */
function reachedFrom(start: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const next = [start];
  for (let path = next.pop(); path !== undefined; path = next.pop()) {
    const document = DOCUMENTS.find((one) => one.path === path);
    if (document === undefined || reached.has(path)) continue;
    reached.add(path);
    for (const link of linksOf(document)) {
      next.push(normalize(join(dirname(path), link.split("#")[0] ?? "")));
    }
  }
  return reached;
}

describe("the documents", () => {
  it.each(DOCUMENTS)("$path links to what there is", (document) => {
    const faults = linksOf(document).map((link) => faultOf(document.path, link));
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
    expect(undefinedNames(document)).toEqual([]);
  });

  it("are each reached from the README", () => {
    const reached = reachedFrom("README.md");
    const pages = DOCUMENTS.map(({ path }) => path).filter((path) => path.startsWith("docs/"));
    expect(pages.length).toBeGreaterThan(15);
    expect(pages.filter((path) => !reached.has(path))).toEqual([]);
  });
});

describe("a link", () => {
  it.each([
    ["docs/config.md", "no-such-page.md", "no-such-page.md: no such file"],
    ["docs/config.md", "#no-such-heading", "#no-such-heading: no such heading"],
    ["README.md", "docs/cost.md#no-such", "docs/cost.md#no-such: no such heading"],
    ["docs/config.md", "#every-key", null],
    ["docs/config.md", "../README.md", null],
    ["docs/config.md", "https://example.com/x#y", null],
  ])("of %s to %s", (from, link, fault) => {
    expect(faultOf(from, link)).toBe(fault);
  });

  it.each([
    ["## `vigil.config.ts`, key by key", "vigilconfigts-key-by-key"],
    ["## A [link](x.md) & more", "a-link--more"],
    ["## What it does\n\n## What it does", "what-it-does-1"],
    ['<a id="by-hand"></a>', "by-hand"],
  ])("finds the heading %j", (text, anchor) => {
    expect([...anchorsOf({ path: "x.md", text })]).toContain(anchor);
  });

  it.each([
    ["[a](b.md)", ["b.md"]],
    ['![a](b.svg "title")', ["b.svg"]],
    ['<img src="docs/x.png" width="9">', ["docs/x.png"]],
    ["[a][b]\n\n[b]: c.md", ["c.md"]],
    ["`[a](b.md)`", []],
    ["```md\n[a](b.md)\n```", []],
  ])("is seen in %j", (text, links) => {
    expect(linksOf({ path: "x.md", text })).toEqual(links);
  });
});
