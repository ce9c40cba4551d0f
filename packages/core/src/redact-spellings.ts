/** How a secret may be spelt in a server's answer, and where a text spells it. */

/** Shorter secrets count only where they stand alone. */
const MIN_FREE_CHARS = 4;
/** So many of a secret's first characters, where the text is cut, are taken for the secret. */
const MIN_CUT_CHARS = 6;

/** Of a character of the secret, every way to write it; and the same ways as a tree, to follow. */
interface Letter {
  readonly ways: readonly string[];
  readonly tree: Node;
}

type Letters = readonly Letter[];

/** What may come next, by character, and whether a way ends here. */
interface Node {
  readonly next: Map<string, Node>;
  isEnd: boolean;
}

export interface Pattern {
  readonly letters: Letters;
  readonly standsAlone: boolean;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

const SCHEME = /^(?:basic|bearer|token|apikey)\s+(?=\S)/i;
const WORD = /^[A-Za-z0-9]$/;
/** Signs that a text was cut here. */
const CUT = /^(?:…|\uFFFD|\\|"|\.{3}|$)/;

const JSON_SHORT: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  "\b": "b",
  "\f": "f",
  "\n": "n",
  "\r": "r",
  "\t": "t",
};
const ENTITIES: Readonly<Record<string, readonly string[]>> = {
  "&": ["&amp;"],
  "<": ["&lt;"],
  ">": ["&gt;"],
  '"': ["&quot;"],
  "'": ["&apos;", "&#039;"],
};

/** What of each secret is secret: trimmed, without the scheme of an Authorization header. */
export function cleanSecrets(secrets: readonly string[]): readonly string[] {
  const clean = secrets.map((secret) => secret.trim().replace(SCHEME, ""));
  return [...new Set(clean)].filter((secret) => secret !== "");
}

export function patternsOf(secret: string): readonly Pattern[] {
  const plain = lettersOf(secret, spelt);
  if (plain.length < MIN_FREE_CHARS) return [{ letters: plain, standsAlone: true }];
  const bytes = new TextEncoder().encode(secret);
  const base64 = base64Forms(bytes).map((form) => lettersOf(form, speltInBase64));
  const hex = lettersOf(Array.from(bytes, toHex).join(""), speltInHex);
  return [plain, hex, ...base64].map((letters) => ({ letters, standsAlone: false }));
}

type Spell = (char: string) => Letter;

/** Spells each character once: every run makes a redactor, and secrets are made of few. */
function speller(waysOf: (char: string) => readonly string[]): Spell {
  const known = new Map<string, Letter>();
  return (char) => {
    const before = known.get(char);
    if (before !== undefined) return before;
    const ways = waysOf(char);
    const letter = { ways, tree: treeOf(ways) };
    known.set(char, letter);
    return letter;
  };
}

const spelt = speller(spellings);
const speltInBase64 = speller(base64Spellings);
const speltInHex = speller(bothCases);

function lettersOf(text: string, spell: Spell): Letters {
  return [...text].map(spell);
}

function treeOf(ways: readonly string[]): Node {
  const root: Node = { next: new Map(), isEnd: false };
  for (const way of ways) {
    let node = root;
    for (const char of way.split("")) {
      const next = node.next.get(char) ?? { next: new Map(), isEnd: false };
      node.next.set(char, next);
      node = next;
    }
    node.isEnd = true;
  }
  return root;
}

/** Letters and digits have one spelling: no encoder in use escapes them. */
function spellings(char: string): readonly string[] {
  if (WORD.test(char)) return [char];
  const json = jsonForms(char);
  const all = [
    char,
    ...(char === " " ? ["+"] : []),
    ...percentForms(char),
    ...json,
    ...json.flatMap(percentOfJson),
    ...entityForms(char),
  ];
  return [...new Set(all)];
}

/** Once and twice encoded, in either case. */
function percentForms(char: string): readonly string[] {
  const bytes = [...new TextEncoder().encode(char)].map(toHex);
  const forms = ["%", "%25"].map((sign) => bytes.map((hex) => sign + hex).join(""));
  return [...forms, ...forms.map((form) => form.toUpperCase())];
}

/** Escaped once, and again for JSON text within JSON, and once more for that within a JSON body. */
function jsonForms(char: string): readonly string[] {
  const units = char.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
  const cases = [units, units.map((unit) => unit.toUpperCase())];
  const short = JSON_SHORT[char];
  const once = [
    ...cases.map((hex) => hex.map((unit) => `\\u${unit}`).join("")),
    ...(short === undefined ? [] : [`\\${short}`]),
  ];
  const twice = once.map(escapeAgain);
  return [...once, ...twice, ...twice.map(escapeAgain)];
}

function escapeAgain(text: string): string {
  return text.replace(/["\\]/g, "\\$&");
}

/** An escape in a URL, as of a query that holds JSON: once and twice encoded, in either case. */
function percentOfJson(escaped: string): readonly string[] {
  const once = encodeURIComponent(escaped);
  return [once, encodeURIComponent(once)].flatMap((form) => [
    form,
    form.replace(/%(?:25)?[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  ]);
}

function entityForms(char: string): readonly string[] {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  const named = ENTITIES[char] ?? [];
  return [...named, `&#${code};`, `&#x${hex};`, `&#x${hex.toUpperCase()};`];
}

function base64Spellings(char: string): readonly string[] {
  if (char === "+") return [...spellings(char), "-"];
  if (char === "/") return [...spellings(char), "_"];
  return spellings(char);
}

/**
 * By itself, padded and not; and as part of something longer, such as `user:secret`: of the three
 * ways in which it can lie across base64's groups, the characters that it settles alone.
 */
function base64Forms(bytes: Uint8Array): readonly string[] {
  const whole = toBase64(bytes);
  const parts = [0, 1, 2].map((shift) => {
    const shifted = toBase64(new Uint8Array([...new Uint8Array(shift), ...bytes]));
    const settled = Math.floor(((shift + bytes.length) * 8) / 6);
    return shifted.slice(Math.ceil((shift * 8) / 6), settled);
  });
  return [...new Set([whole, whole.replace(/=+$/, ""), ...parts])];
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function toHex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function bothCases(digit: string): readonly string[] {
  return [...new Set([digit, digit.toUpperCase()])];
}

/** Every span of the text that spells the secret, or its beginning where the text is cut. */
export function findSpellings(text: string, { letters, standsAlone }: Pattern): readonly Span[] {
  const spans = startsOf(text, letters).flatMap((from) => match(text, from, letters) ?? []);
  return standsAlone ? spans.filter((span) => isAlone(text, span)) : spans;
}

/** Looks for several letters at once where they can be written in one way only: that is faster. */
function startsOf(text: string, letters: Letters): readonly number[] {
  const begin = letters.slice(0, MIN_FREE_CHARS).map(({ ways }) => ways);
  const [first = []] = begin;
  const firsts = begin.every((ways) => ways.length === 1) ? [begin.join("")] : first;
  // A place where several ways begin is one place.
  const starts = new Set<number>();
  for (const start of firsts) {
    for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) starts.add(at);
  }
  return [...starts];
}

/**
 * Follows all spellings at once, so no text makes it backtrack: `ends` is where the letters so far
 * can have ended.
 */
function match(text: string, from: number, letters: Letters): Span | null {
  let ends: readonly number[] = [from];
  for (const [count, { ways, tree }] of letters.entries()) {
    const next = new Set<number>();
    for (const end of ends) addEnds(next, { text, from: end, tree });
    if (next.size === 0) return count < MIN_CUT_CHARS ? null : matchCut({ text, from, ends, ways });
    ends = [...next];
  }
  return { from, to: Math.max(...ends) };
}

interface Walk {
  readonly text: string;
  readonly from: number;
  readonly tree: Node;
}

/** Where a letter that begins at `from` can end. */
function addEnds(ends: Set<number>, { text, from, tree }: Walk): void {
  let node: Node | undefined = tree;
  for (let at = from; node !== undefined; at += 1) {
    if (node.isEnd) ends.add(at);
    node = node.next.get(text[at] ?? "");
  }
}

interface CutInput {
  readonly text: string;
  readonly from: number;
  readonly ends: readonly number[];
  /** Spellings of the letter that did not come; the cut may lie within one. */
  readonly ways: readonly string[];
}

function matchCut({ text, from, ends, ways }: CutInput): Span | null {
  const cuts = ends.flatMap((end) => {
    const begun = ways.filter((way) => way[0] === text[end]);
    // All that do not even begin here end at the same place: one stands for them.
    const tried = begun.length === ways.length ? begun : [...begun, ""];
    return tried.flatMap((way) => cutWithin(text, end, way) ?? []);
  });
  return cuts.length === 0 ? null : { from, to: Math.max(...cuts) };
}

/** Where the text is cut before `way` is whole; null when it goes on otherwise. */
function cutWithin(text: string, start: number, way: string): number | null {
  let length = 0;
  while (length < way.length && text[start + length] === way[length]) length++;
  for (; length >= 0; length--) {
    if (CUT.test(text.slice(start + length, start + length + 3))) return start + length;
  }
  return null;
}

function isAlone(text: string, { from, to }: Span): boolean {
  return !WORD.test(text[from - 1] ?? "") && !WORD.test(text[to] ?? "");
}
