const ESC = "\u001B";
/** CSI sequences, then two-character escapes: without their first character the rest would stay. */
const ESCAPES = new RegExp(`(?:${ESC}\\[|\\u009B)[0-?]*[ -/]*[@-~]?|${ESC}[ -/]*[0-~]?`, "gu");
/** Whatever moves the place where one writes, and ends a line that is quoted. */
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;
/** Control characters, and format characters: bidirectional overrides, zero widths, tags. */
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;
const LONE_SURROGATES = /\p{Cs}/gu;
const NOT_ASCII = /[^\x20-\x7e]/gu;
const TYPOGRAPHY: Readonly<Record<string, string>> = { "…": "...", "–": "-", "—": "-", "’": "'" };

/** Text that somebody else wrote as one line that is what it looks like, of `max` characters at most. */
export function oneLine(text: string, max: number): string {
  const clean = text
    .slice(0, 4 * max)
    .replace(ESCAPES, "")
    .replace(BREAKS, " ")
    .replace(INVISIBLE, "")
    .replace(LONE_SURROGATES, "\uFFFD")
    .trim();
  const characters = [...clean];
  return characters.length <= max ? clean : `${characters.slice(0, max - 3).join("")}...`;
}

/** The same for what takes ASCII alone: subjects and text messages. */
export function asciiLine(text: string, max: number): string {
  const plain = oneLine(text, 4 * max).replace(NOT_ASCII, (found) => TYPOGRAPHY[found] ?? "?");
  return plain.length <= max ? plain : `${plain.slice(0, max - 3).trimEnd()}...`;
}
