import { type Document, proseOf } from "./documents.ts";

/** The targets of a document's links and pictures, as written. */
export function linksOf(document: Document): readonly string[] {
  const prose = withoutCode(proseOf(document));
  const inline = /\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g;
  const html = /\b(?:href|src|srcset)="([^"\s]+)"/g;
  const definitions = /^\[[^\]]+\]: <?(\S+?)>?$/gm;
  return [inline, html, definitions].flatMap((pattern) =>
    [...prose.matchAll(pattern)].map(([, target = ""]) => target),
  );
}

/** Names in `[text][name]` that no line `[name]: address` defines. */
export function undefinedNames(document: Document): readonly string[] {
  const prose = withoutCode(proseOf(document));
  const defined = [...prose.matchAll(/^\[([^\]]+)\]: /gm)].map(([, name]) => name);
  const used = [...prose.matchAll(/\]\[([^\]]+)\]/g)].map(([, name = ""]) => name);
  return used.filter((name) => !defined.includes(name));
}

/** What may stand behind `#`: headings as GitHub names them, and ids in HTML. */
export function anchorsOf(document: Document): ReadonlySet<string> {
  const prose = proseOf(document);
  const anchors = new Set<string>();
  for (const [, heading = ""] of prose.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const slug = slugOf(heading);
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n += 1) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  for (const [, id = ""] of prose.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

/** Small letters; of the rest letters, digits, `-` and `_` stay, and a blank becomes `-`. */
function slugOf(heading: string): string {
  return heading
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
    .replaceAll(" ", "-");
}

function withoutCode(prose: string): string {
  return prose.replaceAll(/`[^`\n]*`/g, "");
}
