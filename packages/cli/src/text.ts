const ESC = "\u001B";
const BEL = "\u0007";

/** CSI, then OSC and its kin up to their terminator or the line's end, then two-character escapes. */
const ESCAPES = new RegExp(
  [
    `(?:${ESC}\\[|\\u009B)[0-?]*[ -/]*[@-~]?`,
    `${ESC}[PX\\]^_][^${BEL}${ESC}\\r\\n]*(?:${BEL}|${ESC}\\\\)?`,
    `${ESC}[ -/]*[0-~]?`,
  ].join("|"),
  "gu",
);

/** Line and paragraph separators that some terminals break lines at. */
const BREAKS = /\r\n|[\r\n\t\v\f\u0085\u2028\u2029]/gu;

/** Control characters, and format characters: bidirectional overrides, zero widths, tags. */
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;

/** Sequences that would leave lone surrogates, which no terminal can show. */
const LONE_SURROGATES = /\p{Cs}/gu;

/**
 * Text that a server sent, made safe for a terminal: one line, no escapes, nothing invisible,
 * cut at `max` characters.
 */
export function plain(text: string, max = 500): string {
  return clip(
    scrub(
      text
        .slice(0, max * 4)
        .replace(ESCAPES, "")
        .replace(BREAKS, " "),
    ),
    max,
  ).trim();
}

/** The same for a body: its lines stay apart. */
export function plainLines(text: string, max = 2048): readonly string[] {
  const lines = text
    .slice(0, max)
    .replace(ESCAPES, "")
    .split(/\r\n|[\n\r]/u);
  return lines.map((line) => scrub(line.replaceAll("\t", "  ")).trimEnd());
}

function scrub(text: string): string {
  return text.replace(INVISIBLE, "").replace(LONE_SURROGATES, "\uFFFD");
}

function clip(text: string, max: number): string {
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join("")}…`;
}

const COLOURS = new RegExp(`${ESC}\\[[0-9;]*m`, "gu");

/** Characters that take room: colours do not. */
function widthOf(text: string): number {
  return text.replace(COLOURS, "").length;
}

/** Breaks at spaces so that no line is longer than `width`, but for a word that is. */
export function wrap(text: string, width: number): readonly string[] {
  return fill(text.split(/\s+/u), " ", width);
}

/** `one · two · three`, broken between items where it can be. */
export function wrapItems(items: readonly string[], width: number): readonly string[] {
  return fill(items, " · ", width).flatMap((line) =>
    widthOf(line) > width ? wrap(line, width) : [line],
  );
}

function fill(parts: readonly string[], between: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of parts) {
    const longer = line === "" ? part : `${line}${between}${part}`;
    if (line !== "" && widthOf(longer) > width) {
      lines.push(line);
      line = part;
    } else {
      line = longer;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** A line as it is when it fits; otherwise broken at spaces, with the rest a little further in. */
export function hang(line: string, width: number): readonly string[] {
  if (widthOf(line) <= width) {
    return [line];
  }
  const indent = " ".repeat(line.length - line.trimStart().length);
  const [first = "", ...rest] = wrap(line.trim(), width - indent.length - HANG.length);
  return [`${indent}${first}`, ...rest.map((part) => `${indent}${HANG}${part}`)];
}

const HANG = "  ";

/** `1 run`, `3 runs`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
