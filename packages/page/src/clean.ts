/** Line and paragraph separators, and what else moves the place where one writes. */
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;
/** Control characters, and format characters: bidirectional overrides, zero widths, tags. */
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;
const LONE_SURROGATES = /\p{Cs}/gu;
/** No script stacks more than this on one letter; beyond, they climb out of their line. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;
/** What nearly all text is made of. */
const ORDINARY = /^[\x20-\x7e]*$/u;

/** Text that somebody else wrote as one line that is what it looks like, cut at `max` characters. */
export function clean(text: string, max: number): string {
  const head = text.length > max ? text.slice(0, 4 * max) : text;
  return cut(ORDINARY.test(head) ? head : neutral(head.replace(BREAKS, " ")), max);
}

/** The same with its lines kept: a body, an answer. */
export function cleanLines(text: string, max: number): string {
  const lines = text.slice(0, 4 * max).split(/\r\n|[\n\r]/u);
  return cut(lines.map((line) => neutral(line.replaceAll("\t", "  "))).join("\n"), max);
}

function neutral(text: string): string {
  return text
    .replace(INVISIBLE, "")
    .replace(LONE_SURROGATES, "\uFFFD")
    .replace(STACKED_MARKS, "$1");
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join("")}…`;
}
