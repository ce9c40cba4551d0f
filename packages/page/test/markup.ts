/** A tag, or text that is none: what stands between may hold no `<`. */
const TAG = /<(!doctype html|\/?[a-z0-9]+)((?:\s+[a-zA-Z:-]+(?:="[^"<]*")?)*)\s*\/?>|[^<]+/gu;

/** Tags with their attributes' names, in order. Throws at anything that a template cannot have written. */
export function structureOf(markup: string): readonly string[] {
  const tags: string[] = [];
  let end = 0;
  for (const match of markup.matchAll(TAG)) {
    if (match.index !== end) break;
    end = match.index + match[0].length;
    if (match[1] !== undefined) {
      const names = [...(match[2] ?? "").matchAll(/\s([a-zA-Z:-]+)(?:="[^"]*")?/gu)];
      tags.push(`${match[1]} ${names.map(([, name]) => name).join(" ")}`.trim());
    }
  }
  if (end !== markup.length) throw new Error(`No markup from ${markup.slice(end, end + 60)}`);
  return tags;
}

/** What is read, without tags. */
export function textOf(markup: string): string {
  return markup
    .replace(/<(style|title)>.*?<\/\1>/gsu, " ")
    .replace(/<[^>]*>/gu, " ")
    .replaceAll("&#39;", "'")
    .replace(/\s+/gu, " ")
    .trim();
}
