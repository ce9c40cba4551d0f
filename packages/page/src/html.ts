import { clean, cleanLines } from "./clean.ts";

/** Markup that is safe to write as it stands: made by {@link html} alone, or by {@link trusted}. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** What a template takes; null and false leave nothing behind. */
export type Part = string | number | Html | null | false | readonly Part[];

/** The longest text that a template takes in; what may be longer goes through {@link foreign}. */
const MAX_TEXT = 1_000;

/**
 * The one way by which markup is made: whatever is put in is escaped, cut and free of control and
 * bidirectional characters, unless it is markup itself. Attributes are written in double quotes.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0] ?? "";
  for (let index = 0; index < parts.length; index += 1) {
    text += render(parts[index] ?? null) + (strings[index + 1] ?? "");
  }
  return new Html(text);
}

function render(part: Part): string {
  if (part === null || part === false) return "";
  if (typeof part === "string") return escaped(clean(part, MAX_TEXT));
  if (typeof part === "number") return String(part);
  if (part instanceof Html) return part.text;
  return part.map(render).join("");
}

/** Text of our own that is markup already: style sheets, scripts, numbers in a path. */
export function trusted(text: string): Html {
  return new Html(text);
}

/** A target's own words: apart, so that letters which run from right to left stay among themselves. */
export function foreign(text: string, max = 300): Html {
  return new Html(`<bdi>${escaped(clean(text, max))}</bdi>`);
}

/** The same over several lines, for `pre`. */
export function foreignLines(text: string, max = 2_048): Html {
  return new Html(`<bdi>${escaped(cleanLines(text, max))}</bdi>`);
}

/** A link where the address is one of the web; otherwise its text alone. */
export function link(address: string, text: Part): Html {
  return /^https?:\/\//iu.test(address)
    ? html`<a href="${address}" rel="noopener noreferrer">${text}</a>`
    : html`${text}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};
const SPECIAL = /[&<>"'`]/u;

function escaped(text: string): string {
  return SPECIAL.test(text)
    ? text.replace(/[&<>"'`]/gu, (character) => ENTITIES[character] ?? "")
    : text;
}
